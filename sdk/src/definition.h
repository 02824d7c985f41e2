#pragma once
// What an author declared, as the rest of the SDK reads it.

#include <cairn/plugin.h>

#include <optional>
#include <string>
#include <vector>

namespace cairn {

struct Plugin::Definition {
  struct Operation {
    wire::Manifest::Operation::Name name;
    detail::Function function;
  };
  struct Component {
    wire::Manifest::Component::Kind kind;
    std::string name;
    std::string doc;
    std::string defaultReleaser;
    std::vector<Operation> operations;
    std::optional<detail::Function> check;

    const detail::Function* find(wire::Manifest::Operation::Name name) const;
    // The struct that all its functions take as settings, where one of them takes any.
    std::optional<capnp::StructSchema> settings() const;
  };
  struct Mapper {
    std::string name;
    std::string doc;
    std::uint32_t cost = 100;
    bool lossy = false;
    wire::Manifest::Mapper::Effects effects = wire::Manifest::Mapper::Effects::PURE;
    detail::Function function;
  };

  std::string name;
  std::string version = "0.0.0";
  std::string description;
  bool needsServices = false;
  std::vector<std::string> environment;
  std::vector<capnp::StructSchema> types;
  std::vector<Component> components;
  std::vector<Mapper> mappers;
  bool mapperWasLast = false;

  const Component* find(wire::Manifest::Component::Kind kind, std::string_view name) const;
  const Mapper* findMapper(std::string_view name) const;
};

namespace detail {

// The text of $Cairn.type; empty where the struct has none.
std::string_view typeName(capnp::StructSchema schema);
bool isHostLocal(capnp::StructSchema schema);

}  // namespace detail
}  // namespace cairn
