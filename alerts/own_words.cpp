#include "alerts/own_words.h"

#include "base/json.h"
#include "base/log.h"
#include "base/template.h"
#include "base/text.h"
#include "base/whole_file.h"

namespace vigie {
namespace {

constexpr std::size_t kTemplateBytes = 64u << 10;

// Addresses are made safe for every markup, but not escaped: they would lead elsewhere.
void write_escaped(json::Writer& out, const json::Value& value, Markup markup, bool address) {
  switch (value.type()) {
    case json::Type::object:
      out.begin_object();
      for (std::size_t i = 0; i < value.size(); ++i) {
        out.key(value.key_at(i));
        write_escaped(out, value[i], markup, value.key_at(i) == "url");
      }
      out.end_object();
      return;
    case json::Type::array:
      out.begin_array();
      for (std::size_t i = 0; i < value.size(); ++i) write_escaped(out, value[i], markup, false);
      out.end_array();
      return;
    case json::Type::string:
      out.string(address ? web_link(value.raw()) : escaped(markup, one_line(value.raw())));
      return;
    default: out.value(value); return;
  }
}

// The story's parts, and beside the list of links each by its kind: {{link.open.url}}.
std::string parts_of(const Story& story) {
  const std::string parts = to_json(story);
  json::Writer out;
  out.raw(std::string_view(parts).substr(0, parts.size() - 1)).raw(",\"link\":");
  out.begin_object();
  for (const Story::Link& one : story.links)
    out.key(one.kind).begin_object().member("label", one.label).member("url", one.url).end_object();
  out.end_object().raw("}");
  return out.take();
}

Result<std::string> from_template(const std::string& file, const json::Value& parts, Escape escape, std::size_t most) {
  const Result<std::string> source = read_whole(file, kTemplateBytes);
  if (!source) return fail(ErrorKind::bad_config, concat("found ", source.error().what));
  TRY(const std::string text, render(to_valid_utf8(*source), parts, escape));
  if (trim(text).empty()) return fail(ErrorKind::bad_config, "says nothing");
  if (text.size() > most)
    return fail(ErrorKind::bad_config,
                concat("gives ", std::to_string(text.size()), " bytes, this channel takes ", std::to_string(most)));
  return std::string(trim(text));
}

Result<std::string> words(const Story& story, const EndpointSettings& endpoint, Markup markup, std::size_t most) {
  TRY(const json::Document plain, json::parse(parts_of(story)));
  json::Writer parts;
  write_escaped(parts, plain.root(), markup, false);
  TRY(const json::Document document, json::parse(parts.text()));
  return from_template(endpoint.template_file, document.root(), Escape::text, most);
}

Result<std::string> written_json(const Story& story, const EndpointSettings& endpoint, std::size_t most) {
  TRY(const json::Document document, json::parse(parts_of(story)));
  TRY(const std::string body, from_template(endpoint.template_file, document.root(), Escape::json, most));
  if (const auto parsed = json::parse(body); !parsed)
    return fail(ErrorKind::bad_config, concat("does not give JSON: ", parsed.error().what));
  return body;
}

std::optional<std::string> or_nothing(Result<std::string> text, const Story& story, const EndpointSettings& endpoint) {
  if (text) return *std::move(text);
  log::warn("notify", "a template failed; the message says it in vigie's words",
            {{"endpoint", endpoint.id},
             {"template", endpoint.template_file},
             {"purpose", story.purpose},
             {"error", text.error().what}});
  return std::nullopt;
}

}  // namespace

std::optional<std::string> own_words(const Story& story, const EndpointSettings& endpoint, Markup markup,
                                     std::size_t most) {
  if (endpoint.template_file.empty()) return std::nullopt;
  return or_nothing(words(story, endpoint, markup, most), story, endpoint);
}

std::optional<std::string> own_json(const Story& story, const EndpointSettings& endpoint, std::size_t most) {
  if (endpoint.template_file.empty()) return std::nullopt;
  return or_nothing(written_json(story, endpoint, most), story, endpoint);
}

Result<void> check_own_words(const Story& story, const EndpointSettings& endpoint) {
  constexpr std::size_t kAny = 64u << 10;
  if (endpoint.template_file.empty()) return {};
  const Result<std::string> text =
      endpoint.kind == "webhook" ? written_json(story, endpoint, kAny) : words(story, endpoint, Markup::plain, kAny);
  if (text) return {};
  return fail(ErrorKind::bad_config, concat("its template ", endpoint.template_file, " ", text.error().what,
                                            "; messages go out in vigie's words until it is mended"));
}

}  // namespace vigie
