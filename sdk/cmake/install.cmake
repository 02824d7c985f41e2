# The installed SDK: headers, schemas, the CMake package, the template for new plugins.
include(CMakePackageConfigHelpers)

set(package lib/cmake/cairn)
foreach(part base wire dynamic sdk sdk_testing)
  set_target_properties(cairn_${part} PROPERTIES EXPORT_NAME ${part})
  target_include_directories(cairn_${part} INTERFACE $<INSTALL_INTERFACE:include>)
endforeach()
install(TARGETS cairn_base cairn_wire cairn_dynamic cairn_sdk cairn_sdk_testing EXPORT cairn ARCHIVE DESTINATION lib)
add_dependencies(cairn_installed cairn_base cairn_wire cairn_dynamic cairn_sdk cairn_sdk_testing)
install(EXPORT cairn FILE cairn-targets.cmake NAMESPACE cairn:: DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/cairn-config-version.cmake
                                 VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES cmake/cairn-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/cairn-config-version.cmake
              ${CMAKE_CURRENT_SOURCE_DIR}/../cmake/cairn_build.cmake ${CMAKE_CURRENT_SOURCE_DIR}/../cmake/cairn_capnp.cmake
        DESTINATION ${package})
install(DIRECTORY include/cairn DESTINATION include)
install(DIRECTORY ${CAIRN_GENERATED}/cairn DESTINATION include FILES_MATCHING PATTERN "*.capnp.h")
install(DIRECTORY schema/ DESTINATION share/cairn/schema/cairn FILES_MATCHING PATTERN "*.capnp")
install(DIRECTORY template DESTINATION share/cairn USE_SOURCE_PERMISSIONS)
