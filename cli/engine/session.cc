#include "cli/engine/session.h"

#include "host/store/sqlite_store.h"

namespace cairn::cli {

namespace {

host::BrokerOptions brokerOptions(const host::StateFolders& folders) {
  host::BrokerOptions options;
  options.hostVersion = CAIRN_VERSION;
  options.cacheFolder = folders.cache;
  options.dataFolder = folders.data();
  return options;
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const EngineOptions& options, const Interrupt& interrupt,
                                               Masker& masker) {
  auto folders = CAIRN_TRY(host::findStateFolders());
  return std::make_unique<Session>(options, std::move(folders), interrupt, masker);
}

Session::Session(const EngineOptions& options, host::StateFolders folders, const Interrupt& interrupt,
                 Masker& masker)
    : io_(kj::setupAsyncIo()),
      interruptObserver_(io_.unixEventPort, interrupt.fd(), kj::UnixEventPort::FdObserver::OBSERVE_READ),
      interrupted_(interruptObserver_.whenBecomesReadable().then([this] { cancelled_ = true; }).fork()),
      store_(host::openSqliteStore({.path = folders.database(), .lockFolder = folders.locks()},
                                   kj::systemCoarseCalendarClock())),
      broker_(io_, brokerOptions(folders)) {
  host::Masking masking;
  masking.add = [this, &masker](std::string_view secret) {
    anySecret_ = true;
    masker.add(secret);
  };
  masking.mask = [&masker](std::string_view text) { return masker.mask(text); };
  masking.finds = [&masker](std::string_view text) { return masker.finds(text); };
  masking.cut = [&masker](std::string_view text) { return masker.safeCut(text); };
  masking.any = [this] { return anySecret_; };
  context_ = std::make_unique<host::PipelineContext>(host::PipelineContext{
      .io = io_,
      .broker = broker_,
      .store = *store_,
      .clock = kj::systemPreciseCalendarClock(),
      .folders = std::move(folders),
      .masking = std::move(masking),
      .actor = host::currentActor(options.commandLine),
      .version = CAIRN_VERSION,
      .sink =
          [this](wire::Event::Reader event) {
            if (sink_ != nullptr) sink_->event(event);
          },
      .whenCancelled = [this] { return interrupted_.addBranch(); },
      .cancelled = &cancelled_,
  });
  broker_.setOutputSink(
      [this](kj::StringPtr plugin, bool isStderr, kj::StringPtr line) {
        host::Emitter(*context_, {}).forStage({}, plugin.cStr()).emit([&](wire::Event::Builder event) {
          auto log = event.initLog();
          log.setLevel(isStderr ? wire::LogLevel::INFO : wire::LogLevel::DEBUG);
          log.setMessage(line);
        });
      },
      context_->masking.cut);
}

Session::~Session() noexcept(false) {
  kj::runCatchingExceptions([this] { broker_.stop().wait(io_.waitScope); });
}

host::Emitter Session::newRun() {
  return {*context_, host::newId(context_->clock)};
}

}  // namespace cairn::cli
