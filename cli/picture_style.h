#pragma once
// How the parts of a picture look: nodes and edges as Graphviz reads them. Colours tell plugins apart.

#include <cairn/graph/mapper.h>

#include <map>
#include <set>
#include <string>

namespace cairn::cli {

// What begins the picture: fonts, direction, distances.
std::string pictureHead();

class PictureStyle {
 public:
  // Gives the plugins their colours, in the order of their names. `gatePlaces` says by their ids where gates
  // stand; it outlives the style.
  PictureStyle(const std::set<std::string>& plugins, const std::map<std::string, std::string>& gatePlaces);

  // Each is a line that declares a node or an edge; `node` names are free text.
  std::string type(const std::string& node, const std::string& name, bool chosen) const;
  std::string mapper(const std::string& node, const graph::MapperSpec& mapper, bool chosen) const;
  std::string component(const std::string& node, const std::string& stage, const std::string& use,
                        const std::string& plugin) const;
  std::string edge(const std::string& from, const std::string& to, bool chosen,
                   const std::string& role = {}) const;
  std::string missing(const std::string& from, const std::string& to) const;

  // A frame around the lines in `body`.
  std::string frame(const std::string& name, const std::string& title, const std::string& body) const;

 private:
  struct Colour {
    const char* strong;
    const char* pale;
  };
  Colour colourOf(const std::string& plugin) const;

  std::string gateWords(const std::string& mapper) const;

  std::map<std::string, std::size_t> places_;
  const std::map<std::string, std::string>& gatePlaces_;
};

}  // namespace cairn::cli
