#pragma once
// The net below the settings' schemas: what goes to the store is looked through for the run's secrets first.

#include <capnp/schema.h>
#include <host/broker/value.h>
#include <host/pipeline/context.h>

#include <string>

namespace cairn::host {

// `maker`: who made it, for messages: "the plugin \"docker\"". A secret of less than eight bytes is not
// found. Errors: secret-in-value, with the name of the field.
Result<void> refuseSecrets(const Masking& masking, const Value& value, capnp::StructSchema schema,
                           const std::string& maker);

// The same for one text; `what` it is: "the name of a resource".
Result<void> refuseSecret(const Masking& masking, std::string_view text, const std::string& what,
                          const std::string& maker);

}  // namespace cairn::host
