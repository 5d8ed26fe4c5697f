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

// A built-in definition, or the one in the file `kind`; and the one it expands into, which stands beside it or is built
// in.
struct DefinitionPair {
  std::shared_ptr<const Definition> definition, child;
};
Result<DefinitionPair> load_definition(const std::string& kind);

// `vigie source test DEF.toml DIR [--param N=V] [--secret N=V] [--now T]`: prints mentions as JSONL, each id once.
// Returns the exit status.
struct SourceTest {
  std::string definition_path, folder;
  std::map<std::string, std::string> params, secrets;
  Time now{};
};
int test_source(const SourceTest& test, std::string& out, std::string& err);

}  // namespace vigie
