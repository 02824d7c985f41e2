#include "sdk/src/testing/recording_host.h"

#include "sdk/src/call_channel.h"

#include <kj/debug.h>

#include <algorithm>

namespace cairn::testing::detail {
namespace {

using cairn::detail::toString;

Stream streamOf(wire::Stream stream) {
  return stream == wire::Stream::STDOUT ? Stream::Stdout : Stream::Stderr;
}

std::string bytesOf(capnp::Data::Reader data) {
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

class RecordingStep final : public wire::Step::Server {
 public:
  RecordingStep(Notes& notes, std::size_t index) : notes_(notes), index_(index) {}

  kj::Promise<void> progress(ProgressContext context) override {
    auto params = context.getParams();
    return note([&](RecordedStep& step) {
      step.current = params.getCurrent();
      step.total = params.getTotal();
    });
  }
  kj::Promise<void> update(UpdateContext context) override {
    auto title = toString(context.getParams().getTitle());
    return note([&](RecordedStep& step) {
      step.updates.push_back(title);
      step.title = title;
    });
  }
  kj::Promise<void> done(DoneContext context) override {
    return note([&](RecordedStep& step) {
      step.done = true;
      if (context.getParams().getTitle().size() > 0) step.title = toString(context.getParams().getTitle());
    });
  }
  kj::Promise<void> failed(FailedContext context) override {
    return note([&](RecordedStep& step) {
      step.failed = true;
      if (context.getParams().getTitle().size() > 0) step.title = toString(context.getParams().getTitle());
    });
  }

 private:
  template <typename Use>
  kj::Promise<void> note(Use use) {
    notes_.with([&](Record& record) {
      if (index_ < record.steps.size()) use(record.steps[index_]);
    });
    return kj::READY_NOW;
  }

  Notes& notes_;
  std::size_t index_;
};

class RecordingTerminal final : public wire::Terminal::Server {
 public:
  explicit RecordingTerminal(Notes& notes) : notes_(notes) {}

  kj::Promise<void> step(StepContext context) override {
    auto index = notes_.with([&](Record& record) {
      record.steps.emplace_back().title = toString(context.getParams().getTitle());
      return record.steps.size() - 1;
    });
    context.getResults().setStep(kj::heap<RecordingStep>(notes_, index));
    return kj::READY_NOW;
  }
  kj::Promise<void> table(TableContext context) override {
    std::vector<std::vector<std::string>> table(1);
    for (auto column : context.getParams().getColumns()) table[0].push_back(toString(column));
    for (auto row : context.getParams().getRows()) {
      for (auto& cells = table.emplace_back(); auto cell : row) cells.push_back(toString(cell));
    }
    notes_.with([&](Record& record) { record.tables.push_back(std::move(table)); });
    return kj::READY_NOW;
  }
  kj::Promise<void> namedValues(NamedValuesContext context) override {
    notes_.with([&](Record& record) {
      for (auto value : context.getParams().getValues()) {
        record.namedValues.emplace_back(toString(value.getName()), toString(value.getValue()));
      }
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> output(OutputContext context) override {
    notes_.with([&](Record& record) {
      auto& text = context.getParams().getStream() == wire::Stream::STDOUT ? record.out : record.err;
      text += bytesOf(context.getParams().getBytes());
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> sync(SyncContext) override { return kj::READY_NOW; }
  kj::Promise<void> log(LogContext context) override {
    notes_.with([&](Record& record) {
      record.logs.emplace_back(static_cast<LogLevel>(context.getParams().getLevel()),
                               toString(context.getParams().getMessage()));
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> logLine(LogLineContext context) override {
    auto line = context.getParams().getLine();
    notes_.with([&](Record& record) {
      record.logLines.push_back({std::chrono::milliseconds(line.getUnixMs()), streamOf(line.getStream()),
                                 toString(line.getInstance()), toString(line.getText())});
    });
    return kj::READY_NOW;
  }

 private:
  Notes& notes_;
};

class RecordingJournal final : public wire::Journal::Server {
 public:
  RecordingJournal(Notes& notes, std::string journal) : notes_(notes), journal_(std::move(journal)) {}

  kj::Promise<void> intend(IntendContext context) override {
    auto params = context.getParams();
    context.getResults().setResource(
        noteResource(notes_, journal_, toString(params.getKind()), toString(params.getName())));
    return kj::READY_NOW;
  }
  kj::Promise<void> created(CreatedContext context) override {
    auto params = context.getParams();
    return change(params.getResource(), [&](RecordedResource& entry) {
      entry.created = true;
      entry.resource.id = toString(params.getId());
      entry.resource.state = toString(params.getState());
    });
  }
  kj::Promise<void> removed(RemovedContext context) override {
    return change(context.getParams().getResource(), [](RecordedResource& entry) { entry.removed = true; });
  }
  kj::Promise<void> resources(ResourcesContext context) override {
    std::vector<Resource> left;
    notes_.with([&](Record& record) {
      for (auto& entry : record.resources) {
        if (entry.journal == journal_ && !entry.removed) left.push_back(entry.resource);
      }
    });
    auto list = context.getResults().initResources(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
      list[i].setResource(left[i].handle);
      list[i].setKind(left[i].kind);
      list[i].setName(left[i].name);
      list[i].setId(left[i].id);
      list[i].setState(left[i].state);
    }
    return kj::READY_NOW;
  }

 private:
  template <typename Use>
  kj::Promise<void> change(std::uint64_t handle, Use use) {
    bool known = notes_.with([&](Record& record) {
      if (handle == 0 || handle > record.resources.size()) return false;
      use(record.resources[handle - 1]);
      return true;
    });
    KJ_REQUIRE(known, "no such resource", handle);
    return kj::READY_NOW;
  }

  Notes& notes_;
  std::string journal_;
};

class FixedSecrets final : public wire::Secrets::Server {
 public:
  explicit FixedSecrets(Notes& notes) : notes_(notes) {}
  kj::Promise<void> get(GetContext context) override {
    auto found = notes_.secrets.find(toString(context.getParams().getName()));
    if (found == notes_.secrets.end()) return kj::READY_NOW;
    context.getResults().setFound(true);
    context.getResults().setValue(found->second);
    return kj::READY_NOW;
  }

 private:
  Notes& notes_;
};

class GivenInput final : public wire::Input::Server {
 public:
  GivenInput(std::vector<std::string> pieces, bool staysOpen, std::vector<Tty> resizes)
      : pieces_(std::move(pieces)), staysOpen_(staysOpen), resizes_(std::move(resizes)) {}
  kj::Promise<void> read(ReadContext context) override {
    if (next_ == pieces_.size() && staysOpen_) {
      context.allowCancellation();
      return kj::NEVER_DONE;
    }
    if (next_ == pieces_.size()) return kj::READY_NOW;
    auto& piece = pieces_[next_];
    auto size = std::min<std::size_t>(piece.size(), context.getParams().getMaxBytes());
    context.getResults().setBytes(kj::arrayPtr(reinterpret_cast<const kj::byte*>(piece.data()), size));
    piece.erase(0, size);
    if (piece.empty()) ++next_;
    return kj::READY_NOW;
  }
  kj::Promise<void> resized(ResizedContext context) override {
    if (nextSize_ == resizes_.size()) {
      context.allowCancellation();
      return kj::NEVER_DONE;
    }
    const Tty& size = resizes_[nextSize_++];
    context.getResults().initSize().setColumns(size.columns);
    context.getResults().getSize().setRows(size.rows);
    return kj::READY_NOW;
  }

 private:
  std::vector<std::string> pieces_;
  std::size_t next_ = 0;
  bool staysOpen_;
  std::vector<Tty> resizes_;
  std::size_t nextSize_ = 0;
};

}  // namespace

std::uint64_t noteResource(Notes& notes, const std::string& journal, std::string kind, std::string name) {
  return notes.with([&](Record& record) {
    auto handle = record.resources.size() + 1;
    record.resources.push_back({journal, {handle, std::move(kind), std::move(name), "", ""}});
    return handle;
  });
}

wire::Terminal::Client makeTerminal(Notes& notes) {
  return kj::heap<RecordingTerminal>(notes);
}
wire::Journal::Client makeJournal(Notes& notes, std::string journal) {
  return kj::heap<RecordingJournal>(notes, std::move(journal));
}
wire::Secrets::Client makeSecrets(Notes& notes) {
  return kj::heap<FixedSecrets>(notes);
}
wire::Input::Client makeInput(std::vector<std::string> pieces, bool staysOpen, std::vector<Tty> resizes) {
  return kj::heap<GivenInput>(std::move(pieces), staysOpen, std::move(resizes));
}

}  // namespace cairn::testing::detail
