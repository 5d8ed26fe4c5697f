#include "app/load.h"

#include "collectors/coded.h"
#include "collectors/source.h"
#include "pipeline/pipeline.h"
#include "pipeline/taxonomy.h"

namespace vigie {

Kinds known_kinds() {
  Kinds kinds;
  for (const std::string& id : definition_ids()) kinds.definitions[id] = definition_needs(id);
  for (const CodedKind& coded : coded_kinds()) kinds.definitions[std::string(coded.id)] = {coded.params, coded.secrets};
  kinds.check_source = [](const SourceSettings& source) -> std::string {
    const CodedKind* const coded = find_coded(source.kind);
    if (coded == nullptr) return "";
    const Result<void> checked = coded->check(source);
    return checked ? "" : checked.error().what;
  };
  kinds.check_themes = [](const std::vector<std::string>& files) {
    config::Problems problems;
    Taxonomy::with(files, problems);
    std::vector<std::string> lines;
    for (const config::Problem& problem : problems) lines.push_back(problem.text());
    return lines;
  };
  kinds.theme_ids = [](const std::vector<std::string>& files) {
    config::Problems told;  // by check_themes
    return Taxonomy::with(files, told).ids();
  };
  kinds.check_query = [](std::string_view query) { return check_query(query); };
  return kinds;
}

Settings only_polled(Settings settings) {
  std::erase_if(settings.sources, [](const SourceSettings& source) { return find_coded(source.kind) != nullptr; });
  return settings;
}

Result<Settings> load_settings(const std::string& path) {
  const config::Tree tree = config::Tree::load(path);
  Settings settings = read_settings(tree, known_kinds());
  if (tree.problems().empty()) return settings;
  return fail(every_problem(tree));
}

Error every_problem(const config::Tree& tree) {
  std::string all;
  for (const config::Problem& problem : tree.problems()) all += concat(all.empty() ? "" : "\n", problem.text());
  return {ErrorKind::bad_config, std::move(all), std::nullopt};
}

HttpOptions http_options(const Settings& settings) {
  HttpOptions options;
  options.user_agent =
      concat("vigie/", VIGIE_VERSION, settings.http.contact.empty() ? "" : concat(" (+", settings.http.contact, ")"));
  options.allow_private = settings.http.allow_private;
  options.ca_file = settings.http.ca_file;
  return options;
}

}  // namespace vigie
