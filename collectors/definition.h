// A network as one TOML file: the declarative source engine of SOURCES.md section 5, far enough for Hacker News.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/source.h"
#include "config/node.h"

namespace vigie {

// A definition, checked. Problems (unknown keys with the nearest, wrong types, style not in this version) are in the
// tree.
class Definition;
std::shared_ptr<const Definition> read_definition(const config::Tree& tree);

Result<std::unique_ptr<Source>> open_definition(std::shared_ptr<const Definition> definition,
                                                const SourceSettings& settings);

// `vigie source test DEF.toml DIR [--param N=V] [--secret N=V] [--now T]`: prints mentions as JSONL, each id once.
// Returns the exit status.
struct SourceTest {
  std::string definition_path, folder;
  std::map<std::string, std::string> params, secrets;
  Time now{};
};
int test_source(const SourceTest& test, std::string& out, std::string& err);

}  // namespace vigie
