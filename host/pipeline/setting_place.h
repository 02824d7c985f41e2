#pragma once
// Says where in the file the setting stands that a plugin complains about.

#include <cairn/base/error.h>
#include <cairn/plan.capnp.h>

namespace cairn::host {

// A plugin names a setting by its path in its own table, "probe.kind". Makes that "app.web.deploy.probe.kind"
// and adds its position, or that of the nearest table around it which stands in the file. Leaves errors alone
// that name no setting.
Error placed(Error error, wire::Plan::App::Reader app, wire::Plan::Stage::Reader stage);

}  // namespace cairn::host
