// What holds for every rule: the order within a minute, restarts, other brands and repetitions change nothing.

#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/rules/own_rules.h"
#include "tests/pipeline/rules_stream.h"

namespace vigie {
namespace {

using test::kMonday;
using test::lines;
using test::of;
using test::rule;
using test::Said;
using test::Stream;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Kind = RuleSettings::Kind;

// One of each kind, the built-in budget beside them.
Settings one_of_each() {
  RuleSettings share = rule(Kind::threshold, "share", 10, hours(6));
  share.measure = Measure::share;
  share.share = 0.4;
  RuleSettings word = rule(Kind::keyword, "word", 1, hours(8));
  word.match = "boycott*";
  RuleSettings stars = rule(Kind::rating, "stars", 8, kDay);
  stars.drop = 0.5;
  stars.before = 4 * kDay;
  RuleSettings answers = rule(Kind::unanswered, "answers", 3, hours(12));
  answers.types = {"review"};
  RuleSettings silence = rule(Kind::silence, "silence", 12, hours(1));
  RuleSettings careful = rule(Kind::budget, "careful", 1, hours(1));
  careful.budget = 8;
  return test::settings_of({rule(Kind::threshold, "many", 6, hours(1)), share, word, stars, answers, silence, careful});
}

// Three weeks of two brands, with crises, an outage, stars, replies and a word, drawn from one seed.
Stream three_weeks(std::uint64_t seed) {
  SeededRng rng(seed);
  Stream stream;
  const auto below = [&](std::uint64_t n) { return static_cast<std::uint64_t>(rng.unit() * static_cast<double>(n)); };
  Time now = kMonday;
  while (now < kMonday + 21 * kDay) {
    const auto hour = std::chrono::duration_cast<hours>(now - kMonday).count();
    const bool outage = hour >= 430 && hour < 450, crisis = hour % 100 >= 90;
    now += outage ? Duration(hours(20)) : Duration(seconds(static_cast<std::int64_t>(below(crisis ? 300 : 1800))));
    Said said;
    said.author = below(10) == 0 ? "" : "client-" + std::to_string(below(400));
    said.negative = below(10) < (crisis ? 7u : 1u);
    said.brand = below(3) == 0 ? "other" : "acme";
    said.source = below(2) == 0 ? "forum" : "shop";
    if (said.negative) said.themes = {below(2) == 0 ? "delivery" : "price"};
    if (below(4) == 0) {
      said.kind = "review";
      said.stars = static_cast<int>(said.negative ? 1 + below(2) : 4 + below(2));
      if (below(2) == 0) said.reply = OwnReply{"thanks", now + hours(static_cast<std::int64_t>(below(30)))};
    }
    if (below(60) == 0) said.text = "time to boycott acme";
    said.copy = below(12) == 0;
    said.late = minutes(static_cast<std::int64_t>(below(5) == 0 ? below(600) : 0));
    stream.say(now, said);
  }
  return stream;
}

const Time kEnd = kMonday + 22 * kDay;

// Without the seqs, which follow the order of arrival, and the budget, whose own tests say the same of it.
std::vector<Signal> by_minute(std::vector<Signal> signals, const std::vector<StoredMention>& mentions) {
  std::erase_if(signals, [](const Signal& signal) { return signal.rule == "budget"; });
  for (Signal& signal : signals) {
    for (std::int64_t& seq : signal.mentions) seq = std::stoll(mentions[static_cast<std::size_t>(seq) - 1].mention.id);
  }
  return signals;
}

class RulesProperty : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RulesProperty, EachRuleSpeaksInTheseWeeks) {
  const auto signals = test::signals_of(one_of_each(), three_weeks(GetParam()).all, kEnd);

  for (const std::string id : {"many", "share", "word", "stars", "answers", "silence"}) {
    EXPECT_THAT(of(signals, SignalKind::raise, id), Not(IsEmpty())) << id;
  }
  for (const std::string id : {"many", "share", "word", "silence"}) {
    EXPECT_THAT(of(signals, SignalKind::clear, id), Not(IsEmpty())) << id;
  }
}

// So that the order in which the signals of one instant are told cannot matter: each is about another incident.
TEST_P(RulesProperty, NoRuleSaysTwoThingsOfABrandAtOneInstant) {
  std::set<std::tuple<std::string, std::string, Time>> said;

  for (const Signal& signal : test::signals_of(one_of_each(), three_weeks(GetParam()).all, kEnd))
    EXPECT_TRUE(said.emplace(signal.brand, signal.incident_kind, signal.at).second) << signal.id;
}

TEST_P(RulesProperty, TheOrderWithinAMinuteChangesNothing) {
  const Settings settings = one_of_each();
  std::vector<StoredMention> mentions = three_weeks(GetParam()).all;
  // Into quarters of an hour, so that there is an order to change.
  for (StoredMention& m : mentions) {
    m.ingested = std::chrono::floor<minutes>(m.ingested);
    m.ingested -= (m.ingested - kMonday) % minutes(15);
    m.event = std::min(m.event, m.ingested);
  }
  const auto expected = by_minute(test::signals_of(settings, mentions, kEnd), mentions);
  SeededRng rng(GetParam() + 1000);
  for (std::size_t first = 0; first < mentions.size();) {
    std::size_t last = first;
    while (last < mentions.size() && mentions[last].ingested == mentions[first].ingested) ++last;
    for (std::size_t i = last - 1; i > first; --i) {
      std::swap(mentions[i],
                mentions[first + static_cast<std::size_t>(rng.unit() * static_cast<double>(i - first + 1))]);
    }
    first = last;
  }
  for (std::size_t i = 0; i < mentions.size(); ++i) mentions[i].seq = static_cast<std::int64_t>(i) + 1;

  EXPECT_EQ(lines(by_minute(test::signals_of(settings, mentions, kEnd), mentions)), lines(expected));
}

TEST_P(RulesProperty, RestartsChangeNoByte) {
  const Settings settings = one_of_each();
  const std::vector<StoredMention> mentions = three_weeks(GetParam()).all;
  const auto straight = make_rules(settings, theme_ids());
  auto restarted = make_rules(settings, theme_ids());
  std::vector<Signal> expected, got;
  SeededRng rng(GetParam() + 2000);

  for (const StoredMention& mention : mentions) {
    straight->observe(mention, expected);
    restarted->observe(mention, got);
    if (rng.unit() > 0.02) continue;
    const std::string saved = restarted->save();
    restarted = make_rules(settings, theme_ids());
    ASSERT_TRUE(restarted->restore(saved));
  }
  straight->tick(kEnd, expected);
  restarted->tick(kEnd, got);

  EXPECT_EQ(lines(got), lines(expected));
}

// The state of the rules by itself: the detector's stands before it.
std::string state_of(const OwnRules& rules) {
  ByteWriter out;
  rules.save(out);
  return out.take();
}

TEST_P(RulesProperty, ARestoredStateIsSavedTheSame) {
  const Settings settings = one_of_each();
  const std::vector<std::string> themes = theme_ids();
  OwnRules straight(settings.rules, themes);
  auto restarted = std::make_unique<OwnRules>(settings.rules, themes);
  std::vector<Signal> ignored;
  SeededRng rng(GetParam() + 4000);
  const auto take = [&](OwnRules& rules, const StoredMention& mention) {
    rules.run_until(minute_of(mention.ingested), ignored);
    LazyText text(mention);
    rules.take(mention, mention.brands[0], text);
  };

  for (const StoredMention& mention : three_weeks(GetParam()).all) {
    take(straight, mention);
    take(*restarted, mention);
    if (rng.unit() > 0.02) continue;
    const std::string saved = state_of(*restarted);
    restarted = std::make_unique<OwnRules>(settings.rules, themes);
    ByteReader in(saved);
    restarted->restore(in);
    ASSERT_TRUE(in.done());
    ASSERT_EQ(state_of(*restarted), saved);
    ASSERT_EQ(state_of(straight), saved);
  }
}

TEST_P(RulesProperty, WhenTimeIsToldChangesNothing) {
  const Settings settings = one_of_each();
  const std::vector<StoredMention> mentions = three_weeks(GetParam()).all;
  const auto often = make_rules(settings, theme_ids());
  std::vector<Signal> got;

  for (std::size_t i = 0; i < mentions.size(); ++i) {
    often->observe(mentions[i], got);
    if (i + 1 == mentions.size()) break;
    for (Time now = mentions[i].ingested; now < mentions[i + 1].ingested; now += seconds(97)) often->tick(now, got);
  }
  often->tick(kEnd, got);

  EXPECT_EQ(lines(by_minute(got, mentions)), lines(by_minute(test::signals_of(settings, mentions, kEnd), mentions)));
}

TEST_P(RulesProperty, ABrandAloneIsToldAsAmongAll) {
  const Settings settings = one_of_each();
  const std::vector<StoredMention> mentions = three_weeks(GetParam()).all;
  const auto together = by_minute(test::signals_of(settings, mentions, kEnd), mentions);

  for (const std::string brand : {"acme", "other"}) {
    std::vector<Signal> expected = together;
    std::erase_if(expected, [&](const Signal& signal) { return signal.brand != brand; });
    const auto alone = by_minute(test::signals_of(settings, mentions, kEnd, brand), mentions);
    EXPECT_EQ(lines(alone), lines(expected)) << brand;
  }
}

TEST_P(RulesProperty, AnAuthorWhoRepeatsHimselfRaisesNothing) {
  const Settings settings = one_of_each();
  const std::vector<StoredMention> mentions = three_weeks(GetParam()).all;
  std::vector<StoredMention> twice;
  for (const StoredMention& mention : mentions) {
    twice.push_back(mention);
    if (!mention.mention.author.handle.empty() && mention.mention.kind != "review") twice.push_back(mention);
  }
  const auto raises = [](std::vector<Signal> signals) {
    std::erase_if(signals, [](const Signal& s) {
      return s.kind != SignalKind::raise || s.rule == "budget" || s.rule == "silence";
    });
    return lines(signals);
  };

  EXPECT_EQ(raises(test::signals_of(settings, twice, kEnd)), raises(test::signals_of(settings, mentions, kEnd)));
}

// What holds a count of negatives up to a bar cannot be helped over it by friendly words.
TEST_P(RulesProperty, FriendlyWordsRaiseNoCountOfComplaints) {
  Settings settings = one_of_each();
  std::erase_if(settings.rules, [](const RuleSettings& r) { return r.kind != Kind::threshold; });
  const std::vector<StoredMention> mentions = three_weeks(GetParam()).all;
  std::vector<StoredMention> friendlier;
  SeededRng rng(GetParam() + 3000);
  for (const StoredMention& mention : mentions) {
    friendlier.push_back(mention);
    if (rng.unit() > 0.5) continue;
    StoredMention kind_word = mention;
    kind_word.judgement.p_neg = 0.05;
    kind_word.mention.author.handle = "friend-" + mention.mention.id;
    friendlier.push_back(kind_word);
  }
  const auto raised = [&](const std::vector<StoredMention>& of_these) {
    return of(test::signals_of(settings, of_these, kEnd), SignalKind::raise, "share").size();
  };

  EXPECT_LE(raised(friendlier), raised(mentions));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RulesProperty, testing::Values(1, 2, 3));

TEST(RulesState, IsKeptForRulesThatAreUnchangedWhenOthersChange) {
  Settings before = one_of_each();
  const std::vector<StoredMention> mentions = three_weeks(5).all;
  const auto half = mentions.begin() + static_cast<std::ptrdiff_t>(mentions.size() / 2);
  const auto old = make_rules(before, theme_ids());
  std::vector<Signal> ignored, expected, got;
  test::observe(*old, {mentions.begin(), half}, ignored);

  Settings after = before;
  std::erase_if(after.rules, [](const RuleSettings& r) { return r.id == "word"; });
  after.rules[0].window = hours(2);  // "many" counts anew
  after.rules.insert(after.rules.begin(), rule(Kind::silence, "newcomer", 12, hours(1)));
  const auto now = make_rules(after, theme_ids());
  ASSERT_TRUE(now->restore(old->save()));
  test::observe(*old, {half, mentions.end()}, expected);
  test::observe(*now, {half, mentions.end()}, got);

  const auto unchanged = [](std::vector<Signal> signals) {
    std::erase_if(signals, [](const Signal& s) {
      return s.incident_kind == "many" || s.incident_kind == "word" || s.incident_kind == "newcomer";
    });
    return lines(signals);
  };
  EXPECT_EQ(unchanged(got), unchanged(expected));
}

TEST(RulesState, OfAnotherVersionOrDamagedIsRefused) {
  const Settings settings = one_of_each();
  const auto rules = make_rules(settings, theme_ids());
  std::vector<Signal> ignored;
  test::observe(*rules, three_weeks(1).all, ignored);
  const std::string saved = rules->save();

  const auto refusal = [&](const std::string& state) {
    const Result<void> restored = make_rules(settings, theme_ids())->restore(state);
    return restored ? std::string("taken") : restored.error().what;
  };
  std::string flipped = saved;
  flipped[saved.size() / 2] = static_cast<char>(flipped[saved.size() / 2] ^ 1);
  EXPECT_THAT(refusal("vigie detector 2\nxxxx"), HasSubstr("another version"));
  EXPECT_THAT(refusal(flipped), HasSubstr("damaged"));
  EXPECT_THAT(refusal(saved.substr(0, saved.size() - 5)), HasSubstr("damaged"));
  EXPECT_EQ(refusal(saved), "taken");
}

}  // namespace
}  // namespace vigie
