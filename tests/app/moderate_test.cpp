#include "app/moderate.h"

#include <gmock/gmock.h>

#include "app/review_mentions.h"
#include "store/moderation.h"
#include "tests/store/stored.h"
#include "wall/log/account.h"
#include "wall/replies.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ModerateTest : public testing::Test {
 protected:
  ModerateTest() {
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}};
    settings.organisation = "Acme SAS";
    SourceSettings shop;
    shop.id = "shop";
    shop.kind = "file";
    shop.wall = true;
    shop.brand = "acme";
    settings.sources = {shop};
  }

  static Submission submission(const std::string& text, std::optional<std::int64_t> rating = 3) {
    Submission one;
    one.brand = "acme";
    one.rating = rating;
    one.lang = "fr";
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    return one;
  }

  Review receive(Submission one) {
    const auto received = book.receive("acme", {std::move(one)});
    if (!received) throw std::runtime_error(received.error().what);
    return again(received->front().id);
  }

  Review again(std::int64_t id) { return *store->reviews().review(id).value(); }
  Review again(const Review& review) { return again(review.id); }
  std::vector<Review> all() {
    ReviewFilter filter;
    filter.oldest_first = true;
    filter.limit = 1000;
    return store->reviews().reviews(filter).value();
  }

  void run() {
    Result<bool> more = true;
    while (more && *more) more = moderate.tick();
    ASSERT_TRUE(more) << more.error().what;
  }

  std::vector<std::string> acts_on(const Review& review) {
    std::vector<std::string> acts;
    const auto history = store->reviews().acts(review.id);
    for (const ReviewAct& act : *history)
      acts.push_back(concat(act.by, " ", act.act, act.code.empty() ? "" : " ", act.code));
    return acts;
  }

  std::vector<std::string> faults() {
    tlog::Account account("avis.example/wall/acme/log");
    std::vector<std::string> found;
    const auto leaves = store->leaves("acme", 0, 10'000);
    for (const LoggedLeaf& one : *leaves) {
      const auto leaf = tlog::parse_leaf(one.bytes);
      if (!leaf) {
        found.push_back(leaf.error().what);
        continue;
      }
      for (const std::string& fault : account.take(one.index, *leaf)) found.push_back(fault);
    }
    for (const auto& [leaf, what] : account.overdue(clock.now())) found.push_back(what);
    return found;
  }

  // As ingest would store it.
  static Judged collected(const std::string& id, const std::string& text, double rating) {
    Judged one = test::review(judged(id, text), rating);
    one.mention.source = "shop";
    one.mention.author.name = "client-0042";
    return one;
  }
  void collect(std::vector<Judged> mentions) {
    JudgedBatch batch = batch_of(std::move(mentions), clock.now());
    batch.source = "shop";
    commit(*store, batch);
  }

  Settings settings;
  ManualClock clock{kNoon};
  std::unique_ptr<Store> store = open_store();
  Book book{settings, *store, clock};
  Moderate moderate{settings, *store, clock};
};

TEST_F(ModerateTest, PublishesAtOnceWhatNothingIsNoticedIn) {
  const Review review = receive(submission("Livraison en retard, deux fois."));

  run();

  EXPECT_EQ(again(review).state, ReviewState::published);
  EXPECT_EQ(again(review).newest().published, clock.now());
  EXPECT_THAT(acts_on(review), ElementsAre("auto publish"));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ModerateTest, HoldsWhatIsMarkedForAPersonUntilItsDeadline) {
  const Review review = receive(submission("Appelez le livreur au 06 12 34 56 78."));

  run();
  EXPECT_EQ(again(review).state, ReviewState::waiting);
  EXPECT_THAT(again(review).marks, ElementsAre("personal-data"));

  clock.advance(settings.wall.decide_within);
  run();

  const Review shown = again(review);
  EXPECT_EQ(shown.state, ReviewState::published);
  EXPECT_EQ(shown.newest().masked_text, "Appelez le livreur au ▇▇▇▇▇▇.");
  EXPECT_EQ(shown.newest().values[kText], "Appelez le livreur au 06 12 34 56 78.");
  EXPECT_THAT(acts_on(review), ElementsAre("auto mask PERSONAL-DATA", "auto publish"));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ModerateTest, HoldsNothingWhereNobodyWouldLook) {
  settings.wall.hold_marked = false;
  const Review insult = receive(submission("Quel connard ce livreur.")),
               number = receive(submission("Son numéro : 0612345678"));

  run();

  EXPECT_EQ(again(insult).state, ReviewState::published);
  EXPECT_THAT(again(insult).marks, ElementsAre("abuse"));
  EXPECT_THAT(acts_on(number), ElementsAre("auto mask PERSONAL-DATA", "auto publish"));
}

TEST_F(ModerateTest, HoldsTheCopyAndNotWhatItCopies) {
  const std::string text = "La commode est arrivée rayée, et personne ne répond depuis.";
  const Review first = receive(submission(text)), second = receive(submission(text));

  run();

  EXPECT_EQ(again(first).state, ReviewState::published);
  EXPECT_EQ(again(second).state, ReviewState::waiting);
  EXPECT_THAT(again(second).marks, ElementsAre("duplicate"));
}

TEST_F(ModerateTest, HoldsWhatWasMarkedAtTheDoor) {
  Submission one = submission("Bien.");
  one.marks = {"bot"};
  const Review review = receive(one);

  run();

  EXPECT_EQ(again(review).state, ReviewState::waiting);
}

TEST_F(ModerateTest, LooksAtANewWordingToo) {
  const Review review = receive(submission("Jamais reçu."));
  run();
  std::array<std::string, kReviewFields> values{};
  values[kText] = "Reçu. Merci à a@example.org";
  ASSERT_TRUE(book.update(again(review), 4, values));

  run();

  EXPECT_EQ(again(review).shown()->values[kText], "Jamais reçu.");
  EXPECT_EQ(again(review).newest().state, ReviewState::waiting);
}

// The rule of the house: turn every rating round, and the same things happen at the same times.
TEST_F(ModerateTest, TreatsEveryRatingAlike) {
  const std::vector<std::string> texts = {"Parfait.",
                                          "Nul.",
                                          "Appelez le 0612345678",
                                          "Quel connard",
                                          "",
                                          "La commode est arrivée rayée, et personne ne répond depuis.",
                                          "La commode est arrivée rayée, et personne ne répond depuis.",
                                          "qsdfghjklm wxcvbn qsdfg"};
  const auto story_with = [&](const std::function<std::int64_t(std::size_t)>& rating) {
    ManualClock time(kNoon);
    const std::unique_ptr<Store> own = open_store();
    Book own_book(settings, *own, time);
    Moderate own_loop(settings, *own, time);
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < 40; ++i) {
      ids.push_back(own_book.receive("acme", {submission(texts[i % texts.size()], rating(i))}).value().front().id);
      time.advance(hours(7));
      EXPECT_TRUE(own_loop.tick());
    }
    time.advance(30 * kDay);
    EXPECT_TRUE(own_loop.tick());
    std::string story;
    for (const std::int64_t id : ids) {
      const auto history = own->reviews().acts(id);
      for (const ReviewAct& act : *history)
        story += concat(std::to_string(id), " ", act.act, " ", act.code, " ", format_rfc3339(act.at), "\n");
    }
    return story;
  };

  const std::string story = story_with([](std::size_t i) { return static_cast<std::int64_t>(1 + i % 5); });

  EXPECT_THAT(story, HasSubstr("mask PERSONAL-DATA"));
  EXPECT_EQ(story, story_with([](std::size_t i) { return static_cast<std::int64_t>(5 - i % 5); }));
  EXPECT_EQ(story, story_with([](std::size_t) { return std::int64_t{1}; }));
}

TEST_F(ModerateTest, TakesAwayWhatStoodLongEnough) {
  const Review old = receive(submission("Bien."));
  run();
  clock.advance(settings.wall.keep - kDay);
  const Review young = receive(submission("Mal."));
  run();
  ASSERT_TRUE(moderate.hourly());
  EXPECT_EQ(again(old).state, ReviewState::published);

  clock.advance(2 * kDay);
  ASSERT_TRUE(moderate.hourly());

  EXPECT_EQ(again(old).state, ReviewState::expired);
  EXPECT_EQ(again(old).newest().values[kText], "");
  EXPECT_EQ(again(young).state, ReviewState::published);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ModerateTest, AdoptsCollectedReviewsOnce) {
  Judged bought = collected("1", "Bien reçu.", 4);
  bought.mention.verified = true;
  bought.mention.title = "Parfait";
  bought.mention.reply = OwnReply{"Merci !", kNoon - hours(1)};
  collect({bought, collected("2", "Très déçu.", 1)});

  run();
  Moderate later(settings, *store, clock);
  ASSERT_TRUE(store->save_cursor("reviews:collected", {}));  // as if it had been killed before it wrote where it stood
  ASSERT_TRUE(later.tick());

  const std::vector<Review> reviews = all();
  ASSERT_THAT(reviews, SizeIs(2));
  EXPECT_EQ(reviews[0].channel, "import");
  EXPECT_EQ(reviews[0].verified, "order");
  EXPECT_EQ(reviews[0].newest().values[kText], "Parfait\n\nBien reçu.");
  EXPECT_EQ(reviews[0].newest().values[kAuthor], "client-0042");
  EXPECT_EQ(reviews[0].newest().values[kWhen], "");
  EXPECT_EQ(reviews[0].newest().rating, 4);
  EXPECT_EQ(reviews[1].verified, "none");
  EXPECT_EQ(reviews[0].state, ReviewState::published);
  EXPECT_EQ(reviews[1].state, ReviewState::published);
  const std::vector<Reply> replies = store->moderation().replies_to(reviews[0].id).value();
  ASSERT_THAT(replies, SizeIs(1));
  EXPECT_EQ(replies[0].text(), "Merci !");
  EXPECT_EQ(replies[0].author(), "Acme SAS");
  EXPECT_EQ(replies[0].at, kNoon - hours(1));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ModerateTest, AdoptsOpinionsOfTheBrandsOwnSourcesAlone) {
  Judged post = judged("1", "Un message");
  post.mention.source = "shop";
  collect({post});
  commit(*store, batch_of({test::review(judged("2", "Ailleurs"), 5)}));

  run();

  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(ModerateTest, FollowsWhatHappensAtTheSource) {
  collect({collected("1", "Jamais reçu.", 1)});
  run();
  Judged edited = collected("1", "Reçu trois semaines plus tard.", 3);
  edited.content += 1;
  edited.mention.reply = OwnReply{"Toutes nos excuses.", std::nullopt};
  collect({edited});
  run();

  const Review changed = all().front();
  ASSERT_THAT(changed.versions, SizeIs(2));
  EXPECT_EQ(changed.shown()->values[kText], "Reçu trois semaines plus tard.");
  EXPECT_EQ(changed.shown()->rating, 3);
  EXPECT_EQ(store->moderation().reply_to(changed.id).value()->text(), "Toutes nos excuses.");

  edited.content += 1;
  edited.mention.reply = std::nullopt;
  collect({edited});
  run();
  EXPECT_FALSE(store->moderation().reply_to(changed.id).value().has_value());
  EXPECT_THAT(all().front().versions, SizeIs(2));

  JudgedBatch gone = batch_of({}, clock.now());
  gone.source = "shop";
  gone.gone = {"1"};
  commit(*store, gone);
  run();
  EXPECT_EQ(all().front().shown(), nullptr);
  EXPECT_EQ(all().front().newest().code, "AUTHOR-REQUEST");
  EXPECT_THAT(faults(), IsEmpty());
}

// What is written on the wall has its mention made from it, without the date of the experience: were it followed, each
// correction would be followed by another that lost it.
TEST_F(ModerateTest, LeavesWhatItsAuthorCorrectsAsItsAuthorWroteIt) {
  Submission one = submission("Jamais reçu.", 1);
  one.values[kWhen] = "2026-11-03";
  one.values[kOrder] = "A-17";
  const Review review = receive(one);
  const auto hand_over = [&] {  // as the pipeline would store it
    Judged judged = test::judged("", "");
    judged.mention = mention_of(settings, again(review));
    judged.exact = judged.content = hash64(judged.mention.text);
    JudgedBatch batch = batch_of({judged}, clock.now());
    batch.source = judged.mention.source;
    commit(*store, batch);
  };
  hand_over();
  run();
  std::array<std::string, kReviewFields> values = again(review).newest().values;
  values[kText] = "Reçu trois semaines plus tard.";
  values[kWhen] = "2026-11-04";
  ASSERT_TRUE(book.update(again(review), 4, values));
  hand_over();

  EXPECT_THAT(store->moderation().changed_mentions(10).value(), IsEmpty());
  run();

  ASSERT_THAT(again(review).versions, SizeIs(2));
  EXPECT_EQ(again(review).newest().values, values);
  EXPECT_EQ(again(review).newest().rating, 4);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ModerateTest, ReadsASourceFromItsBeginningWhenItJoinsTheWall) {
  settings.sources[0].wall = false;
  collect({collected("1", "Bien.", 5)});
  run();
  EXPECT_THAT(all(), IsEmpty());

  settings.sources[0].wall = true;
  run();

  EXPECT_THAT(all(), SizeIs(1));
}

TEST(AdoptedRating, KeepsTheSourcesOwnScale) {
  const auto said = [](double value, double low, double high) {
    const AdoptedRating rating = adopted_rating(Rating{value, low, high});
    return concat(rating.scale, " ", rating.rating ? std::to_string(*rating.rating) : "-", " ", rating.in_words);
  };

  EXPECT_EQ(said(4, 1, 5), "1-5 4 ");
  EXPECT_EQ(said(9, 0, 10), "0-10 9 ");
  EXPECT_EQ(said(3.5, 1, 5), "1-5 - 3.5 / 5");
  EXPECT_EQ(said(6, 1, 5), "1-5 - 6 / 5");
  EXPECT_EQ(said(-1, -1, 1), "1-5 - -1 / 1");
  EXPECT_FALSE(adopted_rating(std::nullopt).rating.has_value());
}

}  // namespace
}  // namespace vigie
