// Every option of vigie.toml, declared once: read_settings() checks by it, settings_reference() prints it.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace vigie::config {

struct Section {
  std::string_view name;   // "" = the top of the file
  bool repeated;           // [[name]]
  std::string_view about;  // what it is for; whole sentences
  std::span<const Field> fields;
};

std::span<const Section> sections();
const Section& section(std::string_view name);  // one of sections()

// Reads one table by its declaration. What is wrong becomes a Problem in place, and the fallback is returned.
class Options {
 public:
  Options(Node node, const Section& section) : node_(std::move(node)), section_(section) {}

  const Node& node() const { return node_; }
  bool has(std::string_view key) const { return static_cast<bool>(node_.child(key)); }

  // Problems for the keys that are neither declared nor in `more`.
  void only_declared(const std::vector<std::string_view>& more = {}) const;

  std::string text(std::string_view key) const;  // any type that is written as text
  int integer(std::string_view key) const;
  double number(std::string_view key) const;
  bool boolean(std::string_view key) const;
  Duration duration(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;
  std::string secret(std::string_view key) const;

  // The same for a key that this table cannot do without, though its declaration lets others do so.
  std::string required_text(std::string_view key, std::string_view why) const;
  std::string required_secret(std::string_view key, std::string_view why) const;

 private:
  const Field& field(std::string_view key) const;

  Node node_;
  const Section& section_;
};

// `expected KIND, found "x"; did you mean "y"?`
std::string unknown_name(std::string_view expected, std::string_view found, const std::vector<std::string_view>& known);

}  // namespace vigie::config
