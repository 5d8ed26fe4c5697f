// Reviews handed in by many at once: one batch, one checkpoint, a receipt each.

#include "app/sequencer.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.h"
#include "tests/support/temp_dir.h"
#include "wall/log/audit.h"
#include "wall/log/keys.h"
#include "wall/log/receipt.h"
#include "wall/log_files.h"
#include "wall/numbers.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

class SequencerTest : public testing::Test {
 protected:
  SequencerTest() {
    settings_.data = folder_.file("data");
    settings_.brands = {{"acme", "Acme", "Acme", "fr"}, {"other", "Other", "Other", "en"}};
    settings_.serve.public_url = "https://avis.example";
    store_ = open().value();
  }

  Result<std::unique_ptr<Store>> open() { return open_sqlite_store("sqlite:" + folder_.file("v.db")); }

  std::unique_ptr<Sequencer> sequencer(SequencerOptions options = {}) {
    auto made = std::make_unique<Sequencer>(
        settings_, [this] { return open(); }, clock_, metrics_, options);
    EXPECT_TRUE(made->open());
    return made;
  }

  static Submission review(std::int64_t rating, const std::string& token = "") {
    Submission one;
    one.brand = "acme";
    one.rating = rating;
    one.values[kText] = "Livraison en retard, deux fois.";
    one.invitation = token;
    if (!token.empty()) one.origin = "inv";
    return one;
  }

  // Each handed in by a thread of its own, all before the first round.
  std::vector<Result<Answered>> hand_in(Sequencer& sequencer, std::vector<Submission> all) {
    std::vector<Result<Answered>> answers(all.size(), fail(ErrorKind::bug, "not answered"));
    std::atomic<std::size_t> done{0};
    std::vector<std::jthread> people;
    for (std::size_t i = 0; i < all.size(); ++i) {
      people.emplace_back([&, i] {
        answers[i] = sequencer.hand_in(all[i]);
        ++done;
      });
    }
    while (done < all.size()) sequencer.tick(milliseconds(20));
    return answers;
  }

  tlog::VerifierKey key() {
    const WallLogPlace place = wall_log_place(settings_, "acme").value();
    return verifier_of(tlog::read_keys(place.key).value().front()).value();
  }

  std::vector<std::string> findings() {
    tlog::FolderFiles files(wall_log_place(settings_, "acme").value().folder);
    return tlog::audit(files, {key(), std::nullopt, {}, clock_.now()}).value().findings;
  }

  TempDir folder_;
  Settings settings_;
  ManualClock clock_{kNoon};
  Metrics metrics_;
  std::unique_ptr<Store> store_;
};

TEST_F(SequencerTest, GivesEachReviewAReceiptThatStandsAlone) {
  const auto loop = sequencer();

  const auto answers = hand_in(*loop, {review(1), review(5), review(3)});

  for (const Result<Answered>& answer : answers) {
    ASSERT_TRUE(answer) << answer.error().what;
    const tlog::Receipt receipt = tlog::parse_receipt(answer->receipt).value();
    EXPECT_EQ(receipt.index, answer->received.leaf);
    const auto leaf = store_->leaves("acme", receipt.index, 1).value();
    ASSERT_THAT(leaf, SizeIs(1));
    EXPECT_TRUE(tlog::check_receipt(receipt, leaf.front().bytes, {key()}));
    EXPECT_THAT(receipt.extra.value_or(""), HasSubstr("Livraison en retard"));
  }
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(SequencerTest, OpensTheCommitmentInTheReceiptItself) {
  const auto loop = sequencer();
  const auto answer = hand_in(*loop, {review(4)}).front();
  ASSERT_TRUE(answer);

  const tlog::Receipt receipt = tlog::parse_receipt(answer->receipt).value();
  const auto opened = json::parse(*receipt.extra).value();
  const auto logged = tlog::parse_leaf(store_->leaves("acme", receipt.index, 1).value().front().bytes).value();
  EXPECT_EQ(tlog::bytes_of(tlog::commitment(tlog::read_fields(opened.root()).value())),
            std::get<tlog::SubmissionLeaf>(logged.body).commitment);
}

TEST_F(SequencerTest, RecordsAHundredAnswersToOneInvitationOnce) {
  const auto loop = sequencer();

  const auto answers = hand_in(*loop, std::vector<Submission>(100, review(2, "token")));

  std::set<std::int64_t> leaves;
  int fresh = 0;
  for (const Result<Answered>& answer : answers) {
    ASSERT_TRUE(answer) << answer.error().what;
    leaves.insert(answer->received.leaf);
    EXPECT_EQ(tlog::parse_receipt(answer->receipt).value().index, answer->received.leaf);
    fresh += answer->received.fresh ? 1 : 0;
  }
  EXPECT_THAT(leaves, SizeIs(1));
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(store_->reviews().count({}).value(), 1);
}

TEST_F(SequencerTest, RecordsAMarkedFormOnceHoweverOftenItIsSent) {
  const auto loop = sequencer();
  Submission form = review(2);
  form.once = "form";

  const auto answers = hand_in(*loop, {form, form, review(2)});

  ASSERT_TRUE(answers[0] && answers[1] && answers[2]);
  EXPECT_EQ(answers[0]->received.leaf, answers[1]->received.leaf);
  EXPECT_EQ(store_->reviews().count({}).value(), 2);
}

TEST_F(SequencerTest, LetsOneThatCannotBeRecordedTakeNobodyWithIt) {
  const auto loop = sequencer();
  Submission bad = review(3);
  bad.lang = std::string(5'000, 'x');  // more than an entry holds

  const auto answers = hand_in(*loop, {review(1), bad, review(5)});

  EXPECT_TRUE(answers[0]);
  EXPECT_FALSE(answers[1]);
  EXPECT_TRUE(answers[2]);
  EXPECT_EQ(store_->reviews().count({}).value(), 2);
}

TEST_F(SequencerTest, SendsAwayWhoComesWhenItIsFull) {
  SequencerOptions tight;
  tight.waiting = 0;
  const auto loop = sequencer(tight);

  const auto answer = loop->hand_in(review(3));

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::rate_limited);
  EXPECT_TRUE(answer.error().retry_in);
  loop->tick(Duration::zero());
  EXPECT_EQ(store_->reviews().count({}).value(), 0);
}

TEST_F(SequencerTest, SaysThatNobodyKnowsWhenNoAnswerComesInTime) {
  SequencerOptions hasty;
  hasty.patience = Duration::zero();
  const auto loop = sequencer(hasty);

  const auto answer = loop->hand_in(review(3));

  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().maybe_done);
  loop->tick(Duration::zero());
  EXPECT_EQ(store_->reviews().count({}).value(), 1) << "what was handed in is not lost";
}

TEST_F(SequencerTest, PublishesWhatOthersAppend) {
  const auto loop = sequencer();
  ASSERT_TRUE(hand_in(*loop, {review(4)}).front());
  Book console(settings_, *store_, clock_);
  const Review waiting = store_->reviews().reviews({}).value().front();
  ReviewAct act;
  act.act = "publish";
  act.by = "human";
  act.version = waiting.leaf;
  ASSERT_TRUE(console.decide(waiting, act));

  clock_.advance(seconds(2));
  loop->tick(Duration::zero());

  EXPECT_EQ(store_->last_checkpoint("acme").value()->size, store_->log_state("acme").value().size);
  const WallStanding standing = wall_standing(*store_, "acme").value();
  EXPECT_EQ(standing.size, store_->log_state("acme").value().size);
  EXPECT_EQ(standing.numbers.published, 1);
  EXPECT_EQ(standing.numbers.mean_milli, 4000);
}

TEST_F(SequencerTest, AddsUpADayThatIsOverOnce) {
  const auto loop = sequencer();
  ASSERT_TRUE(hand_in(*loop, {review(4)}).front());
  const std::int64_t before = store_->log_state("acme").value().size;

  clock_.advance(kDay);
  for (int round = 0; round < 4; ++round) loop->tick(Duration::zero());

  ASSERT_EQ(store_->log_state("acme").value().size, before + 1);
  const auto leaf = tlog::parse_leaf(store_->leaves("acme", before, 1).value().front().bytes).value();
  const auto& sum = std::get<tlog::AggregateLeaf>(leaf.body);
  EXPECT_EQ(sum.day, "2026-11-21");
  EXPECT_EQ(sum.counts.received, 1);
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(SequencerTest, GoesOnWhereTheLastProcessStopped) {
  ASSERT_TRUE(hand_in(*sequencer(), {review(4)}).front());

  const auto loop = sequencer();
  ASSERT_TRUE(hand_in(*loop, {review(2)}).front());

  EXPECT_EQ(wall_standing(*store_, "acme").value().numbers.received, 2);
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(SequencerTest, SignsWithTheNewKeyAfterARotation) {
  const auto loop = sequencer();
  ASSERT_TRUE(hand_in(*loop, {review(4)}).front());
  const WallLogPlace place = wall_log_place(settings_, "acme").value();
  ASSERT_TRUE(tlog::rotate_key(place.key, "acme", *store_, clock_));

  loop->tick(Duration::zero());

  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(SequencerTest, RecordsReviewsWhileAnotherProcessPublishesTheLog) {
  const auto first = sequencer();
  ASSERT_TRUE(hand_in(*first, {review(4)}).front());

  const auto second = sequencer();
  const auto answer = hand_in(*second, {review(2)}).front();

  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_THAT(answer->receipt, IsEmpty());
  first->tick(Duration::zero());
  EXPECT_EQ(store_->last_checkpoint("acme").value()->size, store_->log_state("acme").value().size);
}

// --- the files

class LogFilesTest : public SequencerTest {
 protected:
  LogFilesTest() { EXPECT_TRUE(hand_in(*sequencer(), {review(4)}).front()); }

  ServerReply get(const std::string& path, const std::string& method = "GET") {
    ServerRequest request;
    request.method = method;
    request.path = path;
    const auto reply = LogFiles(settings_).answer(request);
    return reply ? *reply : ServerReply{0, "", "", {}};
  }
  static std::string header(const ServerReply& reply, std::string_view name) {
    for (const Header& header : reply.headers) {
      if (header.first == name) return header.second;
    }
    return "";
  }
};

TEST_F(LogFilesTest, AreThoseOfTheFolderWithTheirLifetimes) {
  const ServerReply checkpoint = get("/wall/acme/log/checkpoint");
  EXPECT_EQ(checkpoint.status, 200);
  EXPECT_THAT(checkpoint.body, testing::StartsWith("avis.example/wall/acme/log\n"));
  EXPECT_EQ(header(checkpoint, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(checkpoint, "Cache-Control"), "public, max-age=5");

  const ServerReply bundle = get("/wall/acme/log/tile/entries/000.p/2");
  EXPECT_EQ(bundle.status, 200);
  EXPECT_EQ(bundle.content_type, "application/octet-stream");
  EXPECT_THAT(header(bundle, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_THAT(bundle.body, HasSubstr("\"t\":\"sub\""));
}

TEST_F(LogFilesTest, AreNeverAnythingElse) {
  for (const char* path : {"/wall/acme/log/", "/wall/acme/log/.lock", "/wall/acme/log/tile/0/1", "/wall/acme/log/tile",
                           "/wall/acme/log/tile/64/000", "/wall/acme/log/tile/0/000.p/0",
                           "/wall/acme/log/tile/0/000.p/256", "/wall/acme/log/tile/0/000.p/007",
                           "/wall/acme/log/tile/0/../../x", "/wall/acme/log/../acme.key", "/wall/acme/log//checkpoint",
                           "/wall/acme/log/acme.key", "/wall/nobody/log/checkpoint", "/wall/../log/checkpoint"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get("/wall/acme").status, 0) << "the wall answers";
  EXPECT_EQ(get("/wall/acme/log/checkpoint", "POST").status, 405);
}

TEST_F(LogFilesTest, AreNotSentAgainToWhoHasThem) {
  ServerRequest request;
  request.method = "GET";
  request.path = "/wall/acme/log/checkpoint";
  request.headers = {{"If-None-Match", header(get(request.path), "ETag")}};
  EXPECT_EQ(LogFiles(settings_).answer(request)->status, 304);
}

}  // namespace
}  // namespace vigie
