#include "wall/log/publisher.h"

#include <sys/stat.h>

#include "store/sqlite.h"
#include "tests/log/log_support.h"
#include "tests/support/fake_http.h"
#include "wall/log/append.h"
#include "wall/log/audit.h"
#include "wall/log/keys.h"
#include "wall/log/witness.h"

namespace vigie::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNoon = parse_rfc3339("2026-11-21T12:30:00Z").value();
constexpr const char* kBrand = "acme";

class PublisherTest : public testing::Test {
 protected:
  PublisherTest()
      : path_(folder_.file("v.db")),
        log_(folder_.path() / "log"),
        store_(open_sqlite_store("sqlite:" + path_).value()) {}

  std::unique_ptr<Publisher> open(std::vector<SigningKey> keys = {log_key()}) {
    return Publisher::open({kBrand, log_, std::move(keys)}, *store_, clock_).value();
  }
  void append(int count) {
    std::vector<LeafToAppend> leaves;
    for (int i = 0; i < count; ++i)
      leaves.push_back(leaf_to_append(AuditLeaf{"client-0042", "asked", ++appended_, {}, {}}, clock_, hours(1)));
    ASSERT_TRUE(store_->append_leaves(kBrand, leaves));
  }
  std::string file(const std::string& name) const { return read_bytes(log_ / name); }
  std::vector<std::string> findings(std::vector<std::string> known = {}) {
    FolderFiles files(log_);
    return audit(files, {verifier_of(log_key()).value(), std::nullopt, std::move(known), clock_.now()})
        .value()
        .findings;
  }

  TempDir folder_;
  std::string path_;
  std::filesystem::path log_;
  ManualClock clock_{kNoon};
  std::unique_ptr<Store> store_;
  int appended_ = 0;
};

TEST_F(PublisherTest, PutsWhatWasAppendedIntoTilesAndACheckpoint) {
  const auto publisher = open();
  EXPECT_EQ(publisher->publish().value().size, 0);
  append(3);

  const Published published = publisher->publish().value();

  EXPECT_EQ(published.size, 3);
  EXPECT_EQ(published.fresh, 3);
  EXPECT_EQ(file("checkpoint"), published.note);
  EXPECT_EQ(file("tile/0/000.p/3").size(), 96u);
  EXPECT_EQ(file("vkey"), to_text(verifier_of(log_key()).value()) + "\n");
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(PublisherTest, GivesTheSameFilesInOneBatchOrInMany) {
  {
    const auto publisher = open();
    for (const int count : {1, 254, 1, 1, 300, 0, 700}) {
      append(count);
      ASSERT_TRUE(publisher->publish());
    }
  }
  const auto bytes = [&] {
    std::map<std::string, std::string> all;
    for (const Tile& tile : tiles_of(1257)) all[path_of(tile)] = file(path_of(tile));
    all["checkpoint"] = file("checkpoint");
    return all;
  };
  const auto in_batches = bytes();
  EXPECT_THAT(findings(), IsEmpty());

  std::filesystem::remove_all(log_);
  ASSERT_TRUE(open()->rebuild());

  EXPECT_EQ(bytes(), in_batches);
}

TEST_F(PublisherTest, TakesPartialTilesAwayOnceTheFullOneIsThere) {
  const auto publisher = open();
  append(200);
  ASSERT_TRUE(publisher->publish());
  EXPECT_TRUE(std::filesystem::exists(log_ / "tile/0/000.p/200"));
  append(100);
  ASSERT_TRUE(publisher->publish());

  EXPECT_TRUE(std::filesystem::exists(log_ / "tile/0/000"));
  EXPECT_FALSE(std::filesystem::exists(log_ / "tile/0/000.p"));
  EXPECT_FALSE(std::filesystem::exists(log_ / "tile/entries/000.p"));
}

TEST_F(PublisherTest, GoesOnAfterARestartAndAfterTheFolderIsLost) {
  append(300);
  ASSERT_TRUE(open()->publish());
  const std::string first = file("checkpoint");
  append(10);
  ASSERT_TRUE(open()->publish());
  std::filesystem::remove_all(log_);
  append(10);

  ASSERT_TRUE(open()->publish());

  EXPECT_THAT(findings({first}), IsEmpty());
}

TEST_F(PublisherTest, SignsTheTreeThatWasPromisedBeforeACrash) {
  append(5);
  {
    const auto publisher = open();
    ASSERT_TRUE(publisher->publish());
  }
  const std::string before = file("checkpoint");
  std::filesystem::remove(log_ / "checkpoint");  // died between promise and rename

  EXPECT_EQ(open()->publish().value().note, before);
}

TEST_F(PublisherTest, NeverSignsAStoreWhoseEntriesWereChanged) {
  append(300);
  ASSERT_TRUE(open()->publish());
  const std::string before = file("checkpoint");
  store_.reset();
  const auto driver = open_sqlite_driver(path_).value();
  ASSERT_TRUE(driver->run_script("drop trigger log_leaves_keep; update log_leaves set bytes = x'7b7d', hash = x'" +
                                 to_hex(sha256(std::string("\0{}", 3))) + "' where place % 1099511627776 = 7"));
  store_ = open_sqlite_store("sqlite:" + path_).value();
  append(1);
  std::filesystem::remove_all(log_);

  const auto published = open()->publish();

  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().kind, ErrorKind::denied);
  EXPECT_THAT(published.error().what,
              AllOf(HasSubstr("300 entries"), HasSubstr("no longer give the tree that was signed")));
  EXPECT_FALSE(std::filesystem::exists(log_ / "checkpoint"));
  EXPECT_THAT(before, HasSubstr("\n300\n"));
}

TEST_F(PublisherTest, LosesAgainstAnotherThatSignedMeanwhile) {
  append(5);
  const auto publisher = open();
  ASSERT_TRUE(publisher->publish());
  append(5);
  ASSERT_TRUE(store_->promise_head(kBrand, store_->log_state(kBrand).value().promised, {7, std::string(32, 'x')}));

  const auto published = publisher->publish();

  ASSERT_FALSE(published);
  EXPECT_THAT(published.error().what, HasSubstr("another process publishes it"));
}

TEST_F(PublisherTest, SharesItsFolderWithNoOther) {
  const auto publisher = open();
  const auto other = Publisher::open({kBrand, log_, {log_key()}}, *store_, clock_);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().what, HasSubstr("another process"));
}

TEST_F(PublisherTest, WritesNoEarlierTimeWhenTheClockIsSetBackAndSaysSo) {
  const auto publisher = open();
  append(1);
  clock_.advance(-hours(3));
  append(1);

  const Published published = publisher->publish().value();

  EXPECT_THAT(published.alarm, HasSubstr("set back"));
  clock_.set(kNoon);
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(PublisherTest, GivesReceiptsOnceACheckpointCoversTheEntry) {
  const auto publisher = open();
  append(3);
  EXPECT_EQ(receipt_of(*store_, log_, kBrand, 2, std::nullopt).value(), std::nullopt);
  ASSERT_TRUE(publisher->publish());

  const auto text = receipt_of(*store_, log_, kBrand, 2, "extra").value();

  ASSERT_TRUE(text);
  const Receipt receipt = parse_receipt(*text).value();
  EXPECT_TRUE(
      check_receipt(receipt, store_->leaves(kBrand, 2, 1).value().front().bytes, {verifier_of(log_key()).value()}));
  EXPECT_LT(text->size(), 1600u);
}

TEST_F(PublisherTest, CarriesWhatWitnessesSay) {
  const SigningKey a = witness_key("witness.example/a"), b = witness_key("witness.example/b");
  const auto witness =
      Witness::open(folder_.file("w"), a, {{log_key().name, {verifier_of(log_key()).value()}}}, clock_).value();
  FakeHttp http([&](const HttpRequest& asked) {
    if (asked.url.starts_with("https://b.example")) return reply(503, "down");
    const WitnessAnswer answer = witness->add_checkpoint(asked.body);
    return reply(answer.status, answer.body, {{"content-type", answer.content_type}});
  });
  const Quorum quorum =
      parse_quorum(concat("witness A ", to_text(verifier_of(a).value()), " https://a.example\nwitness B ",
                          to_text(verifier_of(b).value()), " https://b.example\ngroup any-of any A B\nquorum any-of\n"))
          .value();
  const auto publisher = open();
  append(3);
  ASSERT_TRUE(publisher->publish());

  const std::vector<WitnessRound> rounds = publisher->ask_witnesses(http, quorum).value();

  ASSERT_THAT(rounds, SizeIs(2));
  EXPECT_EQ(rounds[0].error, "");
  EXPECT_THAT(rounds[1].error, HasSubstr("503"));
  EXPECT_THAT(file("checkpoint"), HasSubstr("witness.example/a"));
  EXPECT_EQ(file("cosigned"), file("checkpoint"));
  FolderFiles files(log_);
  Audit audited = audit(files, {verifier_of(log_key()).value(), quorum, {}, clock_.now()}).value();
  EXPECT_THAT(audited.findings, IsEmpty());
  EXPECT_THAT(audited.cosigned, SizeIs(1));

  append(3);  // the next checkpoint has no cosignature yet: the last that has one still counts
  ASSERT_TRUE(publisher->publish());
  EXPECT_THAT(audit(files, {verifier_of(log_key()).value(), quorum, {}, clock_.now()}).value().findings, IsEmpty());
  const Receipt early = parse_receipt(*receipt_of(*store_, log_, kBrand, 1, std::nullopt).value()).value();
  EXPECT_THAT(early.checkpoint, HasSubstr("witness.example/a"));
  EXPECT_TRUE(publisher->ask_witnesses(http, quorum));
  EXPECT_THAT(file("checkpoint"), AllOf(HasSubstr("\n6\n"), HasSubstr("witness.example/a")));
}

// --- keys

TEST_F(PublisherTest, KeepsItsKeyToItself) {
  const std::string name = folder_.file("log.key");
  const SigningKey made = make_key_file(name, "avis.example/log", KeyType::ed25519).value();

  struct stat status {};
  ASSERT_EQ(::stat(name.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  EXPECT_EQ(read_keys(name).value().front().seed, made.seed);
  EXPECT_THAT(make_key_file(name, "avis.example/log", KeyType::ed25519).error().what, HasSubstr("exists already"));
  ASSERT_EQ(::chmod(name.c_str(), 0644), 0);
  EXPECT_EQ(read_keys(name).error().kind, ErrorKind::denied);
}

TEST_F(PublisherTest, ChangesItsKeyUnderTheOldOnesSignature) {
  const std::string name = folder_.file("log.key");
  const VerifierKey first = verifier_of(make_key_file(name, "avis.example/log", KeyType::ed25519).value()).value();
  append(3);
  ASSERT_TRUE(open(read_keys(name).value())->publish());
  const std::string before = file("checkpoint");

  const SigningKey second = rotate_key(name, kBrand, *store_, clock_).value();
  append(2);
  ASSERT_TRUE(open(read_keys(name).value())->publish());

  EXPECT_THAT(read_keys(name).value(), SizeIs(2));
  FolderFiles files(log_);
  for (const VerifierKey& key : {first, verifier_of(second).value()}) {
    EXPECT_THAT(audit(files, {key, std::nullopt, {before}, clock_.now()}).value().findings, IsEmpty());
  }
  EXPECT_THAT(audit(files, {verifier_of(log_key()).value(), std::nullopt, {}, clock_.now()}).value().findings,
              testing::Not(IsEmpty()));
}

TEST_F(PublisherTest, FinishesARotationThatWasInterrupted) {
  const std::string name = folder_.file("log.key");
  ASSERT_TRUE(make_key_file(name, "avis.example/log", KeyType::ed25519));
  const std::string old_file = read_bytes(name);
  ASSERT_TRUE(rotate_key(name, kBrand, *store_, clock_));
  // As if it had died before the file was changed: the old file, the coming key beside it, the entry logged.
  const std::string both = read_bytes(name);
  folder_.write("log.key", old_file);
  folder_.write("log.key.next", both.substr(0, both.find('\n') + 1));
  ASSERT_EQ(::chmod(folder_.file("log.key.next").c_str(), 0600), 0);

  ASSERT_TRUE(rotate_key(name, kBrand, *store_, clock_));

  EXPECT_EQ(read_bytes(name), both);
  EXPECT_EQ(store_->log_state(kBrand).value().size, 1) << "the rotation is logged once";
  EXPECT_FALSE(std::filesystem::exists(folder_.file("log.key.next")));
}

}  // namespace
}  // namespace vigie::test
