#include "alerts/text_message.h"

#include <algorithm>

#include "alerts/chat_text.h"
#include "alerts/gsm7.h"
#include "alerts/own_words.h"

namespace vigie {
namespace {

constexpr std::size_t kLinkMost = 110;
constexpr std::size_t kOwnWords = 8u << 10;

// A phone reaches nothing that listens on the machine itself, as a console does unless it is told otherwise.
bool is_of_this_machine(std::string_view url) {
  const std::string_view host = url.substr(std::min(url.size(), url.find("://") + 3));
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

std::string short_link(const Story& story) {
  for (const std::string_view kind : {"ack", "open", "wall"}) {
    const Story::Link* one = story.link(kind);
    std::string url = one ? web_link(one->url) : "";
    if (!url.empty() && !is_of_this_machine(url) && gsm7_length(url) <= kLinkMost) return url;
  }
  return "";
}

// What has no room goes as a whole part of the sentence, from its end; the first one is cut if it must be.
std::string within(std::string_view text, std::size_t room) {
  while (gsm7_length(text) > room) {
    const std::size_t comma = text.rfind(", ");
    if (comma == 0 || comma == std::string_view::npos) return shorten_gsm7(text, room);  // no part stands before it
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
