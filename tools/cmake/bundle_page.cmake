# cmake -DSOURCE= -DBUILD= -DNPM= -DGZIP= -DFILES= -P: copies the page's sources beside its packages,
# bundles them and compresses what came out. No name and no time goes into the compressed files.
file(REMOVE_RECURSE ${BUILD}/page ${BUILD}/packed)
file(COPY ${SOURCE}/ DESTINATION ${BUILD}/page PATTERN node_modules EXCLUDE PATTERN dist EXCLUDE)
set(ENV{OUT} ${BUILD}/packed)
execute_process(COMMAND ${NPM} run --silent build WORKING_DIRECTORY ${BUILD}/page
    COMMAND_ERROR_IS_FATAL ANY)
foreach(file ${FILES})
    execute_process(COMMAND ${GZIP} -9 -n ${BUILD}/packed/${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
