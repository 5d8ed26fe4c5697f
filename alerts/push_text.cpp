#include "alerts/push_text.h"

#include <optional>

#include "alerts/chat_layout.h"
#include "alerts/own_words.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kTitle = 60;
constexpr std::size_t kQuotes = 1;
constexpr std::size_t kLinks = 6;
constexpr std::size_t kOwnWords = 16u << 10;

PushText laid_out(const Story& story) {
  PushText push;
  push.title = cut(headline_of(story), kTitle);
  for (const Story::Link* one : buttons(story, kLinks)) push.links.push_back(*one);
  Story short_one = story;
  short_one.footer.clear();
  if (short_one.quotes.size() > kQuotes) short_one.quotes.resize(kQuotes);
  short_one.quotes_title.clear();  // it speaks of several
  ChatLines lines = lines_of(short_one, Markup::plain);
  lines.actions.clear();  // buttons beside the text
  push.text = body_of(lines, {});
  // Services refuse a message without a text.
  if (push.text.empty()) push.text = push.title.empty() ? "vigie" : push.title;
  if (push.title.empty()) push.title = "vigie";
  return push;
}

}  // namespace

PushText push_text(const Story& story, const EndpointSettings& endpoint,
                   const std::function<bool(const PushText&)>& fits) {
  if (const auto own = own_words(story, endpoint, Markup::plain, kOwnWords)) {
    PushText push = laid_out(for_chat(story));
    push.text = *own;
    for (; !push.text.empty() && !fits(push); push.text = cut(push.text, count_code_points(push.text) * 7 / 8)) {
      if (push.links.size() > 1) push.links.resize(1);
    }
    if (!push.text.empty()) return push;
  }
  return laid_out(fitted(story, [&](const Story& one) { return fits(laid_out(one)); }));
}

std::string opens(const PushText& push) {
  for (const Story::Link& one : push.links) {
    if (one.kind == "open") return one.url;
  }
  return push.links.empty() ? "" : push.links.front().url;
}

}  // namespace vigie
