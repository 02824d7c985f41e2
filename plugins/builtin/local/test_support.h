#pragma once
// What the tests of this plugin share: an app's files, the plugin as cairn would call it, and requests to
// what it serves.

#include "local_plugin.h"

#include <cairn/testing/plugin_harness.h>
#include <cairn/types.capnp.h>
#include <local/local.capnp.h>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace cairn::plugins::local {

using cairn::testing::Kind;
using cairn::testing::Op;

// A folder that is gone with its owner.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& content, bool executable = false) const;

 private:
  std::filesystem::path path_;
};

// The plugin with its shipped programs, and an app whose files are the example's server.
class LocalTest : public ::testing::Test {
 protected:
  LocalTest();

  using Settings = Owned<wire::PlatformSettings>;
  // Settings that run `command`.
  Settings running(const std::vector<std::string>& command) const;
  // A script in place of a program; it ends with the app's end.
  Settings runningScript(const std::string& script) const { return running({"sh", "-c", script}); }

  Owned<cairn::wire::FilesDirectory> filesValue() const;
  Owned<cairn::wire::DeploymentConfig> config(int sequence) const;
  // Deploys as v<sequence>, with a journal of its own.
  Result<Owned<wire::Deployment>> deploy(const Settings& settings, int sequence = 1);
  Result<void> destroy(const Owned<wire::Deployment>& deployment);
  std::string journalOf(int sequence) const { return "deployment-" + std::to_string(sequence); }

  cairn::testing::PluginHarness harness_{localPlugin()};
  TestFolder files_;
};

struct HttpAnswer {
  int status = 0;  // 0: no answer
  std::string body;
};
// GET, on a connection of its own.
HttpAnswer get(const std::string& url, const std::string& path = "/");

// Whether `condition` became true within a minute.
bool eventually(const std::function<bool()>& condition);

}  // namespace cairn::plugins::local
