#include "console/source_line.h"

#include <algorithm>
#include <cctype>

#include "model/notice.h"

namespace vigie {
namespace {

// As the reader's language writes it: a time, a number, a name of a list, or the text as it stands.
std::string shown(const Wording& wording, const std::string& name, const std::string& value) {
  if (const Result<Time> time = parse_rfc3339(value); time) return wording.short_time(*time);
  const bool digits = !value.empty() && value.size() < 16 &&
                      std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isdigit(c); });
  if (digits) return wording.number(std::stoll(value));
  if (name == "per") return wording.say(concat("source.per.", value));
  return value;
}

std::string sentence(const Wording& wording, const std::string& code, const NoticeSlots& slots) {
  std::string text = wording.say(concat("source.notice.", code));
  for (const auto& [name, value] : slots) {
    const std::string slot = concat("{", name, "}");
    const std::string filled = shown(wording, name, value);
    for (std::size_t at = text.find(slot); at != std::string::npos; at = text.find(slot, at + filled.size())) {
      text.replace(at, slot.size(), filled);
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> source_notices(const SourceHealth& health, const Wording& wording) {
  std::vector<std::string> sentences;
  for (const auto& [code, slots] : notices_from_json(health.notices)) {
    sentences.push_back(sentence(wording, code, slots));
  }
  return sentences;
}

std::string source_line(const SourceHealth& health, const Wording& w, Time now) {
  if (health.state.empty() || !health.last_try) return w.say("source.line.new");
  std::string line;
  if (health.state == "ok") {
    line = w.say("source.line.ok",
                 {{"ago", health.last_success ? w.ago(*health.last_success, now) : w.say("source.never")},
                  {"mentions", w.number(health.mentions)}});
  } else {
    const Time since = health.failing_since.value_or(*health.last_try);
    line = w.say(concat("source.line.", health.state), {{"since", w.short_time(since)}, {"error", health.error}});
    if (health.next_try) line += w.say("source.line.next", {{"at", w.short_time(*health.next_try)}});
  }
  for (const std::string& notice : source_notices(health, w)) line += concat(" · ", notice);
  return line;
}

}  // namespace vigie
