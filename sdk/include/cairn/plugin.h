#pragma once
// What a plugin's main() says: which components and mappers there are.
//
//   int main(int argc, char** argv) {
//     return cairn::servePlugin(cairn::Plugin("fly")
//                                   .version("1.2.0")
//                                   .platform(deploy, destroy, status).check(checkAccount)
//                                   .mapper(imageFromArchive), argc, argv);
//   }
//
// Functions are plain and synchronous. Their arguments are found by type, in any order:
//
//   const cairn::Call&     the terminal, the journal, … of this call
//   T::Reader              a value; T is a struct with $Cairn.type
//   S::Reader              the component's settings; S is a struct without $Cairn.type, the same in all of
//   them const cairn::UnknownSettings&   in a check only
//
// and they answer Result<cairn::Owned<T>>, Result<void> where nothing is made, or Result<int> (exec: the exit
// code). They run off the event loop, several at a time, each in a thread of its own. An exception becomes an
// error "plugin-exception".

#include <cairn/base/result.h>
#include <cairn/call.h>
#include <cairn/detail/function.h>
#include <cairn/manifest.capnp.h>
#include <cairn/owned.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {

// Settings that only a later stage will fill; their values in the settings' struct are not to be looked at.
struct UnknownSettings {
  std::vector<std::string> paths;  // dotted: "image", "env.API"
  bool contains(std::string_view path) const;
};

class Plugin {
 public:
  explicit Plugin(std::string name);

  Plugin& version(std::string version);  // semantic; "0.0.0" unless said
  Plugin& description(std::string oneLine);
  Plugin& needsServices();                // starts what outlives the run
  Plugin& environment(std::string name);  // a variable it wants to see; "AWS_*" is all that start so
  // Declares a type that no function mentions, so that others' mappers may name it.
  template <typename T>
  Plugin& type() {
    addType(detail::typeOf<T>());
    return *this;
  }

  // --- components ---

  template <typename Build>
  Plugin& builder(Build build) {
    add(Kind::BUILDER);
    return operation(Op::BUILD, std::move(build));
  }
  template <typename Push>
  Plugin& registry(Push push) {
    add(Kind::REGISTRY);
    return operation(Op::PUSH, std::move(push));
  }
  // A platform's `deploy` answers a deployment value; the others take that value. destroy must do well when
  // the thing is gone or half made, when the deployment's value is empty because a crash came first (then
  // Call::resources() tells), and when called twice.
  template <typename Deploy, typename Destroy, typename... More>
  Plugin& platform(Deploy deploy, Destroy destroy, More... more) {
    add(Kind::PLATFORM);
    operation(Op::DEPLOY, std::move(deploy));
    return withLifecycle(std::move(destroy), std::move(more)...);
  }
  // `release` takes a deployment value and makes it the one that serves.
  template <typename Release, typename Destroy, typename... More>
  Plugin& releaser(Release release, Destroy destroy, More... more) {
    add(Kind::RELEASER);
    operation(Op::RELEASE, std::move(release));
    return withLifecycle(std::move(destroy), std::move(more)...);
  }

  // --- mappers ---

  // Turns its inputs into a value of another type. A typed refusal is an Error of kind Refused. Its name is
  // "<inputs>-to-<output>" unless named() says otherwise.
  template <typename Map>
  Plugin& mapper(Map map) {
    addMapper(detail::makeFunction(std::move(map)));
    return *this;
  }

  // --- about the component or mapper added last ---

  Plugin& named(std::string name);  // what `use` names; a mapper's name
  Plugin& doc(std::string text);
  // Runs before the first act of a run: (const Call&, S::Reader, const UnknownSettings&) in any order,
  // answers Result<void> or std::vector<Error>. Must not change anything.
  template <typename Check>
  Plugin& check(Check check) {
    setCheck(detail::makeFunction(std::move(check)));
    return *this;
  }
  Plugin& defaultReleaser(std::string name);  // a platform's: serves an app that has no [release]
  Plugin& cost(std::uint32_t cost);           // a mapper's, 0 to 1,000,000; 100 unless said
  Plugin& lossy();                            // a mapper's: the output says less than the input
  Plugin& idempotent();                       // a mapper's: acts outside, but twice is as good as once
  Plugin& effectful();                        // a mapper's: acts outside

  struct Definition;
  const Definition& definition() const { return *definition_; }

 private:
  using Kind = wire::Manifest::Component::Kind;
  using Op = wire::Manifest::Operation::Name;

  template <typename Destroy, typename Status = detail::None, typename Logs = detail::None,
            typename Exec = detail::None>
  Plugin& withLifecycle(Destroy destroy, Status status = {}, Logs logs = {}, Exec exec = {}) {
    operation(Op::DESTROY, std::move(destroy));
    operation(Op::STATUS, std::move(status));
    operation(Op::LOGS, std::move(logs));
    return operation(Op::EXEC, std::move(exec));
  }
  template <typename F>
  Plugin& operation(Op op, F function) {
    if constexpr (!std::is_same_v<F, detail::None>)
      addOperation(op, detail::makeFunction(std::move(function)));
    return *this;
  }

  void add(Kind kind);
  void addOperation(Op op, detail::Function function);
  void addMapper(detail::Function function);
  void setCheck(detail::Function function);
  void addType(capnp::StructSchema type);

  std::shared_ptr<Definition> definition_;
};

// Serves the plugin on descriptor 3 until the host closes it, and returns the exit code for main(). Started
// by hand it says what it is and how it is used (exit 64); `--manifest` prints the manifest as JSON,
// `--version` the version.
int servePlugin(const Plugin& plugin, int argc, char** argv);

}  // namespace cairn
