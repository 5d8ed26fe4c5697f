#include "app/demo_week.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "app/demo_words.h"
#include "base/embedded.h"
#include "base/log.h"

namespace vigie {
namespace {

enum class Mood { positive, neutral, negative };
constexpr std::array<std::string_view, 3> kMoodNames = {"pos", "neu", "neg"};
std::string_view name_of(Mood mood) { return kMoodNames[static_cast<std::size_t>(mood)]; }

// What makes people write at one moment.
enum class Story { ordinary, viral, crisis, rant };

struct Place {
  std::string_view id;
  std::string_view kind;
  std::string_view url;  // the id is appended
  std::int64_t first_id;
  Duration poll;                        // how often it was asked
  std::array<double, 4> share;          // of each story's mentions
  std::array<double, 3> mood;           // positive, neutral, negative on an ordinary day
  std::vector<std::string_view> forms;  // templates that suit it
};

const std::vector<Place>& places() {
  static const std::vector<Place> all = {
      {"avis-boutique",
       "review",
       "https://avis.tilvane.example/",
       104'200,
       minutes(5),
       {.30, 0, .26, 0},
       {.64, .17, .19},
       {"review", "any"}},
      {"mastodon",
       "post",
       "https://social.example/@tilvane-fans/",
       115'530'000,
       minutes(2),
       {.35, .70, .46, .8},
       {.42, .42, .16},
       {"post", "any"}},
      {"forum",
       "post",
       "https://forum.example/t/",
       48'100,
       minutes(10),
       {.18, .27, .16, .2},
       {.32, .53, .15},
       {"forum", "any"}},
      {"app-store",
       "review",
       "https://apps.example/tilvane/reviews/",
       7'700,
       minutes(30),
       {.15, 0, .12, 0},
       {.5, .22, .28},
       {"app"}},
      {"presse",
       "article",
       "https://presse.example/articles/",
       3'100,
       hours(1),
       {.02, .03, 0, 0},
       {.2, .8, 0},
       {"press"}},
  };
  return all;
}
constexpr std::size_t kReviews = 0, kMastodon = 1, kForum = 2, kAppStore = 3, kPress = 4;

constexpr double kMentionsAnHour = 40;  // at the busiest time of an ordinary day
constexpr double kCrisisAnHour = 39;    // negatives on top of about 7 usual ones: between six and seven times as many
constexpr double kRantsAnHour = 12;
constexpr std::string_view kRanter = "client-0913";

// By hour of the day, UTC; the customers live one hour east.
constexpr std::array<double, 24> kDayCurve = {.12,  .07, .05, .05, .06, .14,  .35, .65,  .85, .95, 1,   1.02,
                                              1.05, 1,   .95, .95, 1,   1.05, 1.1, 1.08, .95, .7,  .45, .25};
// From Friday 14:00, hour by hour: it rises fast, sleeps, and comes back at breakfast.
constexpr std::array<double, 21> kCrisisCurve = {.6,  .95, 1.05, 1.05, 1.05, 1,  .95, .8, .6, .4, .2,
                                                 .15, .15, .15,  .2,   .4,   .6, .75, .7, .5, .2};
constexpr Time kCrisis = kDemoStart + 4 * kDay + hours(14);
constexpr Time kViralFrom = kDemoStart + 2 * kDay + hours(7), kViralTo = kDemoStart + 2 * kDay + hours(22);
constexpr Time kRantFrom = kDemoStart + 3 * kDay + hours(13), kRantTo = kDemoStart + 3 * kDay + hours(18);
constexpr Time kSilentFrom = kDemoStart + kDay + hours(9), kSilentTo = kDemoStart + kDay + hours(15);
constexpr Time kWarehouseOpens = kDemoStart + 5 * kDay + hours(10);

std::size_t hour_of_day(Time time) {
  return static_cast<std::size_t>(
      std::chrono::floor<hours>(time - std::chrono::floor<std::chrono::days>(time)).count());
}

double usual_rate(Time hour) {
  const bool weekend = hour >= kDemoStart + 5 * kDay;
  return kMentionsAnHour * kDayCurve[hour_of_day(hour)] * (weekend ? .85 : 1);
}

double story_rate(Story story, Time hour) {
  switch (story) {
    case Story::ordinary: return usual_rate(hour);
    case Story::viral: return hour >= kViralFrom && hour < kViralTo ? 3 * usual_rate(hour) : 0;
    case Story::rant: return hour >= kRantFrom && hour < kRantTo ? kRantsAnHour : 0;
    case Story::crisis: break;
  }
  if (hour < kCrisis) return 0;
  const auto since = static_cast<std::size_t>((hour - kCrisis) / hours(1));
  return since < kCrisisCurve.size() ? kCrisisAnHour * kCrisisCurve[since] : 0;
}

// Knuth, "The Art of Computer Programming", 3.4.1: fine below a few hundred.
int poisson(Rng& rng, double mean) {
  const double limit = std::exp(-mean);
  int count = 0;
  double product = rng.unit();
  while (product > limit) {
    product *= rng.unit();
    ++count;
  }
  return count;
}

template <std::size_t N>
std::size_t weighted(Rng& rng, const std::array<double, N>& weights) {
  double left = rng.unit();
  for (std::size_t i = 0; i + 1 < N; ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return N - 1;
}

std::size_t draw_place(Rng& rng, Story story) {
  std::array<double, 5> weights{};
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = places()[i].share[static_cast<std::size_t>(story)];
  const std::size_t drawn = weighted(rng, weights);
  return weights[drawn] > 0 ? drawn : kMastodon;  // rounding of the last weight
}

Mood draw_mood(Rng& rng, Story story, const Place& place) {
  if (story == Story::crisis || story == Story::rant) return Mood::negative;
  if (story == Story::viral) return static_cast<Mood>(weighted(rng, std::array<double, 3>{.63, .35, .02}));
  return static_cast<Mood>(weighted(rng, place.mood));
}

// A mention before its source numbers it.
struct Draft {
  std::size_t place = 0;
  Story story = Story::ordinary;
  Mood mood = Mood::neutral;
  Mention mention;
};

class Writer {
 public:
  Writer(Rng& rng, const DemoWords& french, const DemoWords& english) : rng_(rng), french_(french), english_(english) {}

  std::optional<Draft> write(Story story, Time hour) {
    Draft draft;
    draft.story = story;
    draft.place = draw_place(rng_, story);
    const Place& place = places()[draft.place];
    draft.mood = draw_mood(rng_, story, place);
    const bool french = rng_.unit() < .7;
    const DemoWords& words = french ? french_ : english_;

    Mention& m = draft.mention;
    m.source = place.id;
    m.kind = place.kind;
    m.lang = french ? "fr" : "en";
    m.created = hour + seconds(rng_.below(3600));
    if (!compose(draft, words)) return std::nullopt;
    sign(draft);
    rate(draft);
    return draft;
  }

  // An article about the warehouse, at its own time.
  Draft crisis_article(Time at) {
    Draft draft;
    draft.place = kPress;
    draft.story = Story::crisis;
    draft.mood = Mood::negative;
    draft.mention.source = places()[kPress].id;
    draft.mention.kind = places()[kPress].kind;
    draft.mention.lang = "fr";
    draft.mention.created = at;
    if (const DemoTemplate* t = french_.pick(rng_, {"press-crisis"}, "neg"))
      split_article(french_.fill(rng_, t->text), draft.mention);
    return draft;
  }

  // The shop's answer, some hours later; nothing for most.
  std::optional<OwnReply> answer(const Draft& draft) {
    constexpr std::array<double, 3> kAnswered = {.12, .2, .5};
    if (draft.place != kReviews || rng_.unit() >= kAnswered[static_cast<std::size_t>(draft.mood)]) return std::nullopt;
    Time at = *draft.mention.created + minutes(100 + rng_.below(26 * 60));
    const bool crisis = draft.story == Story::crisis;
    if (crisis) at = std::max(at, kWarehouseOpens + minutes(rng_.below(300)));
    const DemoWords& words = draft.mention.lang == "fr" ? french_ : english_;
    return OwnReply{words.word(rng_, crisis ? "reply-crisis" : concat("reply-", name_of(draft.mood))), at};
  }

 private:
  const DemoTemplate* pick(const Draft& draft, const DemoWords& words) {
    const std::string_view mood = name_of(draft.mood);
    switch (draft.story) {
      case Story::crisis: return words.pick(rng_, {"crisis"}, mood);
      case Story::rant: return words.pick(rng_, {"rant"}, mood);
      case Story::viral:
        return words.pick(rng_, {draft.place == kPress ? "press" : "viral"}, draft.place == kPress ? "" : mood,
                          "viral");
      case Story::ordinary: break;
    }
    return words.pick(rng_, places()[draft.place].forms, mood);
  }

  bool compose(Draft& draft, const DemoWords& words) {
    const DemoTemplate* chosen = pick(draft, words);
    if (chosen == nullptr) return false;
    Mention& m = draft.mention;
    std::string text = words.fill(rng_, chosen->text);
    if (draft.place == kPress) {
      split_article(text, m);
      return true;
    }
    const std::string_view tone = draft.story == Story::viral ? "viral" : name_of(draft.mood);
    if (rng_.unit() < .55) text = concat(words.word(rng_, concat("before-", tone)), " ", text);
    if (rng_.unit() < .55) text = concat(text, " ", words.word(rng_, concat("after-", tone)));
    if (draft.place == kMastodon && text.find("Tilvane") == std::string::npos) text += " #Tilvane";
    m.text = std::move(text);
    m.title = title(draft, words);
    return true;
  }

  std::string title(const Draft& draft, const DemoWords& words) {
    if (draft.place == kForum) return words.word(rng_, draft.story == Story::viral ? "title-viral" : "title-forum");
    if (draft.mention.kind != "review" || rng_.unit() < .45) return "";
    return words.word(rng_, draft.story == Story::crisis ? "title-crisis" : concat("title-", name_of(draft.mood)));
  }

  static void split_article(const std::string& text, Mention& m) {
    const std::size_t bar = text.find("||");
    m.title = text.substr(0, bar);
    if (bar != std::string::npos) m.text = text.substr(bar + 2);
  }

  // One author in five belongs to the eighty who write often; those of the crisis hardly ever wrote before.
  void sign(Draft& draft) {
    if (draft.place == kPress) return;
    const bool regular = draft.story != Story::crisis && rng_.unit() < .2;
    const std::uint64_t number = regular ? 1 + rng_.below(80) : 81 + rng_.below(4900);
    Author& author = draft.mention.author;
    author.name = draft.story == Story::rant ? std::string(kRanter) : fmt::format("client-{:04}", number);
    author.id = author.name;
    if (draft.place != kMastodon && draft.place != kForum) return;
    author.handle = draft.place == kMastodon ? concat(author.name, "@social.example") : author.name;
    constexpr std::array<std::int64_t, 12> kFollowers = {8, 21, 35, 60, 90, 140, 210, 340, 520, 1'100, 3'900, 14'200};
    if (draft.place == kMastodon)
      author.followers = kFollowers[number % kFollowers.size()] + static_cast<std::int64_t>(number % 7);
    const std::uint64_t most = draft.story == Story::viral ? 420 : draft.story == Story::crisis ? 60 : 7;
    draft.mention.likes = static_cast<std::int64_t>(rng_.below(most));
    draft.mention.shares = *draft.mention.likes / 5;
  }

  void rate(Draft& draft) {
    if (draft.place != kReviews && draft.place != kAppStore) return;
    const bool sure = rng_.unit() < .65;
    const std::array<int, 3> clear = {5, 3, 1}, milder = {4, 3, 2};
    const int stars = (sure ? clear : milder)[static_cast<std::size_t>(draft.mood)];
    draft.mention.rating = Rating{static_cast<double>(stars), 1, 5};
    if (draft.place == kReviews && rng_.unit() < .93) draft.mention.verified = true;
    if (draft.place == kAppStore) draft.mention.version = rng_.unit() < .6 ? "5.3.0" : "5.2.1";
  }

  Rng& rng_;
  const DemoWords& french_;
  const DemoWords& english_;
};

std::vector<Draft> write_week(Rng& rng, Writer& writer) {
  std::vector<Draft> drafts;
  for (Time hour = kDemoStart; hour < kDemoEnd; hour += hours(1)) {
    for (const Story story : {Story::ordinary, Story::viral, Story::crisis, Story::rant}) {
      const double rate = story_rate(story, hour);
      const int count = rate > 0 ? poisson(rng, rate) : 0;
      for (int i = 0; i < count; ++i) {
        if (auto draft = writer.write(story, hour)) drafts.push_back(*std::move(draft));
      }
    }
  }
  drafts.push_back(writer.crisis_article(kCrisis + minutes(130)));
  drafts.push_back(writer.crisis_article(kCrisis + hours(17) + minutes(25)));
  std::stable_sort(drafts.begin(), drafts.end(),
                   [](const Draft& a, const Draft& b) { return *a.mention.created < *b.mention.created; });
  return drafts;
}

void number(std::vector<Draft>& drafts) {
  std::array<std::int64_t, 5> next{};
  for (Draft& draft : drafts) {
    const Place& place = places()[draft.place];
    // Uneven steps, as on a server with other things to number.
    const std::int64_t n = next[draft.place]++;
    draft.mention.id = fmt::format("{}", place.first_id + 7 * n + n % 5);
    draft.mention.url = concat(place.url, draft.mention.id);
  }
}

// Batches by the moment and the source they came from.
class Deliveries {
 public:
  void first(const Draft& draft) { batch(draft.place, arrival(draft)).mentions.push_back(draft.mention); }

  void again(const Draft& draft, OwnReply reply) {
    const Time at = next_poll(draft.place, *reply.created);
    if (at >= kDemoEnd) return;
    Mention answered = draft.mention;
    answered.reply = std::move(reply);
    batch(draft.place, at).mentions.push_back(std::move(answered));
  }

  std::vector<Batch> take() {
    std::vector<Batch> out;
    for (auto& [key, batch] : batches_) out.push_back(std::move(batch));
    return out;
  }

 private:
  static Time next_poll(std::size_t place, Time after) {
    const Duration every = places()[place].poll;
    return kDemoStart + ((after - kDemoStart) / every + 1) * every;
  }

  Time arrival(const Draft& draft) {
    const Time poll = next_poll(draft.place, *draft.mention.created);
    if (draft.place != kMastodon || poll < kSilentFrom || poll >= kSilentTo) return std::min(poll, kDemoEnd);
    // Back from its outage, the source is asked page after page, every 20 seconds.
    constexpr int kPage = 20;
    return kSilentTo + seconds(5) + (late_++ / kPage) * seconds(20);
  }

  Batch& batch(std::size_t place, Time at) {
    Batch& found = batches_[{at, place}];
    found.source = places()[place].id;
    found.ingested = at;
    found.next.value = format_rfc3339(at);
    return found;
  }

  std::map<std::pair<Time, std::size_t>, Batch> batches_;
  int late_ = 0;
};

}  // namespace

std::vector<Batch> demo_week(Rng& rng) {
  const auto french = DemoWords::load("fr"), english = DemoWords::load("en");
  if (!french || !english) {
    log::error("demo", (french ? english : french).error().what);
    return {};
  }
  Writer writer(rng, *french, *english);
  std::vector<Draft> drafts = write_week(rng, writer);
  number(drafts);
  Deliveries deliveries;
  for (const Draft& draft : drafts) {
    deliveries.first(draft);
    if (auto reply = writer.answer(draft)) deliveries.again(draft, *std::move(reply));
  }
  return deliveries.take();
}

std::string demo_config() { return std::string(embedded("config/demo/vigie.toml").value_or("")); }

}  // namespace vigie
