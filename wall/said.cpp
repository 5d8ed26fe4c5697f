#include "wall/said.h"

#include "base/graphemes.h"
#include "store/moderation.h"
#include "wall/improvements.h"
#include "wall/improvements_page.h"
#include "wall/public_time.h"
#include "wall/replies.h"

namespace vigie {
namespace {

constexpr int kMostLooked = 50;
constexpr std::size_t kMostShown = 3;

std::string_view word_of(Finding finding) {
  switch (finding) {
    case Finding::better: return "better";
    case Finding::worse: return "worse";
    case Finding::unclear: return "unclear";
    case Finding::too_few: return "too_few";
  }
  return "unclear";
}

// What was compared, in numbers, and what that says.
std::string effect_in_words(const Wording& w, const Improvement& improvement) {
  const Effect& effect = *improvement.effect;
  const auto days = w.count("days", (effect.turn - effect.from) / kDay);
  const auto count = [&](std::int64_t n) { return w.number(n); };
  const Findings found = findings_of(effect);
  std::string out;
  if (!improvement.theme.empty()) {
    out = concat(w.say("effect.complaints", {{"before", count(effect.before.complaints)},
                                             {"of_before", count(effect.before.n)},
                                             {"after", count(effect.after.complaints)},
                                             {"of_after", count(effect.after.n)},
                                             {"days", days}}),
                 " ", w.say(concat("effect.", word_of(found.complaints))));
  } else if (effect.before.rated >= 2 && effect.after.rated >= 2) {
    out = concat(w.say("effect.mean", {{"before", w.decimal(effect.before.mean, 1)},
                                       {"after", w.decimal(effect.after.mean, 1)},
                                       {"days", days}}),
                 " ", w.say(concat("effect.", word_of(found.rating))));
  }
  return out;
}

void write_time(json::Writer& out, std::string_view key, std::string_view sentence, Time time) {
  out.key(key).begin_object().member("text", sentence).member("iso", public_day(time)).end_object();
}

}  // namespace

Result<Beside> beside_of(const WallView& view, Store& store, const Review& review) {
  Beside beside;
  TRY(beside.reply, store.moderation().reply_to(review.id));
  TRY(std::vector<Improvement> improvements, store.moderation().improvements_of(review.id));
  for (Improvement& one : improvements) {
    TRY(std::string address, improvement_address(view, one, store));
    beside.improvements.push_back({std::move(one), std::move(address)});
  }
  return beside;
}

void write_beside(json::Writer& out, const WallView& view, const Beside& beside) {
  const Wording& w = view.wording;
  if (beside.reply) {
    const Reply& reply = *beside.reply;
    out.key("reply").begin_object().member("from", w.say("reply", {{"brand", view.brand.name}}));
    out.member("text", displayable(reply.text()));
    if (is_public_link(reply.link())) out.member("link", reply.link());
    write_time(out, "at", w.say("replied", {{"date", w.date(reply.at)}}), reply.at);
    out.end_object();
  }
  out.key("improvements").begin_array();
  for (const auto& [one, address] : beside.improvements) {
    out.begin_object().member("href", address).member("title", displayable(one.title()));
    out.member("status", w.name("improvement_states", to_text(one.state))).end_object();
  }
  out.end_array();
}

Result<void> write_said(json::Writer& out, const WallView& view, Store& store) {
  const Wording& w = view.wording;
  TRY(const std::vector<Improvement> all, store.moderation().improvements(view.brand.id, kMostLooked));
  std::vector<const Improvement*> made;
  for (const Improvement& one : all) {
    if (made.size() < kMostShown && one.since(ImprovementState::done)) made.push_back(&one);
  }
  if (made.empty()) return {};
  out.key("said").begin_object().member("href", view.below("improvements")).key("list").begin_array();
  for (const Improvement* one : made) {
    const Time done = one->since(ImprovementState::done).value_or(Time{});
    TRY(const std::string address, improvement_address(view, *one, store));
    out.begin_object().member("address", address).member("title", displayable(one->title()));
    out.member("because", w.count("because", static_cast<std::int64_t>(one->refs.size())));
    write_time(out, "done", w.say("done_on", {{"date", w.date(done)}}), done);
    if (one->effect) out.member_if("effect", effect_in_words(w, *one));
    if (one->worked + one->did_not > 0) {
      out.member("answers", w.say("said_worked",
                                  {{"worked", w.number(one->worked)}, {"all", w.number(one->worked + one->did_not)}}));
    }
    out.end_object();
  }
  out.end_array().end_object();
  return {};
}

}  // namespace vigie
