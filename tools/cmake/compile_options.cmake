# Warnings for our own code, the sanitizers of a preset, and one function that makes a room a library.
add_library(daybook_options INTERFACE)
target_compile_options(daybook_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
    -Wcast-align -Wdouble-promotion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wimplicit-fallthrough -Wswitch-enum
    # g++ 12 at -O2 takes the storage of an Outcome for uninitialised; clang-tidy looks for real ones.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast>
    $<$<BOOL:${DAYBOOK_WERROR}>:-Werror>)
if(DAYBOOK_SANITIZE)
    add_compile_options(-fsanitize=${DAYBOOK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${DAYBOOK_SANITIZE})
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT DAYBOOK_SANITIZE)  # what tests/program/hardening.py looks for in the programs
    add_compile_options(-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection)
    add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
    include(CheckPIESupported)
    check_pie_supported(LANGUAGES CXX)
endif()

# Two clones share one cache: paths below the source folder count as relative.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
    add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()
find_program(LLD ld.lld)
if(LLD)
    add_link_options(-fuse-ld=lld)
endif()

# daybook_library(name SOURCES a.cpp … USES libraries … [HIDES libraries …])
# USES is the arrow: what this room may know and hands on. HIDES is known to its .cpp files only.
function(daybook_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;USES;HIDES" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_HIDES} daybook_options)
endfunction()

# Headers of other people are system headers: our warnings are not for them.
function(daybook_external name)
    cmake_parse_arguments(ARG "" "" "HEADER;LIBRARY;PACKAGE" ${ARGN})
    add_library(${name} INTERFACE)
    find_path(${name}_INCLUDE ${ARG_HEADER} REQUIRED)
    target_include_directories(${name} SYSTEM INTERFACE ${${name}_INCLUDE})
    if(ARG_LIBRARY)
        find_library(${name}_LIBRARY ${ARG_LIBRARY} REQUIRED)
        target_link_libraries(${name} INTERFACE ${${name}_LIBRARY})
    endif()
endfunction()
