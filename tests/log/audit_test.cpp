// What the mutation test does not reach: rules that entries break when their author holds the key, and hostile logs.

#include "wall/log/audit.h"

#include "base/rng.h"
#include "base/text.h"
#include "tests/log/walls.h"

namespace vigie::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Pair;

constexpr std::int64_t kNoon = 1'790'000'000 / 86'400 * 86'400 + 12 * 3600;
constexpr std::int64_t kDayLong = 86'400;

// A log's entries, folded one after the other.
class AccountTest : public testing::Test {
 protected:
  AccountTest() : account_(log_key().name) {
    EXPECT_THAT(take(PolicyLeaf{sha256("charter"),
                                "https://avis.example/method",
                                {"OFF-TOPIC", "PERSONAL-DATA", "COURT"},
                                kNoon,
                                7 * kDayLong,
                                0,
                                0,
                                3600,
                                "mean-1",
                                "all"}),
                IsEmpty());
    EXPECT_THAT(take(InvitationLeaf{"s", "e-mail", 2, 2, sha256("root")}), IsEmpty());
  }
  std::vector<std::string> take(LeafBody body, std::int64_t time = kNoon) {
    return account_.take(next_++, {time, std::move(body)});
  }
  static SubmissionLeaf review(int number, const std::string& source = "inv") {
    SubmissionLeaf leaf;
    leaf.source = source;
    leaf.survey = "s";
    leaf.scale = "1-5";
    leaf.rating = 4;
    leaf.lang = "fr";
    leaf.verified = "none";
    leaf.commitment = sha256("c");
    leaf.lock = sha256("secret of 32 bytes, or about that");
    if (source == "inv") leaf.nullifier = sha256(std::to_string(number)).substr(0, 16);
    return leaf;
  }
  static ModerationLeaf act(std::int64_t ref, const std::string& what, const std::string& code = "") {
    return {ref, what, code, "human", 0};
  }

  Account account_;
  std::int64_t next_ = 0;
};

TEST_F(AccountTest, TakesOneResultForAnAuditThatWasAskedFor) {
  ASSERT_THAT(take(AuditLeaf{"client-0042", "asked", 20}), IsEmpty());
  EXPECT_THAT(take(AuditLeaf{"client-0042", "passed", 20, 1, sha256("report")}),
              ElementsAre(HasSubstr("no audit asked for above it")));
  EXPECT_EQ(account_.audits().at(2).status, "asked");

  EXPECT_THAT(take(AuditLeaf{"client-0042", "failed", 20, 2, sha256("report")}), IsEmpty());

  EXPECT_EQ(account_.audits().at(2).status, "failed");
  EXPECT_THAT(take(AuditLeaf{"client-0042", "passed", 20, 2, sha256("report")}),
              ElementsAre(HasSubstr("had its result")));
  EXPECT_EQ(account_.audits().at(2).status, "failed");
}

TEST_F(AccountTest, WantsOneOutcomeAReview) {
  ASSERT_THAT(take(review(1)), IsEmpty());
  EXPECT_THAT(take(act(2, "publish")), IsEmpty());
  EXPECT_THAT(take(act(2, "publish")), ElementsAre(HasSubstr("published already")));
  EXPECT_THAT(take(act(2, "refuse", "OFF-TOPIC")), ElementsAre(HasSubstr("published already")));
  EXPECT_THAT(take(act(1, "publish")), ElementsAre(HasSubstr("no review above it")));
  EXPECT_THAT(take(act(90, "publish")), ElementsAre(HasSubstr("leaf 90")));
}

TEST_F(AccountTest, WantsAReasonOfThePolicyInForce) {
  ASSERT_THAT(take(review(1)), IsEmpty());
  EXPECT_THAT(take(act(2, "refuse", "FAKE")), Contains(HasSubstr("not one of the policy")));
  ASSERT_THAT(take(review(2)), IsEmpty());
  EXPECT_THAT(take(act(4, "refuse", "PERSONAL-DATA")), ElementsAre(HasSubstr("masked, never a reason")));
  EXPECT_THAT(take(ModerationLeaf{4, "mask", "PERSONAL-DATA", "human", 1}), ElementsAre(HasSubstr("as its policy")));
}

TEST_F(AccountTest, KnowsWhoWithdrew) {
  ASSERT_THAT(take(review(1)), IsEmpty());
  EXPECT_THAT(take(WithdrawalLeaf{2, std::string(32, 'x')}), ElementsAre(HasSubstr("the author did not withdraw it")));
  EXPECT_THAT(take(WithdrawalLeaf{2, "secret of 32 bytes, or about that"}),
              ElementsAre(HasSubstr("withdrawn already")));
  EXPECT_THAT(take(act(2, "publish")), ElementsAre(HasSubstr("withdrawn already")));
  EXPECT_THAT(take(ErasureLeaf{2, "gdpr", std::nullopt}), IsEmpty());
  EXPECT_EQ(account_.numbers().withdrawn, 1);
}

TEST_F(AccountTest, CountsInvitations) {
  EXPECT_THAT(take(review(1)), IsEmpty());
  EXPECT_THAT(take(review(1)), ElementsAre(HasSubstr("used before")));
  EXPECT_THAT(take(review(3)), ElementsAre(HasSubstr("more invited reviews")));
  EXPECT_THAT(take(review(4, "web")), IsEmpty());
  EXPECT_THAT(take(InvitationLeaf{"s", "e-mail", 3, 2, sha256("root")}),
              ElementsAre(HasSubstr("more invitations than people")));
}

TEST_F(AccountTest, SaysWhatWaitsTooLong) {
  ASSERT_THAT(take(review(1)), IsEmpty());
  EXPECT_THAT(account_.overdue(from_epoch(kNoon + 7 * kDayLong)), IsEmpty());
  const auto late = account_.overdue(from_epoch(kNoon + 8 * kDayLong));
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late.front().first, 2);
  EXPECT_THAT(late.front().second, HasSubstr("neither published, refused"));
}

TEST_F(AccountTest, HoldsTimesPoliciesAndSumsToTheirRules) {
  EXPECT_THAT(take(review(1), kNoon - 3600), Contains(HasSubstr("lies before")));
  EXPECT_THAT(take(AggregateLeaf{"2026-13-01", 0, {}}), ElementsAre(HasSubstr("not a date")));
  EXPECT_THAT(take(AggregateLeaf{format_rfc3339(from_epoch(kNoon)).substr(0, 10), 0, {}}),
              ElementsAre(HasSubstr("not over yet")));
  EXPECT_THAT(take(AggregateLeaf{format_rfc3339(from_epoch(kNoon)).substr(0, 10), 0, {}}, kNoon + kDayLong),
              ElementsAre(HasSubstr("counts")));
  PolicyLeaf back{sha256("charter"), "u", {}, kNoon, 0, 0, 0, 3600, "mean-1", "all"};
  EXPECT_THAT(take(back, kNoon + kDayLong), ElementsAre(HasSubstr("before it was logged")));
}

TEST_F(AccountTest, ShowsTheLastPublishedWordingAndItsRating) {
  ASSERT_THAT(take(review(1)), IsEmpty());
  ASSERT_THAT(take(act(2, "publish")), IsEmpty());
  ASSERT_THAT(take(VersionLeaf{2, sha256("c2"), 1}), IsEmpty());
  EXPECT_EQ(account_.numbers().mean_milli, 4000);
  ASSERT_THAT(take(act(4, "publish")), IsEmpty());
  EXPECT_EQ(account_.numbers().mean_milli, 1000);
  ASSERT_THAT(take(act(4, "hide", "COURT")), IsEmpty());
  EXPECT_EQ(account_.review(2)->shown()->leaf, 2);
}

TEST_F(AccountTest, TellsErasuresApartByProofAndRating) {
  for (int i = 0; i < 4; ++i) ASSERT_THAT(take(review(1, "web")), IsEmpty());
  ASSERT_THAT(take(act(2, "publish")), IsEmpty());
  ASSERT_THAT(take(VersionLeaf{2, sha256("c2"), 1}), IsEmpty());
  ASSERT_THAT(take(act(7, "publish")), IsEmpty());
  ASSERT_THAT(take(act(3, "refuse", "OFF-TOPIC")), IsEmpty());
  ASSERT_THAT(take(ErasureLeaf{2, "gdpr", std::nullopt}), IsEmpty());
  ASSERT_THAT(take(ErasureLeaf{3, "court", std::nullopt}), IsEmpty());
  ASSERT_THAT(take(ErasureLeaf{4, "gdpr", "secret of 32 bytes, or about that"}), IsEmpty());
  ASSERT_THAT(take(ErasureLeaf{5, "retention", std::nullopt}), IsEmpty());

  const WallNumbers numbers = account_.numbers();

  using Counts = std::map<std::string, CountByRating>;
  EXPECT_EQ(numbers.erased_by, (Counts{{"attested", {{"4", 1}}}, {"court", {{"4", 1}}}, {"gdpr", {{"1", 1}}},
                                       {"retention", {{"4", 1}}}}))
      << "of the wording shown last";
  EXPECT_EQ(numbers.erased + numbers.expired, 4);
}

TEST_F(AccountTest, KeepsCountOfWhatWasHiddenMaskedAndChanged) {
  for (int i = 0; i < 2; ++i) ASSERT_THAT(take(review(1, "web")), IsEmpty());
  ASSERT_THAT(take(act(2, "publish")), IsEmpty());
  ASSERT_THAT(take(act(2, "hide", "OFF-TOPIC")), IsEmpty());
  ASSERT_THAT(take(act(2, "restore")), IsEmpty());
  ASSERT_THAT(take(act(2, "mask", "PERSONAL-DATA")), IsEmpty());
  ASSERT_THAT(take(act(3, "publish")), IsEmpty());
  ASSERT_THAT(take(VersionLeaf{3, sha256("c2"), 5}), IsEmpty());
  EXPECT_TRUE(account_.numbers().changed_by.empty()) << "not shown yet";
  ASSERT_THAT(take(act(9, "publish")), IsEmpty());

  const WallNumbers numbers = account_.numbers();

  EXPECT_EQ(numbers.hidden, 0);
  EXPECT_EQ(numbers.hidden_by.at("OFF-TOPIC"), (CountByRating{{"4", 1}})) << "though it is shown again";
  EXPECT_EQ(numbers.masked_by, (CountByRating{{"4", 1}}));
  EXPECT_EQ(numbers.changed_by.at("4"), (CountByRating{{"5", 1}}));
}

TEST_F(AccountTest, LetsNoReviewEndBeforeItsTime) {
  PolicyLeaf year{sha256("charter"), "u", {"COURT"}, kNoon, 7 * kDayLong, 0, 365 * kDayLong, kDayLong, "mean-1", "all"};
  ASSERT_THAT(take(year), IsEmpty());
  for (int i = 0; i < 2; ++i) ASSERT_THAT(take(review(1, "web")), IsEmpty());

  EXPECT_THAT(take(ErasureLeaf{3, "retention", std::nullopt}, kNoon + 300 * kDayLong),
              ElementsAre(HasSubstr("ends leaf 3 at the end of its time, which is")));
  EXPECT_THAT(take(ErasureLeaf{4, "retention", std::nullopt}, kNoon + 365 * kDayLong), IsEmpty());
}

TEST_F(AccountTest, NeverAddsUpRatingsOfTwoScales) {
  SubmissionLeaf nine = review(1, "web"), silent = review(1, "web");
  nine.scale = silent.scale = "0-10";
  nine.rating = 9;
  silent.rating.reset();
  ASSERT_THAT(take(review(1, "web")), IsEmpty());  // 4 of 1-5
  ASSERT_THAT(take(nine), IsEmpty());
  ASSERT_THAT(take(silent), IsEmpty());
  for (const std::int64_t leaf : {2, 3, 4}) ASSERT_THAT(take(act(leaf, "publish")), IsEmpty());

  EXPECT_EQ(account_.numbers().mean_milli, 4000);
  EXPECT_THAT(account_.numbers().histogram, ElementsAre(Pair("-", 1), Pair("0-10:9", 1), Pair("4", 1)));
  EXPECT_THAT(account_.numbers().median_delay, ElementsAre(Key("-"), Key("0-10:9"), Key("4")));
}

TEST_F(AccountTest, CountsAnswersAtAPosterApart) {
  SubmissionLeaf furious = review(1, "qr");
  furious.rating = 1;
  ASSERT_THAT(take(review(1, "web")), IsEmpty());  // 4 of 1-5
  ASSERT_THAT(take(furious), IsEmpty());
  ASSERT_THAT(take(furious), IsEmpty());
  for (const std::int64_t leaf : {2, 3, 4}) ASSERT_THAT(take(act(leaf, "publish")), IsEmpty());

  EXPECT_EQ(account_.numbers().mean_milli, 4000);
  EXPECT_EQ(account_.numbers().published, 3);
  EXPECT_THAT(account_.numbers().histogram, ElementsAre(Pair("4", 1), Pair("qr/1-5:1", 2)));
}

TEST_F(AccountTest, TellsTheDaysThatAreOverAndNotAddedUpYet) {
  ASSERT_THAT(take(review(1)), IsEmpty());
  EXPECT_THAT(account_.unsummed(from_epoch(kNoon)), IsEmpty());
  const auto days = account_.unsummed(from_epoch(kNoon + kDayLong));
  ASSERT_EQ(days.size(), 1u);

  ASSERT_THAT(
      take(AggregateLeaf{format_rfc3339(from_epoch(kNoon)).substr(0, 10), 0, days.front().second}, kNoon + kDayLong),
      IsEmpty());
  EXPECT_THAT(account_.unsummed(from_epoch(kNoon + kDayLong)), IsEmpty());
}

TEST(Audits, OfACheckpointThatClaimsAnySizeEnd) {
  MapFiles files;
  files.files["checkpoint"] = signed_head({std::int64_t{1} << 62, empty_root()});
  const auto audited = audit(files, {verifier_of(log_key()).value(), std::nullopt, {}, from_epoch(kNoon)});
  ASSERT_TRUE(audited);
  EXPECT_THAT(audited->findings, Contains(HasSubstr("nothing from here on")));
  EXPECT_LT(audited->findings.size(), 100u);
}

TEST(Audits, OfWhatIsNoLogSaySo) {
  MapFiles files;
  EXPECT_EQ(audit(files, {}).error().kind, ErrorKind::gone);
  files.files["checkpoint"] = "<html>";
  EXPECT_THAT(audit(files, {}).value().findings, ElementsAre(HasSubstr("checkpoint: a note")));
}

TEST(Audits, WithoutAKeyTakeTheLogsOwnAndSaySo) {
  const SeededWall wall(3, 5);
  FolderFiles files(wall.folder());
  const Audit audited = audit(files, {std::nullopt, std::nullopt, {}, wall.now()}).value();
  EXPECT_THAT(audited.findings, IsEmpty());
  EXPECT_TRUE(audited.own_key);
}

TEST(Audits, NameItemsThatCannotBeReadAndGoOn) {
  const SeededWall wall(4, 12);
  MapFiles files;
  FolderFiles folder(wall.folder());
  for (const Tile& tile :
       tiles_of(parse_signed_checkpoint(folder.read("checkpoint", 9999).value()).value().checkpoint.head.size)) {
    files.files[path_of(tile)] = folder.read(path_of(tile), 1 << 24).value();
  }
  files.files["checkpoint"] = folder.read("checkpoint", 9999).value();
  std::string items = folder.read("items.json", 1 << 24).value();
  items.replace(items.find("\"ref\":"), 6, "\"fer\":");
  files.files["items.json"] = items;

  const Audit audited = audit(files, {verifier_of(log_key()).value(), std::nullopt, {}, wall.now()}).value();

  EXPECT_THAT(audited.findings, Contains(HasSubstr("items.json: item 1: ref")));
  EXPECT_THAT(audited.findings, Contains(HasSubstr("is published, and the wall does not show it")));
}

// A wall's log as it is published.
MapFiles files_of(const SeededWall& wall) {
  MapFiles files;
  FolderFiles folder(wall.folder());
  files.files["checkpoint"] = folder.read("checkpoint", 9999).value();
  for (const Tile& tile : tiles_of(parse_signed_checkpoint(files.files["checkpoint"]).value().checkpoint.head.size))
    files.files[path_of(tile)] = folder.read(path_of(tile), 1 << 24).value();
  return files;
}

TEST(Audits, HoldWhatThePageShowsAgainstTheEntries) {
  const SeededWall wall(4, 12);
  MapFiles files = files_of(wall);
  const Audit honest = audit(files, {verifier_of(log_key()).value(), std::nullopt, {}, wall.now()}).value();
  const auto audited = [&](std::int64_t size, std::int64_t received, const std::string& mean) {
    const WallNumbers& n = honest.numbers;
    std::string page = concat("<data class=\"number\" value=\"", mean, "\"><ul class=\"strip\" data-size=\"",
                              std::to_string(size), "\">\n");
    for (const auto& [name, count] : {std::pair{"received", received}, std::pair{"published", n.published},
                                      std::pair{"refused", n.refused}, std::pair{"hidden", n.hidden},
                                      std::pair{"withdrawn", n.withdrawn}, std::pair{"erased", n.erased},
                                      std::pair{"pending", n.pending}})
      page += concat("<li class=\"", name, "\"><data value=\"", std::to_string(count), "\">?</data>\n");
    page += "</ul><table data-scale=\"1-5\"></table>";
    return audit(files, {verifier_of(log_key()).value(), std::nullopt, {}, wall.now(), read_shown(page)}).value();
  };
  const std::int64_t mean = honest.numbers.mean_milli, received = honest.numbers.received;
  const std::string told = concat(std::to_string(mean / 1000), ".", std::to_string(1000 + mean % 1000).substr(1));

  EXPECT_THAT(audited(honest.size, received, told).findings, IsEmpty());
  EXPECT_TRUE(audited(honest.size, received, told).page);
  EXPECT_THAT(audited(honest.size, received - 1, told).findings,
              ElementsAre(HasSubstr("the wall's page shows received")));
  EXPECT_THAT(audited(honest.size, received, "4.999").findings, ElementsAre(HasSubstr("shows the mean 4.999")));
  EXPECT_THAT(audited(honest.size + 1, received, told).findings, ElementsAre(HasSubstr("the log has")));
  EXPECT_THAT(audited(1, received, told).findings, Contains(HasSubstr("more than a day behind")));
  EXPECT_FALSE(read_shown("<p>Reviews of Acme</p>"));
}

TEST(Audits, HoldTheWallsOwnWitnessesToWhatTheySigned) {
  const SeededWall wall(4, 12);
  const SigningKey a = witness_key("a.example/w"), b = witness_key("b.example/w");
  MapFiles files = files_of(wall);
  files.files["witnesses"] = concat("witness a ", to_text(verifier_of(a).value()), "\nwitness b ",
                                    to_text(verifier_of(b).value()), "\ngroup both 2 a b\nquorum both\n");
  const auto with = [&](const NoteSignature& line) {
    Note note = parse_note(files_of(wall).files["checkpoint"]).value();
    note.signatures.push_back(line);
    files.files["checkpoint"] = to_text(note);
    return audit(files, {verifier_of(log_key()).value(), std::nullopt, {}, wall.now()}).value();
  };
  const std::string text = parse_note(files.files["checkpoint"]).value().text;

  const Audit one = with(cosign(text, a, wall.now()).value());
  const Audit forged = with(cosign(concat(text, "x\n"), b, wall.now()).value());
  const Audit early = with(cosign(text, a, wall.now() - 9 * kDay).value());

  EXPECT_THAT(one.findings, IsEmpty()) << "too few is for the reader to judge";
  EXPECT_EQ(one.named, 2u);
  ASSERT_EQ(one.cosigned.size(), 1u);
  EXPECT_EQ(one.cosigned.front().witness, "a");
  EXPECT_THAT(forged.findings, ElementsAre(HasSubstr("in the name of witness b, which did not sign it")));
  EXPECT_THAT(early.findings, Contains(HasSubstr("its time lies after")));
  files.files["witnesses"] = "witness a nonsense\n";
  EXPECT_THAT(with(cosign(text, a, wall.now()).value()).findings, ElementsAre(HasSubstr("witnesses: line 1")));
}

TEST(Audits, OfPublishedLogsOfOthersFindTheirTreesSound) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/tessera-log");
  const VerifierKey key = parse_verifier_key(trim(read_bytes(folder / "vkey"))).value();
  FolderFiles stored(folder);

  for (int size = 1; size <= 8; ++size) {
    const std::string checkpoint = read_bytes(folder / concat("checkpoint.", std::to_string(size)));
    const SignedNote head = parse_signed_checkpoint(checkpoint).value();
    EXPECT_TRUE(check_note(head.note, {key})) << size;
    const std::vector<Hash> hashes = read_tile(stored, {0, 0, size}).value();
    const std::vector<std::string> entries = read_bundle(stored, 0, size).value();
    RightEdge edge;
    for (int i = 0; i < size; ++i) {
      edge.append(leaf_hash(entries[static_cast<std::size_t>(i)]));
      EXPECT_EQ(leaf_hash(entries[static_cast<std::size_t>(i)]), hashes[static_cast<std::size_t>(i)]);
    }
    EXPECT_EQ(edge.root(), head.checkpoint.head.root) << size;
  }
}

}  // namespace
}  // namespace vigie::test
