#include "app/load.h"

#include "collectors/source.h"
#include "pipeline/pipeline.h"

namespace vigie {

Kinds known_kinds() {
  Kinds kinds;
  for (const std::string& id : definition_ids()) kinds.definitions[id] = definition_needs(id);
  kinds.check_query = [](std::string_view query) { return check_query(query); };
  return kinds;
}

Result<Settings> load_settings(const std::string& path) {
  const config::Tree tree = config::Tree::load(path);
  Settings settings = read_settings(tree, known_kinds());
  if (tree.problems().empty()) return settings;
  std::string all;
  for (const config::Problem& problem : tree.problems()) all += concat(problem.text(), "\n");
  all.pop_back();
  return fail(ErrorKind::bad_config, std::move(all));
}

HttpOptions http_options(const Settings& settings) {
  HttpOptions options;
  options.user_agent = concat("vigie/", VIGIE_VERSION, settings.http.contact.empty() ? "" : concat(" (+", settings.http.contact, ")"));
  options.allow_private = settings.http.allow_private;
  options.ca_file = settings.http.ca_file;
  return options;
}

}  // namespace vigie
