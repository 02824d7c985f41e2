// What a plugin costs its host: the start until the first reply, and a round trip afterwards.

#include <host/broker/plugin_process.h>

#include <benchmark/benchmark.h>
#include <kj/async-io.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace cairn::host {
namespace {

// The built-in plugins stand beside this program's folder, as they do beside cairn's.
Bundle builtin(const std::string& name) {
  auto prefix = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  auto folder = prefix / "lib/cairn/plugins" / name;
  Bundle bundle;
  bundle.name = name;
  bundle.folder = folder;
  bundle.executable = folder / ("cairn-plugin-" + name);
  return bundle;
}

struct Host {
  kj::AsyncIoContext io = kj::setupAsyncIo();
  PluginOutputSink sink = [](kj::StringPtr, bool, kj::StringPtr) {};

  kj::Own<PluginProcess> start(const Bundle& bundle) {
    auto process = PluginProcess::start(bundle, pluginEnvironment({}), io, sink, {});
    if (!process) throw std::runtime_error(process.error().message);
    auto hello = (*process)->hello("bench", 10 * kj::SECONDS).wait(io.waitScope);
    if (!hello) throw std::runtime_error(hello.error().message);
    return kj::mv(*process);
  }
};

void startToFirstReply(benchmark::State& state, const char* plugin) {
  Host host;
  const Bundle bundle = builtin(plugin);
  for (auto _ : state) {
    auto process = host.start(bundle);
    state.PauseTiming();
    process->stop(1 * kj::SECONDS).wait(host.io.waitScope);
    process = nullptr;
    state.ResumeTiming();
  }
}

// The cancel of a call that was never made: a method that does nothing.
void roundTrip(benchmark::State& state) {
  Host host;
  auto process = host.start(builtin("null"));
  for (auto _ : state) {
    auto request = process->client().cancelRequest();
    request.setCallId(0);
    request.send().ignoreResult().wait(host.io.waitScope);
  }
  process->stop(1 * kj::SECONDS).wait(host.io.waitScope);
}

BENCHMARK_CAPTURE(startToFirstReply, static_plugin, "null")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(startToFirstReply, dynamic_plugin, "pack")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(roundTrip)->UseRealTime()->Unit(benchmark::kMillisecond);

// Keeps a plugin that was greeted and is asked for nothing, until the standard input ends.
int keepIdle(const char* plugin) {
  Host host;
  auto process = host.start(builtin(plugin));
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) continue;
  process->stop(1 * kj::SECONDS).wait(host.io.waitScope);
  return 0;
}

}  // namespace
}  // namespace cairn::host

// `plugin_bench --idle NAME` measures nothing: it is for those who look at the plugin's memory from outside.
int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--idle") return cairn::host::keepIdle(argv[2]);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
