#include "app/cmd_check.h"

#include <set>

#include "app/exit.h"
#include "app/load.h"
#include "app/refused_addresses.h"
#include "app/second_stage.h"
#include "base/clock.h"
#include "collectors/definition.h"

namespace vigie {
namespace {

void print(const config::Problems& problems, std::ostream& out) {
  for (const config::Problem& problem : problems) out << problem.text() << "\n";
}

// Whether the source's own definition can be used; its problems are told once, however many sources run it.
bool check_own_definition(const SourceSettings& source, std::set<std::string>& seen, std::ostream& out) {
  const config::Tree tree = config::Tree::load(source.kind);
  const std::shared_ptr<const Definition> definition = read_definition(tree);
  if (!tree.problems().empty()) {
    if (seen.insert(source.kind).second) print(tree.problems(), out);
    return false;
  }
  const Result<std::shared_ptr<const Definition>> child = load_child(*definition, source.kind);
  const Result<OpenedSource> opened =
      child ? open_definition(definition, source, *child) : Result<OpenedSource>(fail(child.error()));
  if (!opened) out << source.kind << ":1:1: source: " << opened.error().what << "\n";
  return opened.has_value();
}

// Whether the second stage would answer here; `vigie run` goes on without it, this says so beforehand.
bool check_second_stage(const config::Node& root, const SecondStageSettings& settings, std::ostream& out) {
  const SystemClock clock;
  const auto opened = open_second_stage(settings, clock);
  if (!opened) out << root.child("second_stage").where() << ": " << opened.error().what << "\n";
  return opened.has_value();
}

}  // namespace

int cmd_check(const std::string& path, std::ostream& out) {
  const config::Tree tree = config::Tree::load(path);
  const Settings settings = read_settings(tree, known_kinds());
  print(tree.problems(), out);
  bool good = tree.problems().empty();
  if (good && settings.second_stage.on) good = check_second_stage(tree.root(), settings.second_stage, out);
  if (tree.problems().empty()) {
    for (const std::string& refused : refused_addresses(tree.root(), settings)) {
      out << refused << "\n";
      good = false;
    }
  }
  std::set<std::string> seen;
  for (const SourceSettings& source : settings.sources) {
    if (source.kind.ends_with(".toml")) good = check_own_definition(source, seen, out) && good;
  }
  return good ? kDone : kBadInput;
}

}  // namespace vigie
