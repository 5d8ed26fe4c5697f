#include "app/demo_week.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/demo_words.h"
#include "app/load.h"

namespace vigie {
namespace {

using testing::Each;
using testing::IsEmpty;

std::vector<Batch> week(std::uint64_t seed = 7) {
  SeededRng rng(seed);
  return demo_week(rng);
}

std::string bytes_of(const std::vector<Batch>& batches) {
  std::string out;
  for (const Batch& batch : batches) {
    out += concat(batch.source, " ", format_rfc3339(batch.ingested), " ", batch.next.value, "\n");
    for (const Mention& mention : batch.mentions) out += to_json(mention) + "\n";
  }
  return out;
}

// Each mention as first delivered, with the moment it was.
std::vector<std::pair<Mention, Time>> first_deliveries(const std::vector<Batch>& batches) {
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<std::pair<Mention, Time>> out;
  for (const Batch& batch : batches) {
    for (const Mention& mention : batch.mentions) {
      if (seen.insert({mention.source, mention.id}).second) out.emplace_back(mention, batch.ingested);
    }
  }
  return out;
}

int written_between(const std::vector<std::pair<Mention, Time>>& mentions, Time from, Time to) {
  return static_cast<int>(std::count_if(mentions.begin(), mentions.end(), [&](const auto& m) {
    return *m.first.created >= from && *m.first.created < to;
  }));
}

}  // namespace

TEST(DemoWeek, IsTheSameBytesFromTheSameSeed) {
  EXPECT_EQ(bytes_of(week(7)), bytes_of(week(7)));
  EXPECT_NE(bytes_of(week(7)), bytes_of(week(8)));
}

TEST(DemoWeek, ComesInOrderOfIngestWithinItsSevenDays) {
  const std::vector<Batch> batches = week();

  ASSERT_FALSE(batches.empty());
  for (std::size_t i = 1; i < batches.size(); ++i) ASSERT_LE(batches[i - 1].ingested, batches[i].ingested);
  for (const Batch& batch : batches) {
    ASSERT_FALSE(batch.mentions.empty());
    ASSERT_LE(batch.mentions.size(), 500u);
    ASSERT_LE(batch.ingested, kDemoEnd);
    for (const Mention& mention : batch.mentions) {
      ASSERT_EQ(mention.source, batch.source);
      ASSERT_GE(*mention.created, kDemoStart);
      ASSERT_LE(*mention.created, batch.ingested);
    }
  }
}

TEST(DemoWeek, RepeatsAMentionOnlyToBringTheShopsAnswer) {
  std::set<std::pair<std::string, std::string>> seen;
  int answers = 0;

  for (const Batch& batch : week()) {
    for (const Mention& mention : batch.mentions) {
      const bool first = seen.insert({mention.source, mention.id}).second;
      ASSERT_EQ(first, !mention.reply.has_value()) << to_json(mention);
      if (!first) {
        ++answers;
        ASSERT_GT(*mention.reply->created, *mention.created);
        ASSERT_LE(*mention.reply->created, batch.ingested);
      }
    }
  }

  EXPECT_GT(answers, 100);
}

TEST(DemoWeek, FillsEverySlotAndSpeaksOfTheBrandWhereItMustBeFound) {
  const Settings settings = read_settings(config::Tree::parse(demo_config(), "demo.toml"), known_kinds());
  std::set<std::string> tied;
  for (const SourceSettings& source : settings.sources) {
    if (!source.brand.empty()) tied.insert(source.id);
  }

  for (const auto& [mention, unused] : first_deliveries(week())) {
    ASSERT_EQ((mention.title + mention.text).find_first_of("{}|"), std::string::npos) << to_json(mention);
    ASSERT_FALSE(mention.text.empty());
    const bool named = (mention.title + mention.text).find("Tilvane") != std::string::npos;
    ASSERT_TRUE(named || tied.contains(mention.source)) << to_json(mention);
  }
}

TEST(DemoWeek, NamesNobody) {
  for (const auto& [mention, unused] : first_deliveries(week())) {
    ASSERT_THAT(mention.author.name, testing::AnyOf(testing::MatchesRegex("client-[0-9]{4}"), IsEmpty()));
  }
}

TEST(DemoWeek, HasAnOutageThatIsFilledInWithinMinutes) {
  const Time silent = kDemoStart + kDay + hours(9), back = kDemoStart + kDay + hours(15);
  int late = 0;

  for (const auto& [mention, ingested] : first_deliveries(week())) {
    if (mention.source != "mastodon") continue;
    ASSERT_FALSE(ingested >= silent && ingested < back) << to_json(mention);
    if (*mention.created < silent || *mention.created >= back - minutes(2)) continue;
    ASSERT_LE(ingested, back + minutes(5));
    ++late;
  }

  EXPECT_GT(late, 40);
}

TEST(DemoWeek, HasAViralDayOfSeveralTimesTheUsualVolume) {
  const auto mentions = first_deliveries(week());

  const int monday = written_between(mentions, kDemoStart + hours(8), kDemoStart + hours(21));
  const int wednesday = written_between(mentions, kDemoStart + 2 * kDay + hours(8), kDemoStart + 2 * kDay + hours(21));

  EXPECT_GT(wednesday, 3 * monday);
  EXPECT_LT(wednesday, 5 * monday);
}

TEST(DemoWeek, HasACrisisOfManyAuthorsOnSeveralSources) {
  const Time from = kDemoStart + 4 * kDay + hours(14);
  std::map<std::string, std::set<std::string>> authors;

  for (const auto& [mention, unused] : first_deliveries(week())) {
    if (*mention.created < from || *mention.created >= from + hours(20)) continue;
    const bool warehouse =
        mention.text.find("ntrepôt") != std::string::npos || mention.text.find("arehouse") != std::string::npos;
    if (warehouse) authors[mention.source].insert(mention.author.id);
  }

  EXPECT_GT(authors["mastodon"].size(), 100u);
  EXPECT_GT(authors["avis-boutique"].size(), 50u);
  EXPECT_GT(authors["forum"].size(), 25u);
  EXPECT_GT(authors["app-store"].size(), 20u);
}

TEST(DemoWeek, HasOneAuthorWhoWritesAllAfternoon) {
  std::map<std::string, int> written;
  for (const auto& [mention, unused] : first_deliveries(week())) {
    const Time at = *mention.created;
    if (at >= kDemoStart + 3 * kDay + hours(13) && at < kDemoStart + 3 * kDay + hours(18)) ++written[mention.author.id];
  }

  EXPECT_GT(written["client-0913"], 30);
}

TEST(DemoWords, AreTwoHundredAndFortyTemplatesAtLeastEachWrittenOnce) {
  std::set<std::string> texts;
  std::size_t rows = 0;

  for (const std::string_view lang : {"fr", "en"}) {
    const auto words = DemoWords::load(lang);
    ASSERT_TRUE(words) << words.error().what;
    for (const DemoTemplate& one : words->templates()) {
      ++rows;
      texts.insert(one.text);
      ASSERT_THAT(one.label, testing::AnyOf("pos", "neu", "neg")) << one.text;
    }
  }

  EXPECT_GE(texts.size(), 240u);
  EXPECT_EQ(texts.size(), rows);
}

TEST(DemoWords, KnowEverySlotOfTheirTemplates) {
  for (const std::string_view lang : {"fr", "en"}) {
    const auto words = DemoWords::load(lang);
    ASSERT_TRUE(words) << words.error().what;
    SeededRng rng(1);
    for (const DemoTemplate& one : words->templates()) {
      for (std::size_t at = one.text.find('{'); at != std::string::npos; at = one.text.find('{', at + 1)) {
        const std::string slot = one.text.substr(at, one.text.find('}', at) + 1 - at);
        EXPECT_FALSE(words->fill(rng, slot).empty()) << slot << " in " << one.text;
      }
    }
  }
}

TEST(DemoConfig, HasNoProblem) {
  const config::Tree tree = config::Tree::parse(demo_config(), "demo.toml");
  const Settings settings = read_settings(tree, known_kinds());

  for (const config::Problem& problem : tree.problems()) ADD_FAILURE() << problem.text();
  EXPECT_EQ(settings.brands.size(), 1u);
  EXPECT_EQ(settings.sources.size(), 5u);
}

}  // namespace vigie
