// What a chat takes at most, written down a second time: from the networks' own documents and the sizes this program
// set itself (docs/channels.md), not from what the channels use. And what no message may hold, whatever it quotes.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "tests/support/files.h"

namespace vigie::test {

enum class Unit { characters, bytes, elements };

struct Limit {
  const char* kind;
  const char* path;  // "blocks.*.text.text"; "" = the whole payload
  Unit unit;
  std::size_t most;
  std::size_t least = 0;
};

inline const std::vector<Limit> kChatLimits = {
    {"slack", "text", Unit::characters, 40000, 1},
    {"slack", "blocks", Unit::elements, 20, 1},
    {"slack", "blocks.*.block_id", Unit::characters, 255},
    {"slack", "blocks.*.text.text", Unit::characters, 2800, 1},
    {"slack", "blocks.0.text.text", Unit::characters, 150, 1},
    {"slack", "blocks.*.elements", Unit::elements, 10, 1},
    {"slack", "blocks.*.elements.*.text", Unit::characters, 2000, 1},
    {"slack", "blocks.*.elements.*.text.text", Unit::characters, 75, 1},
    {"slack", "blocks.*.elements.*.url", Unit::characters, 3000, 1},
    {"slack", "blocks.*.elements.*.action_id", Unit::characters, 255, 1},
    {"teams", "", Unit::bytes, 24 * 1024},
    {"teams", "attachments", Unit::elements, 1, 1},
    {"teams", "attachments.0.content.body.0.inlines.0.text", Unit::characters, 200, 1},
    {"teams", "attachments.0.content.actions", Unit::elements, 6},
    {"mattermost", "text", Unit::characters, 15000, 1},
    {"discord", "embeds", Unit::elements, 1, 1},
    {"discord", "embeds.*.title", Unit::characters, 256, 1},
    {"discord", "embeds.*.description", Unit::characters, 4096, 1},
    {"discord", "embeds.*.footer.text", Unit::characters, 2048, 1},
    {"telegram", "text", Unit::characters, 3900, 1},
    {"telegram", "reply_markup.inline_keyboard.*", Unit::elements, 2, 1},
    {"telegram", "reply_markup.inline_keyboard.*.*.text", Unit::characters, 100, 1},
    {"matrix", "", Unit::bytes, 50 * 1024},
    {"googlechat", "", Unit::bytes, 30000},
    {"googlechat", "thread.threadKey", Unit::characters, 4000, 1},
    {"googlechat", "cardsV2.0.card.header.title", Unit::characters, 200, 1},
    {"rocketchat", "text", Unit::characters, 1000, 1},
    {"rocketchat", "attachments.*.text", Unit::characters, 5000, 1},
};

inline void each_at(const json::Value& value, std::string_view path,
                    const std::function<void(const json::Value&)>& see) {
  if (!value) return;
  if (path.empty()) return see(value);
  const std::size_t dot = path.find('.');
  const std::string_view step = path.substr(0, dot);
  const std::string_view rest = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (step != "*") return each_at(value.at(step), rest, see);
  for (std::size_t i = 0; i < value.size(); ++i) each_at(value[i], rest, see);
}

// UTF-16, as JavaScript and Java count: no network counts more.
inline std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const unsigned lead = static_cast<unsigned char>(c) >> 3;
    count += (lead & 0x18) == 0x10 ? 0 : lead == 0x1E ? 2 : 1;
  }
  return count;
}

inline std::size_t size_in(Unit unit, const json::Value& value) {
  if (unit == Unit::elements) return value.size();
  return unit == Unit::bytes ? value.raw().size() : characters(value.raw());
}

// `see` is given "parent.name" and the text.
inline void each_text(const json::Value& value, const std::string& name,
                      const std::function<void(std::string_view, std::string_view)>& see) {
  if (value.type() == json::Type::string) see(name, value.raw());
  const std::string parent = name.substr(name.find('.') == std::string::npos ? 0 : name.find('.') + 1);
  for (std::size_t i = 0; i < value.size(); ++i)
    each_text(value[i], value.type() == json::Type::object ? parent + "." + std::string(value.key_at(i)) : name, see);
}

inline bool word_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// "" or what would mention somebody. U+2060 behind the @ is our own mark.
inline std::string mention_in(std::string_view text) {
  for (const char* form : {"<!", "<@", "<#", "<users/"}) {
    if (text.find(form) != std::string_view::npos) return form;
  }
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::string_view after = text.substr(at + 1);
    if (!after.empty() && word_character(after[0]) && !after.starts_with("\u2060"))
      return std::string(text.substr(at, 16));
  }
  return "";
}

// "" or what is wrong with the HTML that Telegram, Matrix and Google Chat read: only our tags, each closed, in order,
// and no character that ought to be an entity.
inline std::string html_fault(std::string_view html) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < html.size();) {
    const char c = html[at];
    if (c == '&') {
      const std::string_view entity = html.substr(at, html.find(';', at) - at);
      if (entity != "&amp" && entity != "&lt" && entity != "&gt" && entity != "&quot" && entity != "&#39")
        return "entity " + std::string(entity.substr(0, 12));
    }
    if (c == '>') return "a bare >";
    if (c != '<') {
      ++at;
      continue;
    }
    const std::size_t end = html.find('>', at);
    if (end == std::string_view::npos) return "an unfinished tag";
    const std::string_view tag = html.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag == "br") continue;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "closes " + std::string(tag);
      open.pop_back();
    } else if (tag == "b" || tag == "blockquote") {
      open.emplace_back(tag);
    } else if (tag.starts_with("a href=\"http") && tag.ends_with('"') &&
               tag.find_first_of("\"<> ", 8) == tag.size() - 1) {
      open.emplace_back("a");
    } else {
      return "tag " + std::string(tag.substr(0, 40));
    }
  }
  return open.empty() ? "" : "left open: " + open.back();
}

// Everything that is wrong with a payload, a line each.
inline std::vector<std::string> faults_of(std::string_view kind, std::string_view payload) {
  std::vector<std::string> faults;
  if (!is_valid_utf8(payload)) faults.push_back("not UTF-8");
  const auto document = json::parse(payload);
  if (!document) return {"not JSON: " + document.error().what};
  for (const Limit& limit : kChatLimits) {
    if (limit.kind != kind) continue;
    const auto weigh = [&](std::size_t size) {
      if (size > limit.most || size < limit.least)
        faults.push_back(std::string(limit.path) + ": " + std::to_string(size) + " of " + std::to_string(limit.most));
    };
    if (limit.path[0] == '\0') weigh(payload.size());
    if (limit.path[0] != '\0')
      each_at(document->root(), limit.path, [&](const json::Value& value) {
        if (limit.unit == Unit::elements || value.type() == json::Type::string) weigh(size_in(limit.unit, value));
      });
  }
  each_text(document->root(), "", [&](std::string_view name, std::string_view text) {
    if (const std::string mention = mention_in(text); !mention.empty())
      faults.push_back(std::string(name) + ": mentions " + mention);
    const bool html =
        (kind == "telegram" && name == ".text") || name == ".formatted_body" || name == "textParagraph.text";
    if (const std::string fault = html ? html_fault(text) : ""; !fault.empty())
      faults.push_back(std::string(name) + ": " + fault);
  });
  return faults;
}

}  // namespace vigie::test
