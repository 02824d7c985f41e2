# One call a library, a plugin, a program. The build tree mirrors the installed tree, so that a program
# finds its plugins the same way in both:
#
#   bin/cairn   lib/cairn/plugins/<name>/cairn-plugin-<name>   libexec/cairn/...   include/cairn   share/cairn/schema

set(CAIRN_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")
set(CAIRN_PLUGIN_DIR lib/cairn/plugins)
set(CAIRN_SCHEMA_ROOT ${CMAKE_BINARY_DIR}/schema)
set(CAIRN_GENERATED ${CMAKE_BINARY_DIR}/generated)

find_program(CAIRN_CCACHE ccache)
if(CAIRN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CAIRN_CCACHE})
endif()
find_program(CAIRN_MOLD mold)
if(CAIRN_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# All that `cmake --install` takes, and nothing else.
add_custom_target(cairn_installed)

add_library(cairn_options INTERFACE)
# g++ 12 takes moved kj::Maybe and std::variant values for uninitialized ones, and with -O3 sees an overlap in
# "text" + std::string (GCC's bug 105651).
target_compile_options(cairn_options INTERFACE -Wall -Wextra -Wno-missing-field-initializers -Wno-maybe-uninitialized
                                               -Wno-restrict -Werror)
if(CAIRN_SANITIZE)
  target_compile_options(cairn_options INTERFACE -fsanitize=${CAIRN_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(cairn_options INTERFACE -fsanitize=${CAIRN_SANITIZE})
endif()

# cairn_schemas(TARGET PREFIX ROOT FILES...): compiles .capnp files found under ROOT and adds them to TARGET.
# A schema at ROOT/PREFIX/x.capnp is imported as "/PREFIX/x.capnp" and included as <PREFIX/x.capnp.h>.
function(cairn_schemas target root)
  foreach(schema ${ARGN})
    set(out ${CAIRN_GENERATED}/${schema})
    get_filename_component(dir ${out} DIRECTORY)
    file(MAKE_DIRECTORY ${dir})
    add_custom_command(
      OUTPUT ${out}.h ${out}.c++
      COMMAND ${CAPNP_EXECUTABLE} compile -o ${CAPNPC_CXX_EXECUTABLE}:${CAIRN_GENERATED} --src-prefix=${root}
              -I ${CAIRN_SCHEMA_ROOT} -I ${root} ${root}/${schema}
      DEPENDS ${root}/${schema}
      COMMENT "Compiling schema ${schema}" VERBATIM)
    set_source_files_properties(${out}.c++ PROPERTIES COMPILE_OPTIONS "-w")
    target_sources(${target} PRIVATE ${out}.c++ ${out}.h)
  endforeach()
  target_include_directories(${target} SYSTEM PUBLIC $<BUILD_INTERFACE:${CAIRN_GENERATED}>)
endfunction()

function(_cairn_add_tests name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  if(NOT arg_SOURCES OR NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name}_test ${arg_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${arg_DEPS} GTest::gtest_main cairn_options)
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name}_test PRIVATE CAIRN_BUILD_ROOT="${CMAKE_BINARY_DIR}"
                                                  CAIRN_SOURCE_ROOT="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit)
  include(GoogleTest)
  string(REPLACE "cairn_" "" prefix ${name})
  gtest_discover_tests(${name}_test TEST_PREFIX ${prefix}. DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 300)
endfunction()

# cairn_add_library(graph SOURCES ... [DEPS ...] [TESTS ...] [TEST_DEPS ...]): the library cairn::graph.
function(cairn_add_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;TESTS;TEST_DEPS;INCLUDE" ${ARGN})
  add_library(cairn_${name} STATIC ${arg_SOURCES})
  add_library(cairn::${name} ALIAS cairn_${name})
  target_include_directories(cairn_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>)
  foreach(dir ${arg_INCLUDE})
    target_include_directories(cairn_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/${dir}>)
  endforeach()
  target_link_libraries(cairn_${name} PUBLIC ${arg_DEPS} PRIVATE $<BUILD_INTERFACE:cairn_options>)
  _cairn_add_tests(cairn_${name} SOURCES ${arg_TESTS} DEPS cairn_${name} ${arg_TEST_DEPS})
endfunction()

# cairn_add_program(cairn-proxy SOURCES ... [DEPS ...] [STATIC] [DESTINATION bin]): an installed program.
# STATIC programs are built without sanitizers: they must run where no library is.
function(cairn_add_program name)
  cmake_parse_arguments(arg "STATIC" "DESTINATION" "SOURCES;DEPS" ${ARGN})
  if(NOT arg_DESTINATION)
    set(arg_DESTINATION bin)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  if(arg_STATIC)
    target_compile_options(${name} PRIVATE -Wall -Wextra -Wno-missing-field-initializers -Werror)
    target_link_options(${name} PRIVATE -static)
  else()
    target_link_libraries(${name} PRIVATE cairn_options)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${arg_DESTINATION})
  install(TARGETS ${name} RUNTIME DESTINATION ${arg_DESTINATION})
  add_dependencies(cairn_installed ${name})
endfunction()

# cairn_add_plugin(fly SOURCES ... [SCHEMAS ...] [DEPS ...] [TESTS ...] [DYNAMIC] [FILES ...] [PROGRAMS ...])
#
# The whole interface of a plugin's folder. Schemas are imported as "/<name>/x.capnp" and included as
# <name/x.capnp.h>. FILES and PROGRAMS (targets) are put into the bundle beside the executable. Linked statically, which makes
# a start three times as fast, unless DYNAMIC says that a library forbids it or a sanitizer is on.
function(cairn_add_plugin name)
  cmake_parse_arguments(arg "DYNAMIC" "" "SOURCES;SCHEMAS;DEPS;TESTS;FILES;PROGRAMS" ${ARGN})
  set(program cairn-plugin-${name})
  set(bundle ${CAIRN_PLUGIN_DIR}/${name})
  set(library cairn_plugin_${name})
  list(REMOVE_ITEM arg_SOURCES main.cc)
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${CAIRN_SCHEMA_ROOT}/${name} SYMBOLIC)
  list(TRANSFORM arg_SCHEMAS PREPEND ${name}/)
  add_library(${library} STATIC ${arg_SOURCES})
  target_link_libraries(${library} PUBLIC cairn::sdk ${arg_DEPS} PRIVATE cairn_options)
  target_include_directories(${library} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  cairn_schemas(${library} ${CAIRN_SCHEMA_ROOT} ${arg_SCHEMAS})
  add_executable(${program} main.cc)
  target_link_libraries(${program} PRIVATE ${library} cairn_options)
  if(NOT arg_DYNAMIC AND NOT CAIRN_SANITIZE)
    target_link_options(${program} PRIVATE -static)
  endif()
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${bundle})
  foreach(file plugin.toml ${arg_FILES})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      configure_file(${file} ${CMAKE_BINARY_DIR}/${bundle}/${file} COPYONLY)
      install(FILES ${file} DESTINATION ${bundle})
    endif()
  endforeach()
  foreach(extra ${arg_PROGRAMS})
    set(copy ${CMAKE_BINARY_DIR}/${bundle}/${extra})
    add_custom_command(OUTPUT ${copy} COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${extra}> ${copy}
      DEPENDS ${extra} $<TARGET_FILE:${extra}>)
    add_custom_target(${program}-${extra} DEPENDS ${copy})
    add_dependencies(${program} ${program}-${extra})
    install(PROGRAMS $<TARGET_FILE:${extra}> DESTINATION ${bundle})
  endforeach()
  install(TARGETS ${program} RUNTIME DESTINATION ${bundle})
  add_dependencies(cairn_installed ${program})
  set_property(GLOBAL APPEND PROPERTY CAIRN_PLUGINS ${program})
  _cairn_add_tests(${library} SOURCES ${arg_TESTS} DEPS ${library} cairn::sdk_testing)
endfunction()

# Every folder with a CMakeLists.txt below the given ones is a plugin: adding one is adding a folder.
function(cairn_add_plugin_folders)
  foreach(parent ${ARGN})
    file(GLOB folders CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${parent}/*/CMakeLists.txt)
    foreach(file ${folders})
      get_filename_component(folder ${file} DIRECTORY)
      add_subdirectory(${folder})
    endforeach()
  endforeach()
endfunction()
