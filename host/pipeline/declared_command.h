#pragma once
// A command of cairn.toml as a mapper: values in as JSON, a value out as JSON, checked by its schema.

#include <host/pipeline/run_state.h>

#include <kj/async.h>

#include <string>
#include <vector>

namespace cairn::host {

struct DeclaredCommand {
  std::string mapper;  // its id
  std::string gate;    // its name, where it is one
  std::vector<std::string> words;
  std::string folder;
  std::vector<std::string>
      environment;  // names of variables that it may see besides those that every plugin sees
  kj::Duration timeout;
  std::vector<std::string> roles;  // of the inputs; empty: the single one
  std::uint64_t output = 0;
  std::string before;   // what waits for the value: "deploy of web"
  std::string started;  // how far that has come: "nothing of the deploy of web was started"
};

// Runs it on a fiber; ends with it when the run is cancelled. Errors: those that callMapper() tells of.
Result<Value> runDeclared(kj::WaitScope& wait, RunState& run, const Emitter& emitter, DeclaredCommand command,
                          const std::vector<Value>& inputs);

// A value of the type, without its content.
Value valueOf(const TypeSchemas& schemas, std::uint64_t type);

// "oci.Image", "oci.Image and acme.Signature".
std::string typesOf(const std::vector<Value>& values);

Error gateRefused(const std::string& gate, const std::string& types, const std::string& started,
                  const std::string& why);

}  // namespace cairn::host
