// A network as one TOML file: the declarative source engine. docs/sources.md describes the language.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/source.h"
#include "config/node.h"

namespace vigie {

// A definition, checked. Problems (unknown keys with the nearest, wrong types, names that nothing fills) are in the
// tree.
class Definition;
std::shared_ptr<const Definition> read_definition(const config::Tree& tree);

// `child`: the definition that [expand] names, when there is one.
Result<OpenedSource> open_definition(std::shared_ptr<const Definition> definition, const SourceSettings& settings,
                                     std::shared_ptr<const Definition> child = nullptr);

// What a definition expands into: the file beside `kind`, when that is a file and the other one is there too, or built
// in. nullptr when it expands into nothing.
Result<std::shared_ptr<const Definition>> load_child(const Definition& definition, const std::string& kind);

// By settings.kind: built in, or a file; with what it expands into.
Result<OpenedSource> open_defined(const SourceSettings& settings);

// `vigie source test DEF.toml DIR [--param N=V] [--secret N=V] [--now T]`: prints mentions as JSONL, each id once.
// Returns the exit status.
struct SourceTest {
  std::string definition_path, folder;
  std::map<std::string, std::string> params, secrets;
  Time now{};
};
int test_source(const SourceTest& test, std::string& out, std::string& err);

}  // namespace vigie
