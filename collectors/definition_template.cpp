#include "collectors/definition_template.h"

#include <algorithm>

#include "base/text.h"

namespace vigie::definition {
namespace {

using Part = Template::Part;

Result<void> put_filter(Part& part, std::string_view filter) {
  const std::size_t space = std::min(filter.find(' '), filter.size());
  const std::string_view word = filter.substr(0, space), argument = trim(filter.substr(space));
  if (word == "path" || word == "urlencode") return {};
  part.filter = word == "join"     ? Template::Filter::join
                : word == "repeat" ? Template::Filter::repeat
                                   : Template::Filter::none;
  part.argument = argument;
  if (part.filter != Template::Filter::none && !argument.empty()) return {};
  return fail(ErrorKind::bad_config, concat("expected path, urlencode, join SEPARATOR or repeat NAME behind {",
                                            part.name, "|, found \"", shorten(filter, 40), "\""));
}

std::string repeated(const Part& part, const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += concat(out.empty() ? "" : "&", part.argument, "=", url_encode(one));
  return out;
}

std::string joined(const Part& part, const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += concat(out.empty() ? "" : part.argument, one);
  return out;
}

std::optional<std::string> value_of(const Part& part, const Variables& variables) {
  if (part.filter != Template::Filter::none) {
    const auto found = variables.lists.find(part.name);
    if (found == variables.lists.end() || found->second.empty()) return std::nullopt;
    return part.filter == Template::Filter::repeat ? repeated(part, found->second) : joined(part, found->second);
  }
  const auto found = variables.texts.find(part.name);
  if (found == variables.texts.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace

bool Template::names(std::string_view name) const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) { return part.name == name; });
}

bool Template::has_secret() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.name.starts_with("secret."); });
}

Result<Template> parse_template(std::string_view text) {
  std::vector<Part> parts;
  while (!text.empty()) {
    if (text.starts_with("{{") || text.starts_with("}}")) {  // a brace that is meant
      parts.push_back({std::string(text.substr(0, 1)), ""});
      text.remove_prefix(2);
      continue;
    }
    const std::size_t open = std::min(text.find('{'), text.find("}}"));
    if (open != 0) parts.push_back({std::string(text.substr(0, open)), ""});
    if (open == std::string_view::npos) break;
    if (open != 0) {
      text.remove_prefix(open);
      continue;
    }
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos)
      return fail(ErrorKind::bad_config, "expected a closing }, found the end of the text");
    const std::string_view inner = text.substr(1, close - 1);
    const std::size_t bar = inner.find('|');
    Part part{"", std::string(trim(inner.substr(0, bar)))};
    if (part.name.empty()) return fail(ErrorKind::bad_config, "expected a name between { and }, found nothing");
    if (bar != std::string_view::npos) TRY(put_filter(part, trim(inner.substr(bar + 1))));
    parts.push_back(std::move(part));
    text.remove_prefix(close + 1);
  }
  return Template(std::move(parts));
}

std::optional<std::string> fill(const Template& source, const Variables& variables) {
  std::string out;
  for (const Part& part : source.parts()) {
    if (part.name.empty()) {
      out += part.literal;
      continue;
    }
    const std::optional<std::string> value = value_of(part, variables);
    if (!value) return std::nullopt;
    out += *value;
  }
  return out;
}

std::optional<std::string> fill_url(const Template& source, const Variables& variables,
                                    const std::vector<std::string>& whole) {
  std::string out;
  for (const Part& part : source.parts()) {
    if (part.name.empty()) {
      out += part.literal;
      continue;
    }
    const std::optional<std::string> value = value_of(part, variables);
    if (!value) return std::nullopt;
    const bool as_is = part.filter == Template::Filter::repeat ||  // encoded one by one
                       std::find(whole.begin(), whole.end(), part.name) != whole.end();
    out += as_is ? *value : url_encode(*value);
  }
  return out;
}

}  // namespace vigie::definition
