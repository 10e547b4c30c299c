# Generates event_generated.h and the binary schema from schemas/event.fbs. The generated header is a
# system include: our warnings are not for it.
find_program(FLATC flatc REQUIRED)
set(DAYBOOK_GENERATED ${PROJECT_BINARY_DIR}/generated)
set(DAYBOOK_BFBS ${DAYBOOK_GENERATED}/event.bfbs)
add_custom_command(
    OUTPUT ${DAYBOOK_GENERATED}/event_generated.h ${DAYBOOK_BFBS}
    COMMAND ${FLATC} --cpp --scoped-enums --gen-name-strings -o ${DAYBOOK_GENERATED} ${PROJECT_SOURCE_DIR}/schemas/event.fbs
    COMMAND ${FLATC} --binary --schema --bfbs-comments -o ${DAYBOOK_GENERATED} ${PROJECT_SOURCE_DIR}/schemas/event.fbs
    DEPENDS ${PROJECT_SOURCE_DIR}/schemas/event.fbs)
# The binary schema as an assembled object, so that it lies in the program byte for byte.
set(DAYBOOK_SCHEMA_S ${DAYBOOK_GENERATED}/schema_bytes.S)
file(CONFIGURE OUTPUT ${DAYBOOK_SCHEMA_S} CONTENT [[
    .section .rodata
    .global daybook_schema_begin
    .global daybook_schema_end
    .balign 8
daybook_schema_begin:
    .incbin "@DAYBOOK_BFBS@"
daybook_schema_end:
    .section .note.GNU-stack,"",%progbits
]])
set_source_files_properties(${DAYBOOK_SCHEMA_S} PROPERTIES OBJECT_DEPENDS ${DAYBOOK_BFBS})
add_library(daybook_generated INTERFACE)
target_include_directories(daybook_generated SYSTEM INTERFACE ${DAYBOOK_GENERATED})
add_custom_target(daybook_generate DEPENDS ${DAYBOOK_GENERATED}/event_generated.h ${DAYBOOK_BFBS})
add_dependencies(daybook_generated daybook_generate)
