#include "store/privacy.h"

#include <filesystem>
#include <fstream>

#include "store/forgetting.h"
#include "store/moderation.h"
#include "store/reviews.h"
#include "store/scrubbing.h"
#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view kWords = "Zyxwordoneforall chez le marchand de Perpignan";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ErasingTest : public testing::Test {
 protected:
  ErasingTest() : path(folder.path() / "vigie.db"), store(open_store(concat("sqlite:", path.string()))) {}

  Review receive(const std::string& mention, const std::string& text) const {
    NewReview one;
    one.review.brand = "acme";
    one.review.lock = std::string(32, 'l');
    one.review.contact = "client-0042@example.org";
    one.review.received = kNoon;
    one.review.source = "survey";
    one.review.mention = mention;
    ReviewVersion& version = one.review.versions.emplace_back();
    version.at = kNoon;
    version.rating = 1;
    version.values[kText] = text;
    version.values[kAuthor] = "client-0042";
    version.keys.fill(std::string(32, 'k'));
    one.leaf.write = [](const LeafPlace&) -> Result<NewLeaf> { return NewLeaf{"{}", 1}; };
    const auto received = store->reviews().receive("acme", {one});
    if (!received) throw std::runtime_error(received.error().what);
    return *store->reviews().review(received->front().id).value();
  }

  static JudgedBatch carried(const std::string& mention, const std::string& text) {
    Judged one = review(judged(mention, text), 1);
    one.mention.source = "survey";
    one.mention.place = concat("Place of ", text);
    one.judgement.drivers = {{text, -1}};
    JudgedBatch batch = batch_of({one});
    batch.source = "survey";
    return batch;
  }

  Result<std::int64_t> erase(const Review& review) const {
    ReviewAct act;
    act.review = review.id;
    act.act = "erase";
    act.by = "author";
    act.at = kNoon + hours(1);
    LeafToAppend leaf;
    leaf.write = [](const LeafPlace&) -> Result<NewLeaf> { return NewLeaf{"{}", 2}; };
    return store->reviews().end(act, ReviewState::erased, leaf);
  }

  std::string everything() const {
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) all += bytes_of(file.path());
    return all;
  }

  PrivacyStore& privacy() const { return store->reviews().privacy(); }

  TempDir folder;
  std::filesystem::path path;
  std::unique_ptr<Store> store;
};

TEST_F(ErasingTest, TakesTheMentionThatCarriedTheReviewAndItsWordsOutOfTheFile) {
  for (int i = 0; i < 300; ++i)
    commit(*store, carried(concat("other ", std::to_string(i)), "Colis en retard, encore."));
  const Review one = receive("r1", std::string(kWords));
  commit(*store, carried("r1", std::string(kWords)));
  ASSERT_THAT(everything(), HasSubstr("Zyxword"));

  ASSERT_TRUE(erase(one));
  ASSERT_TRUE(privacy().purge());

  EXPECT_THAT(everything(), Not(HasSubstr("Zyx")));
  EXPECT_THAT(everything(), Not(HasSubstr("zyx"))) << "the index folds case";
  EXPECT_THAT(everything(), Not(HasSubstr("client-0042@")));
  MentionFilter search;
  search.search = "colis retard";
  search.limit = 1000;
  EXPECT_THAT(*store->mentions(search), SizeIs(300)) << "the others are found as before";
}

TEST_F(ErasingTest, HoldsForAMentionThatComesAfterwards) {
  const Review one = receive("r1", std::string(kWords));
  ASSERT_TRUE(erase(one));

  const CommitSummary late = commit(*store, carried("r1", std::string(kWords)));
  const CommitSummary other = commit(*store, carried("r2", "Colis en retard."));

  EXPECT_EQ(late.added, 0);
  EXPECT_EQ(other.added, 1);
  ASSERT_TRUE(privacy().purge());
  EXPECT_THAT(everything(), Not(HasSubstr("Zyx")));
}

TEST_F(ErasingTest, TakesQuotesOutOfMessagesAndKeepsWhatElseTheySay) {
  const Review one = receive("r1", std::string(kWords));
  commit(*store, carried("r1", std::string(kWords)));
  Notification told;
  told.id = "n1";
  told.subject_kind = "incident";
  told.subject_id = "i1";
  told.endpoint = "desk";
  told.created = told.due = kNoon;
  told.document =
      concat(R"({"version":1,"quotes":[{"text":"Zyxwordoneforall chez","source":"survey","time":")",
             format_rfc3339(kNoon), R"("},{"text":"another","source":"hn","time":")", format_rfc3339(kNoon), R"("}]})");
  ASSERT_TRUE(store->add_notifications({told}));

  ASSERT_TRUE(erase(one));

  const std::string document = store->notification("n1").value()->document;
  EXPECT_THAT(document, Not(HasSubstr("Zyx")));
  EXPECT_THAT(document, HasSubstr("another"));
  EXPECT_THAT(privacy().unfinished().value().front().messages, ElementsAre("n1"));
}

// One that is owed to the author of a review, as far as its bytes, which wait for another try.
Notification letter_of(const std::string& id, const std::string& purpose, std::int64_t review, std::int64_t about) {
  Notification owed;
  owed.id = id;
  owed.subject_kind = "author";
  owed.subject_id = concat("review-", std::to_string(review));
  owed.purpose = purpose;
  owed.endpoint = concat("letters-", id);  // each has a turn of its own
  owed.created = owed.due = owed.ripe = kNoon;
  owed.document = concat(R"({"what":")", purpose, R"(","id":)", std::to_string(about), R"(,"review":)",
                         std::to_string(review), "}");
  return owed;
}

// Ids of what was claimed and put down again with its bytes.
void write_down(Store& store, const std::string& bytes) {
  for (;;) {
    const std::optional<Notification> claimed = *store.claim_notification(kNoon, minutes(5));
    if (!claimed) return;
    SendStart start;
    start.purpose = claimed->purpose;
    start.document = claimed->document;
    start.payload = bytes;
    ASSERT_TRUE(store.begin_sending(claimed->id, claimed->claim_no, start).value());
    SendOutcome again;
    again.state = NotificationState::wait;
    again.due = kNoon + hours(1);
    again.error = "550 client-0042 is unknown";
    again.tried = true;
    ASSERT_TRUE(store.finish_notification(claimed->id, claimed->claim_no, again).value());
  }
}

TEST_F(ErasingTest, EmptiesLettersToItsAuthorAndNoOthers) {
  const Review one = receive("r1", std::string(kWords));
  const Review other = receive("r2", "Colis en retard.");
  ASSERT_TRUE(store->add_notifications({letter_of("hers", "act", one.id, 1), letter_of("his", "act", other.id, 2)}));
  write_down(*store, concat("To: client-0042@example.org\r\n\r\n", kWords));
  ASSERT_THAT(everything(), HasSubstr("Zyxword"));

  ASSERT_TRUE(erase(one));

  EXPECT_THAT(privacy().unfinished().value().front().messages, ElementsAre("hers")) << "its file is still to go";
  EXPECT_EQ(store->notification("hers").value()->payload, "");
  EXPECT_EQ(store->notification("hers").value()->last_error, "");
  EXPECT_THAT(store->notification("his").value()->payload, HasSubstr("Zyx"));
}

TEST_F(ErasingTest, EmptiesALetterAgainThatWasOnItsWay) {
  const Review one = receive("r1", std::string(kWords));
  ASSERT_TRUE(store->add_notifications({letter_of("hers", "act", one.id, 1)}));
  ASSERT_TRUE(erase(one));
  const ErasureWork work = privacy().unfinished().value().front();
  write_down(*store, std::string(kWords));

  EXPECT_TRUE(privacy().look_again(work.number).value());

  EXPECT_EQ(store->notification("hers").value()->payload, "");
  EXPECT_FALSE(privacy().look_again(work.number).value());
}

TEST_F(ErasingTest, EmptiesLettersToWhoeverReportedAReview) {
  const Review one = receive("r1", "Colis en retard.");
  Notice notice;
  notice.brand = "acme";
  notice.review = one.id;
  notice.name = "Client 77";
  notice.mail = "client-0077@example.org";
  notice.status = std::string(32, 's');
  notice.at = kNoon;
  const std::int64_t hers = store->moderation().add_notice(notice).value();
  notice.mail = "client-0078@example.org";
  notice.status = std::string(32, 't');
  const std::int64_t his = store->moderation().add_notice(notice).value();
  ASSERT_TRUE(store->add_notifications({letter_of("n1", "notice", one.id, hers), letter_of("n2", "notice", one.id, his),
                                        letter_of("n3", "act", one.id, hers)}));
  write_down(*store, "To: somebody");

  ASSERT_TRUE(privacy().erase(privacy().find("client-0077@example.org").value().at(0), kNoon));

  EXPECT_THAT(privacy().unfinished().value().front().messages, ElementsAre("n1"));
  EXPECT_EQ(store->notification("n1").value()->payload, "");
  EXPECT_EQ(store->notification("n2").value()->payload, "To: somebody");
}

TEST_F(ErasingTest, TakesRecordsPutAsideThatHoldItsWords) {
  JudgedBatch batch = batch_of({});
  batch.rejected = {{concat(R"({"id":"x","text":")", kWords, "\"}"), "no date"}, {"{\"id\":\"y\"}", "no date"}};
  commit(*store, batch);

  ASSERT_TRUE(erase(receive("r1", std::string(kWords))));

  EXPECT_THAT(*store->rejected("", 10), SizeIs(1));
}

TEST_F(ErasingTest, IsFollowedStepByStepUntilItIsDone) {
  ASSERT_TRUE(erase(receive("r1", std::string(kWords))));
  const ErasureWork work = privacy().unfinished().value().front();
  EXPECT_EQ(work.step, ErasureStep::watch);
  EXPECT_EQ(work.mention, "r1");

  ASSERT_TRUE(privacy().advance(work.number, ErasureStep::watch, ErasureStep::files));
  ASSERT_TRUE(privacy().advance(work.number, ErasureStep::watch, ErasureStep::done)) << "somebody was quicker";

  EXPECT_EQ(privacy().unfinished().value().front().step, ErasureStep::files);
  ASSERT_TRUE(privacy().advance(work.number, ErasureStep::files, ErasureStep::done));
  EXPECT_THAT(privacy().unfinished().value(), IsEmpty());
}

TEST_F(ErasingTest, FindsWhatOthersWroteDownFromMemoryMeanwhile) {
  const Review one = receive("r1", std::string(kWords));
  commit(*store, carried("r1", std::string(kWords)));
  ASSERT_TRUE(erase(one));
  const ErasureWork work = privacy().unfinished().value().front();
  EXPECT_FALSE(privacy().look_again(work.number).value());
  Notification told;
  told.id = "late";
  told.subject_id = "i1";
  told.endpoint = "desk";
  told.created = told.due = kNoon + hours(1);
  told.document =
      concat(R"({"quotes":[{"text":"Zyxwordoneforall","source":"survey","time":")", format_rfc3339(kNoon), R"("}]})");
  ASSERT_TRUE(store->add_notifications({told}));

  EXPECT_TRUE(privacy().look_again(work.number).value());

  EXPECT_THAT(store->notification("late").value()->document, Not(HasSubstr("Zyx")));
  EXPECT_FALSE(privacy().look_again(work.number).value());
}

TEST_F(ErasingTest, TakesAMentionThatIsNoReviewToo) {
  commit(*store, carried("r1", std::string(kWords)));

  const auto all = privacy().find("author of r1");
  ASSERT_TRUE(all) << all.error().what;
  const Trace found = all->at(0);
  EXPECT_EQ(found.ref, "mention/1");

  ASSERT_TRUE(privacy().erase(found, kNoon));

  EXPECT_EQ(privacy().erase(found, kNoon).error().kind, ErrorKind::gone) << "nothing is left of it";
  EXPECT_EQ(privacy().erased_after(0).value().front().seq, 1);
}

TEST_F(ErasingTest, FindsAPersonByAddressAndByNameInWhateverCase) {
  receive("r1", "Colis en retard.");
  Judged post = judged("p1", "Jamais livré.");
  post.mention.author.name = "Client-0042";
  commit(*store, batch_of({post}));

  const auto by_address = privacy().find("CLIENT-0042@example.org").value();
  const auto by_name = privacy().find("client-0042").value();

  ASSERT_THAT(by_address, SizeIs(1));
  EXPECT_EQ(by_address[0].ref, "acme/0");
  ASSERT_THAT(by_name, SizeIs(2));
  EXPECT_EQ(by_name[1].ref, "mention/1");
}

TEST(Scrubbing, LeavesADocumentWithoutThemAlone) {
  Scrub scrub;
  add_words(scrub, "Zyxwordoneforall chez le marchand");

  EXPECT_EQ(scrubbed(R"({"a":[1,2.50,"chez le marchand"]})", scrub).value(), std::nullopt);
  EXPECT_EQ(scrubbed(R"({"a":[1,2.50,"« Zyxwordoneforall chez le marchand »"]})", scrub).value(),
            std::string(R"({"a":[1,2.50,"…"]})"));
}

TEST(Scrubbing, TakesShortWordsForAnybodys) {
  Scrub scrub;

  add_words(scrub, "Très bien");

  EXPECT_THAT(scrub.words, IsEmpty());
}

}  // namespace
}  // namespace vigie
