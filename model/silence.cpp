#include "model/silence.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestText = 500;
constexpr std::size_t kMostNames = 100;

void write_list(json::Writer& out, std::string_view key, const std::vector<std::string>& items) {
  out.key(key).begin_array();
  for (const std::string& item : items) out.string(item);
  out.end_array();
}

std::vector<std::string> read_list(const json::Value& value, std::string_view key) {
  const json::Value list = value.at(key);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < list.size(); ++i) items.emplace_back(list[i].raw());
  return items;
}

Result<Time> read_time(const json::Value& value, std::string_view key) {
  TRY(const std::string text, value.text(key));
  return parse_rfc3339(text);
}

tl::unexpected<Error> wrong(std::string_view what) { return fail(ErrorKind::bad_data, concat("silence: ", what)); }

}  // namespace

Result<void> check(const Silence& silence) {
  if (trim(silence.author).empty()) return wrong("expected its author, found nobody");
  if (trim(silence.reason).empty()) return wrong("expected a reason, found none: others will ask why nothing was sent");
  if (silence.ends <= silence.starts) return wrong("expected an end behind its start, found it before");
  if (silence.ends - silence.starts > kLongestSilence) {
    return wrong(concat("expected at most 30 days, found ", format_duration(silence.ends - silence.starts),
                        "; what is never wanted belongs into a [[route]]"));
  }
  if (silence.least < 1 || silence.most > 5 || silence.least > silence.most)
    return wrong("expected severities from 1 to 5, the least one first");
  if (std::max({silence.brands.size(), silence.themes.size(), silence.kinds.size()}) > kMostNames)
    return wrong("expected at most 100 brands, themes or kinds");
  if (std::max({silence.text.size(), silence.reason.size(), silence.author.size()}) > kLongestText)
    return wrong("expected at most 500 bytes of text, of reason and of author");
  return {};
}

std::string to_json(const Silence& silence) {
  json::Writer out;
  out.begin_object();
  out.key("maintenance").boolean(silence.maintenance);
  write_list(out, "brands", silence.brands);
  write_list(out, "themes", silence.themes);
  write_list(out, "kinds", silence.kinds);
  out.key("least").integer(silence.least).key("most").integer(silence.most);
  out.member_if("text", silence.text);
  out.member("starts", format_rfc3339(silence.starts)).member("ends", format_rfc3339(silence.ends));
  out.member("author", silence.author).member("reason", silence.reason);
  out.member("created", format_rfc3339(silence.created)).member_if("ended_by", silence.ended_by);
  if (silence.ended_at) out.member("ended_at", format_rfc3339(*silence.ended_at));
  return out.end_object().take();
}

Result<Silence> silence_from_json(std::string_view text) {
  TRY(const json::Document document, json::parse(text));
  const json::Value root = document.root();
  Silence silence;
  silence.maintenance = root.boolean_or("maintenance", false);
  silence.brands = read_list(root, "brands");
  silence.themes = read_list(root, "themes");
  silence.kinds = read_list(root, "kinds");
  silence.least = static_cast<int>(std::clamp<std::int64_t>(root.integer_or("least", 1), 1, 5));
  silence.most = static_cast<int>(std::clamp<std::int64_t>(root.integer_or("most", 5), 1, 5));
  silence.text = root.text_or("text", "");
  TRY(silence.starts, read_time(root, "starts"));
  TRY(silence.ends, read_time(root, "ends"));
  TRY(silence.author, root.text("author"));
  TRY(silence.reason, root.text("reason"));
  TRY(silence.created, read_time(root, "created"));
  silence.ended_by = root.text_or("ended_by", "");
  if (root.at("ended_at")) {
    TRY(silence.ended_at, read_time(root, "ended_at"));
  }
  return silence;
}

}  // namespace vigie
