# find_package(cairn): cairn::sdk and what it needs, cairn::sdk_testing, and cairn_add_plugin() as in Cairn's own tree.
include(CMakeFindDependencyMacro)
find_dependency(CapnProto)
find_dependency(Threads)
find_package(GTest QUIET)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
include(${CMAKE_CURRENT_LIST_DIR}/cairn_capnp.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/cairn_build.cmake)
# An author's warnings are the author's business.
set_target_properties(cairn_options PROPERTIES INTERFACE_COMPILE_OPTIONS "-Wall;-Wextra;-Wno-missing-field-initializers")
include(${CMAKE_CURRENT_LIST_DIR}/cairn-targets.cmake)

get_filename_component(CAIRN_PREFIX ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
file(MAKE_DIRECTORY ${CAIRN_SCHEMA_ROOT})
file(CREATE_LINK ${CAIRN_PREFIX}/share/cairn/schema/cairn ${CAIRN_SCHEMA_ROOT}/cairn SYMBOLIC)
