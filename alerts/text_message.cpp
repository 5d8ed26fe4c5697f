#include "alerts/text_message.h"

#include "alerts/chat_text.h"
#include "alerts/gsm7.h"
#include "alerts/own_words.h"

namespace vigie {
namespace {

constexpr std::size_t kLinkMost = 110;
constexpr std::size_t kOwnWords = 8u << 10;

std::string short_link(const Story& story) {
  for (const std::string_view kind : {"ack", "open", "wall"}) {
    const Story::Link* one = story.link(kind);
    std::string url = one ? web_link(one->url) : "";
    if (!url.empty() && gsm7_length(url) <= kLinkMost) return url;
  }
  return "";
}

// What has no room goes as a whole part of the sentence, from its end; the first one is cut if it must be.
std::string within(std::string_view text, std::size_t room) {
  while (gsm7_length(text) > room) {
    const std::size_t comma = text.rfind(", ");
    if (comma == std::string_view::npos) return shorten_gsm7(text, room);
    text = text.substr(0, comma);
  }
  return std::string(text);
}

std::string sentence(const Story& story) {
  std::string text = to_gsm7(one_line(story.brief));
  if (text.empty()) text = to_gsm7(one_line(concat("Vigie: ", story.title)));
  return text.empty() ? "Vigie" : text;
}

}  // namespace

std::string text_message(const Story& story, const EndpointSettings& endpoint) {
  if (const auto own = own_words(story, endpoint, Markup::plain, kOwnWords)) {
    const std::string text = shorten_gsm7(to_gsm7(*own), kTextMessage);
    if (!text.empty()) return text;
  }
  const std::string url = short_link(story);
  const std::size_t room = url.empty() ? kTextMessage : kTextMessage - gsm7_length(url) - 1;
  const std::string text = within(sentence(story), room);
  return url.empty() ? text : concat(text, " ", url);
}

}  // namespace vigie
