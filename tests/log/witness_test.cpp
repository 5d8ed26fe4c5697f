#include "wall/log/witness.h"

#include "tests/log/log_support.h"
#include "tests/support/fake_http.h"
#include "wall/log/witness_client.h"

namespace vigie::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();
constexpr const char* kOrigin = "avis.example/log";

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() : leaves_(numbered_leaves(40)), nodes_(leaves_) {}

  std::unique_ptr<Witness> open() {
    return Witness::open(folder_.file("witness"), witness_key("witness.example/a"),
                         {{kOrigin, {verifier_of(log_key()).value()}}}, clock_)
        .value();
  }
  std::string request(std::int64_t old_size, std::int64_t size) {
    return to_text(AddCheckpoint{old_size, consistency_proof(nodes_, old_size, size).value(),
                                 signed_head(head_of(leaves_, size))});
  }
  TrustedWitness trusted() const {
    return {"a", verifier_of(witness_key("witness.example/a")).value(), "https://witness.example/w/"};
  }
  // The witness behind a network that answers at once.
  static FakeHttp network(Witness& witness) {
    return FakeHttp([&witness](const HttpRequest& asked) {
      EXPECT_EQ(asked.url, "https://witness.example/w/add-checkpoint");
      const WitnessAnswer answer = witness.add_checkpoint(asked.body);
      return reply(answer.status, answer.body, {{"Content-Type", answer.content_type}});
    });
  }

  TempDir folder_;
  ManualClock clock_{kNoon};
  std::vector<Hash> leaves_;
  LeafNodes nodes_;
};

TEST_F(WitnessTest, CosignsWhatExtendsWhatItSaw) {
  const auto witness = open();

  EXPECT_EQ(witness->add_checkpoint(request(0, 5)).status, 200);
  const WitnessAnswer answer = witness->add_checkpoint(request(5, 17));

  ASSERT_EQ(answer.status, 200) << answer.body;
  const NoteSignature line = parse_signature_line(answer.body.substr(0, answer.body.size() - 1)).value();
  const std::string text = parse_note(signed_head(head_of(leaves_, 17))).value().text;
  EXPECT_EQ(cosigned_at(text, trusted().key, line), kNoon);
}

TEST_F(WitnessTest, SaysWhatItKnowsWhenAskedFromAnotherSize) {
  const auto witness = open();
  ASSERT_EQ(witness->add_checkpoint(request(0, 5)).status, 200);

  const WitnessAnswer answer = witness->add_checkpoint(request(3, 17));

  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "5\n");
  EXPECT_EQ(answer.content_type, "text/x.tlog.size");
}

TEST_F(WitnessTest, NeverCosignsASecondTreeOfOneSize) {
  const auto witness = open();
  ASSERT_EQ(witness->add_checkpoint(request(0, 5)).status, 200);

  const WitnessAnswer answer =
      witness->add_checkpoint(to_text(AddCheckpoint{5, {}, signed_head({5, leaf_hash("other")})}));

  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("forked"));
  EXPECT_EQ(witness->add_checkpoint(to_text(AddCheckpoint{5, {}, signed_head(head_of(leaves_, 5))})).status, 200);
}

TEST_F(WitnessTest, RefusesWhatItMust) {
  const auto witness = open();
  ASSERT_EQ(witness->add_checkpoint(request(0, 5)).status, 200);
  const TreeHead next = head_of(leaves_, 17);

  EXPECT_EQ(witness->add_checkpoint("nonsense").status, 400);
  EXPECT_EQ(witness->add_checkpoint(to_text(AddCheckpoint{18, {}, signed_head(next)})).status, 400);
  EXPECT_EQ(
      witness->add_checkpoint(to_text(AddCheckpoint{0, {}, signed_head(next, log_key("other.example", "o"))})).status,
      404);
  EXPECT_EQ(
      witness->add_checkpoint(to_text(AddCheckpoint{5, {}, signed_head(next, log_key(kOrigin, "forged"))})).status,
      403);
  EXPECT_EQ(witness->add_checkpoint(to_text(AddCheckpoint{5, {}, signed_head(next)})).status, 422);
  EXPECT_EQ(witness->add_checkpoint(to_text(AddCheckpoint{5, {leaves_[0]}, signed_head(next)})).status, 422);
}

TEST_F(WitnessTest, RemembersOverARestart) {
  ASSERT_EQ(open()->add_checkpoint(request(0, 5)).status, 200);

  const auto again = open();

  EXPECT_EQ(again->add_checkpoint(request(0, 5)).body, "5\n");
  EXPECT_EQ(again->add_checkpoint(request(5, 6)).status, 200);
}

TEST_F(WitnessTest, SharesItsFolderWithNoOther) {
  const auto witness = open();
  const auto other = Witness::open(folder_.file("witness"), witness_key("witness.example/a"), {}, clock_);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().what, HasSubstr("another witness"));
}

TEST_F(WitnessTest, AnswersThePublishedRequestsAsStated) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/witness");
  const json::Document document = json_file(folder / "add-checkpoint.json");
  const std::string hex = document.root().text_or("log_key_hex", "");
  std::string key;
  for (std::size_t i = 0; i < hex.size(); i += 2) key += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  const json::Value exchanges = document.root().at("exchanges");
  const std::string origin =
      parse_signed_checkpoint(parse_add_checkpoint(exchanges[0].text_or("request_body", "")).value().checkpoint)
          .value()
          .checkpoint.origin;
  const auto witness = Witness::open(folder_.file("published"), witness_key("example.com/witness"),
                                     {{origin, {make_verifier_key(origin, KeyType::ed25519, key).value()}}}, clock_)
                           .value();

  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    const json::Value v = exchanges[i];
    const WitnessAnswer answer = witness->add_checkpoint(v.text_or("request_body", ""));
    const std::string body = v.text_or("assert", "");
    const std::string part = body.substr(body.find('"') + 1, body.rfind('"') - body.find('"') - 1);
    const bool unknown = part == "unknown log";  // 403 then, 404 in today's text
    EXPECT_EQ(answer.status, unknown ? 404 : v.integer_or("status", 0))
        << v.integer_or("seq", -1) << " " << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(part));
  }
}

// --- the log's side

TEST_F(WitnessTest, IsAskedAgainFromTheSizeItNames) {
  const auto witness = open();
  ASSERT_EQ(witness->add_checkpoint(request(0, 5)).status, 200);
  FakeHttp http = network(*witness);

  const auto cosigned = ask_witness(http, trusted(), signed_head(head_of(leaves_, 17)), 0, nodes_, kNoon);

  ASSERT_TRUE(cosigned) << cosigned.error().what;
  EXPECT_EQ(cosigned->at, kNoon);
  EXPECT_THAT(http.asked, SizeIs(2));
}

TEST_F(WitnessTest, ThatKnowsMoreThanTheLogIsAnAlarm) {
  const auto witness = open();
  ASSERT_EQ(witness->add_checkpoint(request(0, 30)).status, 200);
  FakeHttp http = network(*witness);

  const auto cosigned = ask_witness(http, trusted(), signed_head(head_of(leaves_, 17)), 17, nodes_, kNoon);

  ASSERT_FALSE(cosigned);
  EXPECT_EQ(cosigned.error().kind, ErrorKind::denied);
  EXPECT_THAT(cosigned.error().what, HasSubstr("30 leaves"));
}

TEST_F(WitnessTest, WhoseClockDiffersByMinutesIsAnAlarm) {
  const auto witness = open();
  FakeHttp http = network(*witness);

  const auto cosigned = ask_witness(http, trusted(), signed_head(head_of(leaves_, 17)), 0, nodes_, kNoon + hours(1));

  ASSERT_FALSE(cosigned);
  EXPECT_THAT(cosigned.error().what, HasSubstr("clock"));
}

TEST_F(WitnessTest, AnswerOfAnotherKeyIsNotTaken) {
  const auto stranger = Witness::open(folder_.file("s"), witness_key("stranger.example"),
                                      {{kOrigin, {verifier_of(log_key()).value()}}}, clock_)
                            .value();
  FakeHttp http = network(*stranger);

  const auto cosigned = ask_witness(http, trusted(), signed_head(head_of(leaves_, 17)), 0, nodes_, kNoon);

  ASSERT_FALSE(cosigned);
  EXPECT_THAT(cosigned.error().what, HasSubstr("without a cosignature of its key"));
}

TEST_F(WitnessTest, ThatFailsIsAskedLater) {
  FakeHttp http([](const HttpRequest&) { return reply(503, "busy"); });

  const auto cosigned = ask_witness(http, trusted(), signed_head(head_of(leaves_, 17)), 0, nodes_, kNoon);

  ASSERT_FALSE(cosigned);
  EXPECT_EQ(cosigned.error().kind, ErrorKind::transient);
}

}  // namespace
}  // namespace vigie::test
