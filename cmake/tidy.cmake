# `tidy`: layout by clang-format and findings by clang-tidy, both kept at zero.
file(GLOB_RECURSE tidy_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/proto/*.[ch] ${CMAKE_SOURCE_DIR}/daemon/*.[ch]
  ${CMAKE_SOURCE_DIR}/cli/*.[ch] ${CMAKE_SOURCE_DIR}/tests/*.[ch])
set(tidy_units ${tidy_sources})
list(FILTER tidy_units INCLUDE REGEX "(proto|daemon|cli)/.*\\.c$")
find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
find_program(CLANG_TIDY NAMES clang-tidy-14 clang-tidy)
find_program(XARGS xargs)
if(CLANG_FORMAT AND CLANG_TIDY AND XARGS)
  include(ProcessorCount)
  ProcessorCount(cores)
  list(JOIN tidy_units "\n" tidy_units)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/tidy_units CONTENT "${tidy_units}\n")
  # One file a run: clang-tidy 14 forgets va_start() between the files of one (valist.Uninitialized).
  add_custom_target(tidy
    COMMAND ${CLANG_FORMAT} --dry-run --Werror ${tidy_sources}
    COMMAND ${XARGS} -a ${CMAKE_BINARY_DIR}/tidy_units -n 1 -P ${cores} ${CLANG_TIDY} --quiet -p ${CMAKE_BINARY_DIR}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
endif()
