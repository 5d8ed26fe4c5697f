// Reading a definition's TOML: every key known, every expression parsed, every name resolved before anything is asked.
// One function a table; they fill in one Definition.

#pragma once

#include "collectors/definition_model.h"

namespace vigie {

class DefinitionReader {
 public:
  explicit DefinitionReader(config::Node root) : root_(std::move(root)) {}
  std::shared_ptr<const Definition> read();

 private:
  using Node = config::Node;
  using Template = definition::Template;
  using Names = std::vector<std::string_view>;

  // definition_read.cpp: what the tables are made of.
  Node table(std::string_view name, bool required) const;
  static std::string choice(const Node& node, std::string_view key, std::string_view fallback, std::string_view words);
  static std::optional<definition::Path> path(const Node& node, std::string_view key);
  static definition::Path path(const Node& node, std::string_view key, std::string_view fallback);
  std::optional<definition::Expression> expression(const Node& node, std::string_view key) const;
  static std::optional<definition::Condition> condition(const Node& node, std::string_view key);
  static std::optional<Duration> duration(const Node& node, std::string_view key);
  std::vector<std::string> param_names() const;
  Template text_template(const Node& at, std::string_view text, const Names& more) const;
  Template text_template(const Node& parent, std::string_view key) const;  // "" when absent
  Definition::NamedTemplates named(const Node& node, const Names& more) const;
  Definition::Body body(const Node& node, const Names& more) const;
  Definition::Body body_member(const Node& parent, const std::string& name, const Names& more) const;
  void host(const Node& at, const std::string& url) const;
  std::string placed(const Node& node, const Names& variables) const;
  bool requested(std::string_view variable) const;
  bool has_secret(std::string_view name) const;

  void source(const Node& node);
  void params(const Node& node);
  void request(const Node& node);
  void items(const Node& node);
  void map(const Node& node);

  // definition_read_auth.cpp
  void auth(const Node& node);
  void oauth2(const Node& node);
  void client(const Node& node);
  void jwt(const Node& node);
  void signing(const Node& node);
  void session(const Node& node);
  Definition::Call call(const Node& node, const Names& more) const;

  // definition_read_run.cpp
  void page(const Node& node);
  void since(const Node& node);
  void first(const Node& node);
  void limits(const Node& node);
  void every(const Node& node);
  static Definition::Place place(const Node& node, std::string_view key);
  static std::optional<std::pair<double, Duration>> rate(const Node& node, std::string_view key);
  void spend(const Node& node);
  void error(const Node& node);
  static void wait(const Node& node, Definition::ErrorRule& rule);
  void expand(const Node& node);
  void recheck(const Node& node);
  static void gone(const Node& node, Definition::Recheck& recheck);
  void terms(const Node& node);

  Node root_;
  Definition made_;
};

namespace definition {

std::string quoted(std::string_view text);

// What parsed, or nothing and a Problem.
template <class T>
std::optional<T> parsed(const config::Node& at, Result<T> result) {
  if (result) return *std::move(result);
  at.problem(result.error().what);
  return std::nullopt;
}

}  // namespace definition
}  // namespace vigie
