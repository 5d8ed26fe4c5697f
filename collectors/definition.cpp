// Definitions by name, and the check of what a subscription gives them.

#include "collectors/definition.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/embedded.h"
#include "base/http.h"
#include "base/text.h"
#include "collectors/definition_limits.h"
#include "collectors/definition_model.h"
#include "collectors/definition_request.h"
#include "collectors/feed.h"

namespace vigie {
namespace {

constexpr std::string_view kFolder = "collectors/sources/";
constexpr std::string_view kSuffix = ".toml";

std::string_view id_of(std::string_view path) {
  return path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size());
}

bool all_of(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || more.find(c) != std::string_view::npos;
  });
}

// A parameter of type url stands at the front of the request's URL.
bool is_base_url(std::string_view text) {
  const std::string origin = origin_of(text);
  return (origin.starts_with("https://") || origin.starts_with("http://")) &&
         text.find_first_of("?#@ ") == std::string_view::npos && text.find_first_of("\r\n\t") == std::string_view::npos;
}

// What a value of that type must look like, when it does not.
std::string_view expected_form(std::string_view type, std::string_view value) {
  const bool control =
      std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control || value.size() > 2000) return "up to 2000 characters, none of them a control character";
  if (type == "host")
    return all_of(value, ".-:") && value.front() != '-' && value.front() != '.'
               ? ""
               : "a host name such as \"social.example.org\"";
  if (type == "url") return is_base_url(value) ? "" : "a URL without query, such as \"https://forum.example.org\"";
  if (type == "id") return all_of(value, "_-.") ? "" : "letters, digits, _, - and .";
  if (type == "list") return all_of(value, "_-., ") ? "" : "letters, digits, _, - and ., with commas between";
  if (type == "lang") return all_of(value, "-") ? "" : "a language such as \"en\"";
  return "";
}

Result<void> check_names(const Definition& definition, const SourceSettings& settings) {
  std::vector<std::string_view> known;
  for (const Definition::Param& param : definition.params) known.push_back(param.name);
  for (const auto& [name, value] : settings.params) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view near = nearest(name, known);
    return fail(ErrorKind::bad_config,
                concat(settings.id, ": ", name, ": expected a parameter of ", definition.id, ", found another name",
                       near.empty() ? "" : concat("; did you mean \"", near, "\"?")));
  }
  return {};
}

Result<void> check_params(const Definition& definition, SourceSettings& settings) {
  for (const Definition::Param& param : definition.params) {
    const auto given = settings.params.find(param.name);
    if (given == settings.params.end()) {
      if (param.optional) continue;
      return fail(ErrorKind::bad_config, concat(settings.id, ": ", param.name, ": expected ", param.type,
                                                ", found nothing: ", definition.id, " asks for it"));
    }
    if (const std::string_view form = expected_form(param.type, given->second); !form.empty()) {
      return fail(ErrorKind::bad_config, concat(settings.id, ": ", param.name, ": expected ", form, ", found \"",
                                                shorten(given->second, 60), "\""));
    }
    while (param.type == "url" && given->second.ends_with('/')) given->second.pop_back();
  }
  return {};
}

Result<void> check_secrets(const Definition& definition, const SourceSettings& settings) {
  for (const Definition::Secret& secret : definition.secrets) {
    const auto given = settings.secrets.find(secret.name);
    if (given == settings.secrets.end()) {
      if (secret.optional) continue;
      return fail(ErrorKind::bad_config, concat(settings.id, ": secrets.", secret.name,
                                                ": expected a secret, found none: ", definition.id, " asks for it"));
    }
    if (definition.auth.key.names(concat("secret.", secret.name))) continue;  // a key in PEM has lines
    const bool clean = std::none_of(given->second.begin(), given->second.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!clean)
      return fail(ErrorKind::bad_config,
                  concat(settings.id, ": secrets.", secret.name, ": expected one line, found control characters"));
  }
  return {};
}

// format = "feed": the address of a feed with parameters in it.
Result<std::unique_ptr<Source>> open_defined_feed(const Definition& definition, const SourceSettings& settings) {
  const std::optional<std::string> url = definition::fill_url(
      definition.request.url, definition::subscription_variables(settings), definition::whole_params(definition));
  if (!url)
    return fail(ErrorKind::bad_config,
                concat(definition.id, ": request.url: expected a value for each {name}, found one without"));
  SourceSettings feed = settings;
  feed.url = get(*url, {}).url;
  feed.params = {{"kind", definition.kind}};
  return open_feed(feed);
}

Result<std::shared_ptr<const Definition>> checked_definition(const std::string& kind) {
  const auto checked = [](const config::Tree& tree) -> Result<std::shared_ptr<const Definition>> {
    std::shared_ptr<const Definition> definition = read_definition(tree);
    if (!tree.problems().empty()) return fail(ErrorKind::bad_config, tree.problems().front().text());
    return definition;
  };
  if (kind.ends_with(kSuffix)) return checked(config::Tree::load(kind));
  const std::string path = concat(kFolder, kind, kSuffix);
  const std::optional<std::string_view> bytes = embedded(path);
  if (!bytes)
    return fail(ErrorKind::bad_config, concat("no source of the kind \"", kind, "\"; `vigie source list` names them"));
  return checked(config::Tree::parse(*bytes, path));
}

}  // namespace

Result<OpenedSource> open_definition(std::shared_ptr<const Definition> definition, const SourceSettings& settings,
                                     std::shared_ptr<const Definition> child) {
  SourceSettings checked = settings;
  TRY(check_names(*definition, checked));
  TRY(check_params(*definition, checked));
  TRY(check_secrets(*definition, checked));
  if (definition->expand && !child) {
    return fail(ErrorKind::bad_config, concat(settings.id, ": expand.source: expected the id of a definition, found \"",
                                              definition->expand->source, "\""));
  }
  OpenedSource opened;
  opened.limits = definition::limits_of(*definition, checked);
  opened.terms = definition::terms_of(*definition);
  if (definition->feed) {
    TRY(opened.http, open_defined_feed(*definition, checked));
    return opened;
  }
  opened.recheck = make_definition_recheck(definition, checked);
  opened.http = make_definition_source(std::move(definition), checked, std::move(child));
  return opened;
}

Result<std::shared_ptr<const Definition>> load_child(const Definition& definition, const std::string& kind) {
  if (!definition.expand) return std::shared_ptr<const Definition>();
  const std::string& other = definition.expand->source;
  const std::size_t slash = kind.rfind('/');
  const std::string beside = concat(slash == std::string::npos ? "" : kind.substr(0, slash + 1), other, kSuffix);
  const bool has_file = kind.ends_with(kSuffix) && std::filesystem::exists(beside);
  return checked_definition(has_file ? beside : other);
}

Result<OpenedSource> open_defined(const SourceSettings& settings) {
  TRY(std::shared_ptr<const Definition> definition, checked_definition(settings.kind));
  TRY(std::shared_ptr<const Definition> child, load_child(*definition, settings.kind));
  return open_definition(std::move(definition), settings, std::move(child));
}

std::vector<std::string> definition_ids() {
  std::vector<std::string> ids;
  for (const EmbeddedFile& file : embedded_under(kFolder)) {
    if (file.path.ends_with(kSuffix)) ids.emplace_back(id_of(file.path));
  }
  return ids;
}

Kinds::Definition definition_needs(std::string_view id) {
  Kinds::Definition needs;
  const std::string path = concat(kFolder, id, kSuffix);
  const std::optional<std::string_view> bytes = embedded(path);
  if (!bytes) return needs;
  const std::shared_ptr<const Definition> definition = read_definition(config::Tree::parse(*bytes, path));
  needs.name = definition->name;
  for (const Definition::Param& param : definition->params)
    needs.params.push_back(concat(param.name, param.optional ? "?" : ""));
  for (const Definition::Secret& secret : definition->secrets)
    needs.secrets.push_back(concat(secret.name, secret.optional ? "?" : ""));
  return needs;
}

}  // namespace vigie
