#include "app/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Time kNoon = from_epoch(1795262400);  // 2026-11-21T12:00:00Z

Signal signal() {
  Signal one;
  one.id = "s1";
  one.brand = "acme";
  one.since = kNoon;
  one.at = kNoon + hours(2);
  one.observed = 3;
  one.expected = .8;
  one.expected_low = 0;
  one.expected_high = 3;
  one.total = 10;
  one.usual_share = .1;
  one.months_by_chance = 400;
  one.authors = 3;
  one.themes = {{"delivery", 3, .2}};
  one.sources = {{"forum", 3}};
  one.mentions = {1, 2, 3};
  return one;
}

StoredMention mention(std::int64_t seq, Duration written, const std::string& author, double p_neg = .9) {
  StoredMention one;
  one.seq = seq;
  one.event = one.ingested = kNoon + written;
  one.brands = {"acme"};
  one.judgement.p_neg = p_neg;
  one.mention.source = "forum";
  one.mention.author.id = author;
  one.mention.text = concat("parcel ", std::to_string(seq));
  one.mention.url = concat("https://forum.example/", std::to_string(seq));
  return one;
}

std::vector<std::string> differing(const std::vector<Number>& numbers) {
  std::vector<std::string> out;
  for (const Number& one : numbers) {
    if (!one.agrees) out.push_back(one.what);
  }
  return out;
}

TEST(Explain, FindsNoDifferenceWhereNobodyWouldSeeOne) {
  Signal now = signal();
  now.expected = .801;
  now.months_by_chance = 401;

  EXPECT_TRUE(all_agree(compare_numbers(signal(), now)));
}

TEST(Explain, NamesEveryNumberThatDiffers) {
  Signal now = signal();
  now.observed = 2;
  now.expected = 2;
  now.themes = {{"delivery", 3, .2}, {"staff", 1, .1}};
  now.sources = {};
  now.since += minutes(1);

  EXPECT_THAT(differing(compare_numbers(signal(), now)),
              ElementsAre("began", "complaints, one a person", "usual for that time", "about staff", "from forum"));
}

TEST(Explain, SaysOfEachMentionWhetherItCountsAndWhyNot) {
  std::vector<StoredMention> all = {
      mention(1, minutes(1), "ann"),     mention(2, minutes(2), "ann"), mention(3, minutes(3), "bob", .1),
      mention(4, minutes(4), "cat"),     mention(5, minutes(5), ""),    mention(6, minutes(6), ""),
      mention(7, -minutes(30), "early"), mention(8, hours(3), "after"), mention(9, minutes(9), "late"),
  };
  all[3].original = 1;
  all[6].ingested = kNoon + minutes(7);
  all[8].event = kNoon + minutes(1);
  all[8].ingested = kNoon + minutes(62);

  const std::vector<Weighed> weighed = weigh(all, signal());

  std::vector<Weighed::Why> why;
  for (const Weighed& one : weighed) why.push_back(one.why);
  using enum Weighed::Why;
  EXPECT_THAT(why, ElementsAre(counted, same_author, not_negative, copy, counted, counted, before, late))
      << "without an author each counts; what came after the signal is not there";
  EXPECT_EQ(weighed[1].of, 1);
  EXPECT_EQ(weighed[3].of, 1);
}

TEST(Explain, SaysWhyARouteTellsOrDoesNot) {
  Incident incident;
  incident.brand = "acme";
  incident.severity = 3;
  RouteSettings all, grave, other;
  all.to = {"mail"};
  grave.min_severity = Severity::critical;
  other.brands = {"zeta"};

  const std::vector<RouteAnswer> answers = who_is_told(incident, {all, grave, other});

  EXPECT_TRUE(answers[0].tells);
  EXPECT_EQ(answers[1].why, "it begins at critical, this is warning");
  EXPECT_EQ(answers[2].why, "it is for other brands");
}

IncidentCase explanation() {
  IncidentCase e;
  e.incident.id = "00aa";
  e.incident.brand = "acme";
  e.incident.state = IncidentState::open;
  e.incident.severity = 3;
  e.incident.opened = kNoon + hours(2);
  e.incident.evidence = signal();
  e.brand_name = "Acme";
  e.again = signal();
  e.numbers = compare_numbers(e.incident.evidence, *e.again);
  e.mentions = weigh({mention(1, minutes(1), "ann"), mention(2, minutes(2), "bob"), mention(3, minutes(3), "cat"),
                      mention(4, minutes(4), "dan", .1)},
                     signal());
  return e;
}

TEST(Explain, ReadsWithoutStatistics) {
  const std::string text = explanation_text(explanation(), 2);

  EXPECT_THAT(text, AllOf(HasSubstr("3 people complained between 2026-11-21 12:00 and 2026-11-21 14:00 (UTC)"),
                          HasSubstr("0.8 people usually do; nine times out of ten it is between 0 and 3"),
                          HasSubstr("30 in a hundred were complaints; 10 in a hundred is usual"),
                          HasSubstr("Chance alone brings this about once in 33 years"),
                          HasSubstr("allowed one false alarm a month"), HasSubstr("Every number agrees.")));
  EXPECT_THAT(text, AllOf(HasSubstr("3 counted"), HasSubstr("#1  2026-11-21 12:01  forum  parcel 1"),
                          HasSubstr("https://forum.example/1"), HasSubstr("and 1 more: --most 3 shows them"),
                          HasSubstr("1 not counted: no complaints"), HasSubstr("there is no [[route]]"),
                          Not(HasSubstr("The rule told"))));
}

TEST(Explain, SaysWhyNumbersDiffer) {
  IncidentCase e = explanation();
  e.again->observed = 2;
  e.numbers = compare_numbers(e.incident.evidence, *e.again);
  e.changed = {1, 0, 2};

  EXPECT_FALSE(e.agrees());
  EXPECT_THAT(explanation_text(e, 9), HasSubstr("1 differs: of the mentions of that time 1 was deleted at its source "
                                                "and 2 were relabelled by people since."));
  e.changed = {};
  EXPECT_THAT(explanation_text(e, 9), HasSubstr("so the settings or the version of the rules have"));
  e.again.reset();
  EXPECT_FALSE(e.agrees());
  EXPECT_THAT(explanation_text(e, 9), HasSubstr("nothing is found any more"));
}

TEST(Explain, KeepsWhatWasWrittenFromTheTerminal) {
  IncidentCase e = explanation();
  e.mentions[0].mention.mention.text = "evil\x1b]0;title\a text\nand a line";

  EXPECT_THAT(explanation_text(e, 9), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\a")), Not(HasSubstr("text\nand"))));
}

TEST(Standing, SaysWhyThereIsNothingToSay) {
  BrandStanding standing;
  standing.brand_name = "Acme";
  standing.at = kNoon;
  EXPECT_THAT(standing_text(standing), HasSubstr("nobody had spoken of it yet"));

  standing.first = kNoon - hours(12);
  standing.last = kNoon;
  EXPECT_THAT(standing_text(standing), HasSubstr("known for 12 hours only"));

  standing.first = kNoon - 30 * kDay;
  EXPECT_THAT(standing_text(standing), HasSubstr("no more complaints than are usual"));

  standing.last = kNoon - 3 * kDay;
  EXPECT_THAT(standing_text(standing), HasSubstr("nothing had been written of it for 3 days"));

  standing.least = signal();
  standing.least->months_by_chance = .2;
  EXPECT_THAT(
      standing_text(standing),
      HasSubstr("chance alone brings this about 5 times a month, and the setting allows one false alarm a month"));
}

}  // namespace
}  // namespace vigie
