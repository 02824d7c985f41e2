# Links Cap'n Proto from its archives: a plugin that is linked statically can't take the shared ones, two copies of KJ in
# one program don't know each other, and a program that loads four libraries less starts sooner.
foreach(target kj kj-async kj-http kj-tls kj-gzip capnp capnp-rpc capnp-json capnpc)
  if(TARGET CapnProto::${target})
    get_target_property(location CapnProto::${target} IMPORTED_LOCATION)
    get_filename_component(dir ${location} DIRECTORY)
    if(EXISTS ${dir}/lib${target}.a)
      set_target_properties(CapnProto::${target} PROPERTIES IMPORTED_LOCATION ${dir}/lib${target}.a)
    endif()
  endif()
endforeach()
