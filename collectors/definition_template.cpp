#include "collectors/definition_template.h"

#include <algorithm>

#include "base/text.h"

namespace vigie::definition {

bool Template::names(std::string_view name) const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) { return part.name == name; });
}

bool Template::has_secret() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.name.starts_with("secret."); });
}

Result<Template> parse_template(std::string_view text) {
  std::vector<Template::Part> parts;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) parts.push_back({std::string(text.substr(0, open)), ""});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos)
      return fail(ErrorKind::bad_config, "expected a closing }, found the end of the text");
    std::string_view name = text.substr(open + 1, close - open - 1);
    const std::size_t bar = name.find('|');
    const std::string_view filter = bar == std::string_view::npos ? "" : trim(name.substr(bar + 1));
    name = trim(name.substr(0, bar));
    if (name.empty()) return fail(ErrorKind::bad_config, "expected a name between { and }, found nothing");
    if (!filter.empty() && filter != "path" && filter != "urlencode") {
      return fail(ErrorKind::bad_config,
                  concat("expected {", name, "}, which is percent-encoded by itself, found the filter \"", filter,
                         "\": not in this version"));
    }
    parts.push_back({"", std::string(name)});
    text.remove_prefix(close + 1);
  }
  return Template(std::move(parts));
}

std::optional<std::string> fill(const Template& source, const Variables& variables) {
  std::string out;
  for (const Template::Part& part : source.parts()) {
    if (part.name.empty()) {
      out += part.literal;
      continue;
    }
    const auto found = variables.find(part.name);
    if (found == variables.end() || found->second.empty()) return std::nullopt;
    out += found->second;
  }
  return out;
}

std::optional<std::string> fill_url(const Template& source, const Variables& variables,
                                    const std::vector<std::string>& whole) {
  std::string out;
  for (const Template::Part& part : source.parts()) {
    if (part.name.empty()) {
      out += part.literal;
      continue;
    }
    const auto found = variables.find(part.name);
    if (found == variables.end() || found->second.empty()) return std::nullopt;
    const bool as_is = std::find(whole.begin(), whole.end(), part.name) != whole.end();
    out += as_is ? found->second : url_encode(found->second);
  }
  return out;
}

}  // namespace vigie::definition
