#include "collectors/definition_request.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "collectors/definition_auth.h"

namespace vigie::definition {
namespace {

using PageStyle = Definition::Page::Style;
using SinceStyle = Definition::Since::Style;

// Days since 1970 as a civil date, through the one formatter that knows how.
std::string two_digits(std::string_view rfc3339, std::size_t at) { return std::string(rfc3339.substr(at, 2)); }

std::string formatted(std::string_view format, Time time) {
  const std::string text = format_rfc3339(from_epoch(to_epoch(time)));  // 2026-11-21T10:00:00Z
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    switch (format[++i]) {
      case 'Y': out += text.substr(0, 4); break;
      case 'm': out += two_digits(text, 5); break;
      case 'd': out += two_digits(text, 8); break;
      case 'H': out += two_digits(text, 11); break;
      case 'M': out += two_digits(text, 14); break;
      case 'S': out += two_digits(text, 17); break;
      default: out += format[i];
    }
  }
  return out;
}

void put_since(Variables& all, const Definition& definition, const Position& position, const Run& run) {
  const Definition::Since& since = definition.since;
  const Mark& mark = position.mark();
  switch (since.style) {
    case SinceStyle::server_time:
      all.texts["since"] = written_time(since.format, run.from);
      all.texts["until"] = written_time(since.format, run.until);
      return;
    case SinceStyle::server_id: all.texts["since"] = mark.id; return;
    case SinceStyle::token:
      all.texts["since"] = mark.token;
      if (mark.token.empty() && since.first)
        all.texts["first"] = written_time(since.format, run.started - *since.first);
      return;
    case SinceStyle::stop_at_known:
    case SinceStyle::full: return;
  }
}

void put_page(Variables& all, const Definition& definition, const Position& position, const Run& run) {
  const Definition::Page& page = definition.page;
  if (page.style == PageStyle::none) return;
  std::string place = run.next;
  // One token is both the place in a listing and the place to go on from the next time.
  if (place.empty() && page.style == PageStyle::token && definition.since.style == SinceStyle::token)
    place = position.mark().token;
  if (page.style == PageStyle::number) place = std::to_string(page.start + run.page);
  if (page.style == PageStyle::offset)
    place = std::to_string(page.start + static_cast<std::int64_t>(run.page) * page.size);
  all.texts["page"] = all.texts["cursor"] = std::move(place);
}

Variables page_variables(const Definition& definition, const SourceSettings& settings, const Position& position,
                         const Run& run) {
  Variables all = subscription_variables(settings);
  if (!definition.each.empty()) all.texts[definition.each] = position.each;
  put_since(all, definition, position, run);
  put_page(all, definition, position, run);
  return all;
}

std::vector<Header> filled_query(const Definition& definition, const Variables& all) {
  std::vector<Header> query;
  for (const auto& [name, value] : definition.request.query) {
    if (std::optional<std::string> text = fill(value, all)) query.emplace_back(name, *std::move(text));
  }
  const auto put = [&](const std::string& name, std::string_view variable) {
    const auto value = all.texts.find(variable);
    if (!name.empty() && value != all.texts.end() && !value->second.empty()) query.emplace_back(name, value->second);
  };
  put(definition.page.query, "page");
  put(definition.since.query, "since");
  return query;
}

const Template& url_of(const Definition& definition, const Run& run) {
  const auto& alternates = definition.request.alternates;
  if (run.alternate == 0 || alternates.empty()) return definition.request.url;
  return alternates[std::min(static_cast<std::size_t>(run.alternate), alternates.size()) - 1];
}

bool write_body(json::Writer& out, const Definition::Body& body, const Variables& variables);

void write_object(json::Writer& out, const Definition::Body& body, const Variables& variables) {
  out.begin_object();
  for (const auto& [name, member] : body.members) {
    json::Writer value;
    if (write_body(value, member, variables)) out.key(name).raw(value.text());
  }
  out.end_object();
}

// False when a text has no value: its member is left out.
bool write_body(json::Writer& out, const Definition::Body& body, const Variables& variables) {
  using Kind = Definition::Body::Kind;
  switch (body.kind) {
    case Kind::none: return false;
    case Kind::literal: out.raw(body.literal); return true;
    case Kind::object: write_object(out, body, variables); return true;
    case Kind::array:
      out.begin_array();
      for (const Definition::Body& element : body.elements) {
        json::Writer value;
        if (write_body(value, element, variables)) out.raw(value.text());
      }
      out.end_array();
      return true;
    case Kind::text:
      if (body.text.empty()) {
        out.string("");
        return true;
      }
      if (const std::optional<std::string> text = fill(body.text, variables)) {
        out.string(*text);
        return true;
      }
      return false;
  }
  return false;
}

}  // namespace

Variables subscription_variables(const SourceSettings& settings) {
  Variables all;
  for (const auto& [name, value] : settings.params) all.texts.emplace(name, value);
  for (const auto& [name, value] : settings.secrets) all.texts.emplace(concat("secret.", name), value);
  return all;
}

std::vector<std::string> whole_params(const Definition& definition) {
  std::vector<std::string> names;
  for (const Definition::Param& param : definition.params) {
    if (param.type == "host" || param.type == "url") names.push_back(param.name);
  }
  return names;
}

std::string written_time(const std::string& format, Time time) {
  if (format == "epoch") return std::to_string(to_epoch(time));
  if (format == "epoch_ms") return std::to_string(to_epoch_micros(time) / 1000);
  if (format == "iso") return format_rfc3339(from_epoch(to_epoch(time)));
  return formatted(format, time);
}

Result<HttpRequest> page_request(const Definition& definition, const SourceSettings& settings, const Position& position,
                                 const Run& run, Time now) {
  const Variables all = page_variables(definition, settings, position, run);
  const bool whole_url = definition.page.style == PageStyle::link || definition.page.style == PageStyle::next_url;
  const bool follows = whole_url && !run.next.empty();  // the server said where the next page is
  std::optional<std::string> url = run.next;
  if (!follows) url = fill_url(url_of(definition, run), all, whole_params(definition));
  if (!url)
    return fail(ErrorKind::bad_config,
                concat(definition.id, ": request.url: expected a value for each {name}, found one without"));
  std::vector<Header> query;
  if (!follows) query = filled_query(definition, all);

  HttpRequest request;
  request.method = definition.request.method;
  add_headers(request, definition.request.headers, all);
  request.headers.emplace_back("Accept", "application/json");
  request.body = filled_body(definition.request.body, all);
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!definition.request.form.empty()) {
    request.body = filled_form(definition.request.form, all);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  }
  TRY(authorise(definition, settings, position.login, now, request, query));
  request.url = get(*url, query).url;
  return request;
}

std::string filled_body(const Definition::Body& body, const Variables& variables) {
  json::Writer out;
  return write_body(out, body, variables) ? out.take() : std::string();
}

std::string filled_form(const Definition::NamedTemplates& form, const Variables& variables) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (const std::optional<std::string> text = fill(value, variables))
      out += concat(out.empty() ? "" : "&", url_encode(name), "=", url_encode(*text));
  }
  return out;
}

void add_headers(HttpRequest& request, const Definition::NamedTemplates& headers, const Variables& variables) {
  for (const auto& [name, value] : headers) {
    std::optional<std::string> text = fill(value, variables);
    if (text) (value.has_secret() ? request.secret_headers : request.headers).emplace_back(name, *std::move(text));
  }
}

std::string without_keys(std::string_view url, const Definition& definition, const SourceSettings& settings) {
  const std::string_view query = split_url(url).query.value_or("");
  std::string out(url.substr(0, url.find('?')));
  char separator = '?';
  for (const std::string_view pair : split(query, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string value = url_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    const bool named =
        !definition.auth.name.empty() && url_decode(pair.substr(0, equals), true) == definition.auth.name;
    const bool secret = std::any_of(settings.secrets.begin(), settings.secrets.end(),
                                    [&](const auto& one) { return !one.second.empty() && one.second == value; });
    if (pair.empty() || named || secret) continue;
    out += concat(std::string(1, separator), pair);
    separator = '&';
  }
  return out;
}

}  // namespace vigie::definition
