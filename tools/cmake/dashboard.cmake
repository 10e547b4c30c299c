# The page of `daybook serve`: src/dashboard, bundled and compressed, as an assembled object in
# daybook_dashboard. Configuring installs its packages from the lock file into the build folder;
# without Node or without the packages it says so, and the program is built without the page.
option(DAYBOOK_DASHBOARD "Build the page of `daybook serve` (with node and npm)" ON)
set(DAYBOOK_PAGE_SOURCE ${PROJECT_SOURCE_DIR}/src/dashboard)
set(DAYBOOK_PAGE_BUILD ${PROJECT_BINARY_DIR}/dashboard)

# daybook_npm_install(source build found): the packages of source/package-lock.json in
# build/node_modules; `found` says whether they are there. Installs again when a lock file changes.
function(daybook_npm_install source build found)
    set(files ${source}/package.json ${source}/package-lock.json ${source}/.npmrc)
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(wanted "")
    foreach(file ${files})
        file(SHA256 ${file} digest)
        string(APPEND wanted "${digest}\n")
    endforeach()
    set(stamp ${build}/installed)
    set(there "")
    if(EXISTS ${stamp})
        file(READ ${stamp} there)
    endif()
    if(NOT there STREQUAL wanted)
        file(COPY ${files} DESTINATION ${build})
        message(STATUS "Installing the packages of ${source}")
        execute_process(
            COMMAND ${DAYBOOK_NPM} ci --ignore-scripts --loglevel=error --no-audit --no-fund --prefer-offline
                --fetch-retries=1 --fetch-retry-mintimeout=1000
            WORKING_DIRECTORY ${build} TIMEOUT 300
            RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
        if(failed)
            message(WARNING "npm ci failed in ${build}:\n${said}")
            set(${found} FALSE PARENT_SCOPE)
            return()
        endif()
        file(WRITE ${stamp} ${wanted})
    endif()
    set(${found} TRUE PARENT_SCOPE)
endfunction()

set(DAYBOOK_PAGE FALSE)
if(DAYBOOK_DASHBOARD)
    find_program(DAYBOOK_NODE NAMES node nodejs)
    find_program(DAYBOOK_NPM npm)
    find_program(DAYBOOK_GZIP gzip)
    if(DAYBOOK_NODE AND DAYBOOK_NPM AND DAYBOOK_GZIP)
        daybook_npm_install(${DAYBOOK_PAGE_SOURCE} ${DAYBOOK_PAGE_BUILD} DAYBOOK_PAGE)
    endif()
    if(NOT DAYBOOK_PAGE)
        message(WARNING "Without the page of `daybook serve`: it takes node, npm and the packages of "
            "src/dashboard/package-lock.json. tools/install-packages installs the first two; "
            "-DDAYBOOK_DASHBOARD=OFF says that no page is wanted.")
    endif()
endif()

set(DAYBOOK_PAGE_FILES index.html app.js app.css favicon.svg)
set(DAYBOOK_PAGE_S ${PROJECT_BINARY_DIR}/generated/page_bytes.S)
set(table "")
set(bytes "")
foreach(file ${DAYBOOK_PAGE_FILES})
    if(DAYBOOK_PAGE)
        set(packed ${DAYBOOK_PAGE_BUILD}/packed/${file}.gz)
        list(APPEND DAYBOOK_PAGE_PACKED ${packed})
        string(MAKE_C_IDENTIFIER ${file} label)
        string(APPEND table "    .quad ${label}, ${label}_end - ${label}\n")
        string(APPEND bytes "${label}:\n    .incbin \"${packed}\"\n${label}_end:\n")
    else()
        string(APPEND table "    .quad 0, 0\n")
    endif()
endforeach()
file(CONFIGURE OUTPUT ${DAYBOOK_PAGE_S} CONTENT [[
    .section .data.rel.ro,"aw"
    .global daybook_page
    .balign 8
daybook_page:
@table@
    .section .rodata
@bytes@
    .section .note.GNU-stack,"",%progbits
]])

if(DAYBOOK_PAGE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${DAYBOOK_PAGE_SOURCE}/*)
    list(FILTER sources EXCLUDE REGEX "/node_modules/|/dist/")
    add_custom_command(
        OUTPUT ${DAYBOOK_PAGE_PACKED}
        COMMAND ${CMAKE_COMMAND} -DSOURCE=${DAYBOOK_PAGE_SOURCE} -DBUILD=${DAYBOOK_PAGE_BUILD}
            -DNPM=${DAYBOOK_NPM} -DGZIP=${DAYBOOK_GZIP} "-DFILES=${DAYBOOK_PAGE_FILES}"
            -P ${PROJECT_SOURCE_DIR}/tools/cmake/bundle_page.cmake
        DEPENDS ${sources} ${DAYBOOK_PAGE_BUILD}/installed
            ${PROJECT_SOURCE_DIR}/tools/cmake/bundle_page.cmake
        COMMENT "Bundling the page" VERBATIM)
    set_source_files_properties(${DAYBOOK_PAGE_S} PROPERTIES OBJECT_DEPENDS "${DAYBOOK_PAGE_PACKED}")
endif()
