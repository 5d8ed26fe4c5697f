#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;

HourCount hour(Store& store, Time start, const std::string& brand = "acme") {
  const auto series = store.hourly(brand, start, start + hours(1));
  EXPECT_TRUE(series && series->size() == 1u);
  return series->at(0);
}

TEST(Hourly, HasSilentHoursAsNought) {
  const auto store = open_store();
  commit(*store, batch_of({at(judged("1", "a"), kNoon + minutes(59)), at(judged("2", "b"), kNoon + hours(2))},
                          kNoon + hours(2)));

  const auto series = store->hourly("acme", kNoon, kNoon + hours(4));

  ASSERT_EQ(series->size(), 4u);
  EXPECT_EQ(series->at(0).total, 1);
  EXPECT_EQ(series->at(1).total, 0);
  EXPECT_EQ(series->at(1).hour, kNoon + hours(1));
  EXPECT_EQ(series->at(2).total, 1);
  EXPECT_EQ(series->at(3).total, 0);
}

TEST(Hourly, CountsNegativesOfDistinctAuthors) {
  const auto store = open_store();
  const JudgedBatch batch = batch_of({negative(by(judged("1", "nul"), "a")), negative(by(judged("2", "nul !"), "a")),
                                      negative(by(judged("3", "nul."), "b")), by(judged("4", "bien"), "c")});

  commit(*store, batch);
  commit(*store, batch);
  commit(*store, batch_of({negative(by(judged("5", "encore"), "a"))}));

  EXPECT_EQ(hour(*store, kNoon).total, 5);
  EXPECT_EQ(hour(*store, kNoon).negatives, 2);
}

TEST(Hourly, CountsAuthorsWithoutAnIdByHandleThenNameThenMention) {
  const auto store = open_store();
  std::vector<Judged> mentions;
  mentions.reserve(6);
  const std::pair<const char*, const char*> authors[] = {{"handle", ""}, {"handle", "x"}, {"", "name"},
                                                         {"", "name"},   {"", ""},        {"", ""}};
  for (const auto& [handle, name] : authors) {
    Judged j = negative(judged(std::to_string(mentions.size()), "nul"));
    j.mention.author = {"", name, handle, std::nullopt};
    mentions.push_back(j);
  }

  commit(*store, batch_of(mentions));

  EXPECT_EQ(hour(*store, kNoon).negatives, 4);
}

TEST(Hourly, CountsForEachBrandAlone) {
  const auto store = open_store();
  Judged both = negative(judged("1", "nul"));
  both.brands = {"acme", "zenith"};

  commit(*store, batch_of({both, negative(judged("2", "nul"))}));

  EXPECT_EQ(hour(*store, kNoon).negatives, 2);
  EXPECT_EQ(hour(*store, kNoon, "zenith").negatives, 1);
  EXPECT_EQ(hour(*store, kNoon, "unknown").total, 0);
}

// Of two brands named, only acme is complained of.
Judged of_two_brands(const std::string& id, const std::string& text) {
  Judged j = negative(judged(id, text));
  j.brands = {"acme", "zenith"};
  j.judgement.aspects = {{"acme", "", 0.9, 0.1, 0, Label::negative}, {"zenith", "", 0, 0.1, 0.9, Label::positive}};
  return j;
}

TEST(Hourly, CountsWhatATextSaysOfEachBrand) {
  const auto store = open_store();

  commit(*store, batch_of({of_two_brands("1", "acme nul, zenith bien")}));

  EXPECT_EQ(hour(*store, kNoon, "acme").negatives, 1);
  EXPECT_EQ(hour(*store, kNoon, "zenith").negatives, 0);
  EXPECT_EQ(hour(*store, kNoon, "zenith").total, 1);
}

TEST(Hourly, CountsTheSameAgainAfterAnEdit) {
  const auto store = open_store();
  commit(*store, batch_of({of_two_brands("1", "acme nul, zenith bien")}));
  Judged turned = of_two_brands("1", "acme bien, zenith nul");
  std::swap(turned.judgement.aspects[0].brand, turned.judgement.aspects[1].brand);

  commit(*store, batch_of({turned}));

  EXPECT_EQ(hour(*store, kNoon, "acme").negatives, 0);
  EXPECT_EQ(hour(*store, kNoon, "zenith").negatives, 1);
}

TEST(Hourly, StaysRightForArrivalsAfterTheAuthorsWereForgotten) {
  const auto store = open_store();
  commit(*store, batch_of({negative(by(judged("1", "nul"), "a"))}));
  ASSERT_TRUE(store->tidy(kNoon + 5 * kDay));

  commit(*store, batch_of({at(negative(by(judged("2", "nul"), "a")), kNoon + minutes(1)),
                           at(negative(by(judged("3", "nul"), "b")), kNoon)},
                          kNoon + 5 * kDay));

  EXPECT_EQ(hour(*store, kNoon).total, 3);
  EXPECT_EQ(hour(*store, kNoon).negatives, 2);
}

TEST(Hourly, FollowsAnEditThatChangesTheLabel) {
  const auto store = open_store();
  commit(*store, batch_of({negative(by(judged("1", "nul"), "a")), negative(by(judged("2", "nul"), "b"))}));

  commit(*store, batch_of({by(judged("1", "en fait bien"), "a")}));

  EXPECT_EQ(hour(*store, kNoon).total, 2);
  EXPECT_EQ(hour(*store, kNoon).negatives, 1);
}

TEST(Hourly, FollowsAPersonsLabelAndItsRemoval) {
  const auto store = open_store();
  commit(*store, batch_of({judged("1", "ironique")}));

  ASSERT_TRUE(store->set_human_label(1, Label::negative, "marie", kNoon));
  const auto labelled = hour(*store, kNoon).negatives;
  ASSERT_TRUE(store->set_human_label(1, std::nullopt, "marie", kNoon));

  EXPECT_EQ(labelled, 1);
  EXPECT_EQ(hour(*store, kNoon).negatives, 0);
}

TEST(Hourly, RefusesASeriesWithoutEnd) {
  const auto store = open_store();

  EXPECT_FALSE(store->hourly("acme", from_epoch(0), from_epoch(1'000'000'000'000)));
}

}  // namespace
}  // namespace vigie
