// What the store costs: the first use, a journal entry, many apps at once, and the history of a long life.

#include <cairn/owned.h>
#include <host/store/id.h>
#include <host/store/sqlite_store.h>

#include <benchmark/benchmark.h>
#include <kj/async-io.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::host {
namespace {

class Bench {
 public:
  Bench() : io(kj::setupAsyncIo()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-store-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) abort();
    folder = pattern;
    store = open();
  }
  ~Bench() {
    store = nullptr;
    std::filesystem::remove_all(folder);
  }

  kj::Own<Store> open() {
    return openSqliteStore({.path = folder + "/cairn.db", .lockFolder = folder + "/locks"}, clock);
  }

  kj::Promise<Result<StoredRecord>> begin(const std::string& app) {
    Owned<wire::Record> record;
    record->setId(newId(clock));
    record->setProject("shop");
    record->setApp(app);
    record->setWorkspace("prod");
    record->setKind(wire::RecordKind::DEPLOYMENT);
    return store->beginRecord(record.reader());
  }

  std::string folder;
  const kj::Clock& clock = kj::systemPreciseCalendarClock();
  kj::AsyncIoContext io;
  kj::Own<Store> store;
};

void firstReadOfAnExistingStore(benchmark::State& state) {
  Bench bench;
  (void)bench.begin("web").wait(bench.io.waitScope);
  bench.store = nullptr;
  for (auto _ : state) {
    auto store = bench.open();
    benchmark::DoNotOptimize(store->servingRelease({"shop", "web", "prod"}).wait(bench.io.waitScope));
  }
}
BENCHMARK(firstReadOfAnExistingStore)->Unit(benchmark::kMicrosecond)->UseRealTime();

void firstReadOfNoStore(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) {
    auto store = bench.open();
    benchmark::DoNotOptimize(store->servingRelease({"shop", "web", "prod"}).wait(bench.io.waitScope));
  }
}
BENCHMARK(firstReadOfNoStore)->Unit(benchmark::kMicrosecond)->UseRealTime();

void journalEntry(benchmark::State& state) {
  Bench bench;
  std::string record = bench.begin("web").wait(bench.io.waitScope)->reader().getId().cStr();
  int number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        bench.store
            ->intendResource(record, "container", "web-" + std::to_string(number++), {.name = "docker"})
            .wait(bench.io.waitScope));
  }
}
BENCHMARK(journalEntry)->Unit(benchmark::kMicrosecond)->UseRealTime();

void beginOfAppsSideBySide(benchmark::State& state) {
  Bench bench;
  for (auto _ : state) {
    std::vector<kj::Promise<Result<StoredRecord>>> asked;
    for (int64_t app = 0; app < state.range(0); ++app)
      asked.push_back(bench.begin("app" + std::to_string(app)));
    for (auto& promise : asked) benchmark::DoNotOptimize(promise.wait(bench.io.waitScope));
  }
}
BENCHMARK(beginOfAppsSideBySide)->Arg(1)->Arg(50)->Unit(benchmark::kMicrosecond)->UseRealTime();

void lastTwentyOfTenThousand(benchmark::State& state) {
  Bench bench;
  std::vector<kj::Promise<Result<StoredRecord>>> asked;
  for (int i = 0; i < 10'000; ++i) asked.push_back(bench.begin("app" + std::to_string(i % 10)));
  for (auto& promise : asked) (void)promise.wait(bench.io.waitScope);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        bench.store->records({.project = "shop", .app = "app3", .workspace = "prod", .limit = 20})
            .wait(bench.io.waitScope));
  }
}
BENCHMARK(lastTwentyOfTenThousand)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace cairn::host

BENCHMARK_MAIN();
