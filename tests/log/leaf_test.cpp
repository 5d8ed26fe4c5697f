#include "wall/log/leaf.h"

#include "tests/log/log_support.h"
#include "wall/log/commitment.h"

#include <rapidcheck/gtest.h>

namespace vigie::test {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kHour = 1'790'000'000 / 3600 * 3600;

SubmissionLeaf submission() {
  SubmissionLeaf leaf;
  leaf.source = "inv";
  leaf.survey = "after-delivery";
  leaf.scale = "1-5";
  leaf.rating = 4;
  leaf.lang = "fr";
  leaf.verified = "order";
  leaf.commitment = sha256("c");
  leaf.lock = sha256("w");
  leaf.nullifier = sha256("k").substr(0, 16);
  return leaf;
}

std::vector<LeafBody> one_of_each() {
  PolicyLeaf policy{sha256("charter"),
                    "https://avis.example/method",
                    {"ILLEGAL", "SPAM-PROMO"},
                    kHour,
                    7 * 86'400,
                    7 * 86'400,
                    36 * 30 * 86'400,
                    3600,
                    "mean-1",
                    "every order"};
  AggregateLeaf day{
      "2026-11-21", 90, {100, 12, 9, 1, 0, {{"OFF-TOPIC", {{"1", 2}, {"5", 1}}}}, {{"1", 3}, {"5", 9}}, {{"5", 7200}}}};
  return {policy,
          InvitationLeaf{"after-delivery", "e-mail", 100, 120, sha256("root")},
          submission(),
          ModerationLeaf{2, "refuse", "OFF-TOPIC", "human", 0},
          ModerationLeaf{2, "publish", "", "auto", 0},
          VersionLeaf{2, sha256("c2"), 5},
          WithdrawalLeaf{2, sha256("x")},
          ErasureLeaf{2, "gdpr", sha256("x")},
          ErasureLeaf{2, "retention", std::nullopt},
          ReplyLeaf{2, sha256("r"), "published"},
          ImprovementLeaf{{2, 5}, std::nullopt, sha256("i"), "open"},
          ImprovementLeaf{{2}, 10, sha256("i"), "done"},
          ExternalLeaf{"google", 1200, 4312, kHour, sha256("raw")},
          day,
          KeyLeaf{"old \"key\"", "new\n\x01 key", std::string(64, 's')},
          AuditLeaf{"client-0042", "asked", 20, std::nullopt, std::nullopt},
          AuditLeaf{"client-0042", "passed", 20, 15, sha256("report")}};
}

TEST(Leaves, OfEveryTypeReadBackAsTheyWere) {
  for (const LeafBody& body : one_of_each()) {
    const auto bytes = to_bytes({kHour, body});
    ASSERT_TRUE(bytes) << type_of(body) << ": " << bytes.error().what;
    const auto read = parse_leaf(*bytes);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->time, kHour);
    EXPECT_EQ(type_of(read->body), type_of(body));
    EXPECT_EQ(to_bytes(*read).value(), *bytes);
  }
}

TEST(Leaves, AreSmallAndSortedAsRfc8785Asks) {
  const std::string bytes = to_bytes({kHour, submission()}).value();

  EXPECT_EQ(
      bytes,
      concat(
          R"({"c":")", to_base64url(sha256("c")), R"(","h":)", std::to_string(kHour), R"(,"inc":"none","k":")",
          to_base64url(sha256("k").substr(0, 16)),
          R"(","lang":"fr","r":4,"scale":"1-5","src":"inv","survey":"after-delivery","t":"sub","v":1,"ver":"order","w":")",
          to_base64url(sha256("w")), R"(","wby":"author"})"));
  EXPECT_LT(bytes.size(), 290u);
}

TEST(Leaves, EscapeStringsAsRfc8785Does) {
  EXPECT_EQ(canonical_string("\u20ac$\x0f\nA'B\"\\\\\"/"), "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
}

TEST(Leaves, AreRefusedInAnyOtherSpelling) {
  const std::string good = to_bytes({kHour, submission()}).value();
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  for (const std::string& bad : {changed("\"r\":4", "\"r\":5,\"r\":4"),
                                 changed("\"r\":4", "\"r\": 4"),
                                 changed("\"r\":4", "\"r\":4.0"),
                                 changed("\"r\":4", "\"r\":\"4\""),
                                 changed("\"r\":4", "\"r\":-0"),
                                 changed("\"r\":4", "\"r\":1e400"),
                                 changed("\"r\":4", "\"r\":101"),
                                 changed("\"r\":4", "\"r\":18446744073709551616"),
                                 changed("\"lang\":\"fr\",", ""),
                                 changed("\"lang\":\"fr\"", "\"lang\":\"\\u0066r\""),
                                 changed("\"t\":\"sub\"", "\"t\":\"subs\""),
                                 changed("\"v\":1", "\"v\":2"),
                                 changed("\"lang\":\"fr\"", "\"lang\":\"fr\",\"more\":1"),
                                 changed("\"src\":\"inv\"", "\"src\":\"tv\""),
                                 changed("\"w\":\"", "\"w\":\"A"),
                                 good + " ",
                                 concat(" ", good),
                                 changed("{", ""),
                                 changed("\"lang\":\"fr\"", "\"lang\":\"\xff\""),
                                 concat("{\"a\":\"", std::string(5000, 'x'), "\"}"),
                                 std::string(100'000, '['),
                                 std::string()}) {
    EXPECT_FALSE(parse_leaf(bad)) << bad.substr(0, 300);
  }
}

TEST(Leaves, GiveAReasonWithRefusalsAndNoneWithPublications) {
  EXPECT_FALSE(to_bytes({kHour, ModerationLeaf{2, "refuse", "", "human", 0}}));
  EXPECT_FALSE(to_bytes({kHour, ModerationLeaf{2, "publish", "ILLEGAL", "human", 0}}));
  EXPECT_THAT(to_bytes({kHour, ModerationLeaf{2, "refuse", "TOO-NEGATIVE", "human", 0}}).error().what,
              HasSubstr("reason codes"));
}

TEST(Leaves, CountByRatingsThatSayTheirScale) {
  const auto day = [](const std::string& rating) {
    AggregateLeaf leaf;
    leaf.day = "2026-11-21";
    leaf.counts.histogram[rating] = 1;
    return to_bytes({kHour, leaf});
  };
  for (const char* good : {"4", "-", "0-10:9", "1-7:7", "qr/1-5:4", "qr/0-10:9"}) EXPECT_TRUE(day(good)) << good;
  for (const char* bad : {"", "04", "-1", "1-5:4", "qr/", "qr/4", "qr/qr/1-5:4", "0-10:", "0-10:-", "x:4", "0-10:101", "4 ", "4:4"})
    EXPECT_FALSE(day(bad)) << bad;
}

RC_GTEST_PROP(Leaves, ThatAreTakenAreThoseThatWouldBeWritten, ()) {
  std::string bytes = to_bytes({kHour, *rc::gen::elementOf(one_of_each())}).value();
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<char>();

  if (const auto leaf = parse_leaf(bytes)) {
    RC_ASSERT(to_bytes(*leaf).value() == bytes);
  }
}

// --- commitments

TEST(Commitments, OpenFieldByField) {
  const Fields sealed = seal({"Colis jamais arriv\u00e9", "client-0042", "2026-11-20", "", "A-17", ""});
  const Hash c = commitment(sealed);

  Fields shown = sealed;
  shown[1] = closed(1, sealed[1]);  // the author is masked
  shown[4] = closed(4, sealed[4]);
  EXPECT_EQ(commitment(shown), c);
  const json::Document written = json::parse(to_json(shown)).value();
  EXPECT_EQ(commitment(read_fields(written.root()).value()), c);

  shown[0].value += "!";
  EXPECT_NE(commitment(shown), c);
}

TEST(Commitments, OfOneTextAreNeverTheSameTwice) {
  EXPECT_NE(commitment(seal({"a", "", "", "", "", ""})), commitment(seal({"a", "", "", "", "", ""})));
}

TEST(Commitments, FollowTheStatedConstruction) {
  Fields fields;
  std::string digests = "vigie-c1";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields[i] = {concat("value ", std::to_string(i)), std::string(32, static_cast<char>(i)), std::nullopt};
    digests += hmac_sha256(fields[i].key, concat(kFields[i], std::string_view("\0", 1), fields[i].value));
  }
  EXPECT_EQ(bytes_of(commitment(fields)), sha256(digests));
}

TEST(Nullifiers, AreTheFirstHalfOfAHash) { EXPECT_EQ(nullifier("token"), sha256("vigie-k1token").substr(0, 16)); }

}  // namespace
}  // namespace vigie::test
