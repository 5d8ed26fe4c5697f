// The transparency log from the command line: keys, publishing, a witness over real HTTP, receipts, verification.

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cmd_verify.h"
#include "app/cmd_wall.h"
#include "app/cmd_witness.h"
#include "app/exit.h"
#include "app/wall_log.h"
#include "base/http_server.h"
#include "base/secret.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"
#include "wall/log/append.h"
#include "wall/log/folder.h"
#include "wall/log/receipt.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

class LogCommands : public testing::Test {
 protected:
  LogCommands() : store_(open_sqlite_store("sqlite:" + folder_.file("v.db")).value()) {
    settings_.data = folder_.file("data");
    settings_.brands = {{"acme", "Acme", "Acme", "fr"}};
    settings_.serve.public_url = "https://avis.example/";
    request_.brand = "acme";
    HttpOptions options;
    options.allow_private = {"127.0.0.1"};
    options.extra_ports = {};
    for (int port = 1024; port < 65'536; ++port) options.extra_ports.push_back(port);
    http_ = make_http_client(options, clock_, metrics_);
    log_folder_ = wall_log_place(settings_, "acme").value().folder;
  }

  std::string key() {
    std::ostringstream out;
    EXPECT_EQ(wall_key(request_, settings_, out, err_), kDone) << err_.str();
    const std::string line = out.str();
    return line.substr(0, line.size() - 1);
  }
  void append(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(store_->append_leaves(
          "acme", {tlog::leaf_to_append(tlog::AuditLeaf{"client-0042", "asked", i, {}, {}}, clock_, hours(1))}));
    }
  }
  int publish() { return wall_publish(request_, settings_, *store_, *http_, clock_, out_, err_); }
  int verify(VerifyRequest request = {}) {
    request.target = log_folder_.string();
    tlog::FolderFiles files(log_folder_);
    return verify_log(request, files, std::nullopt, clock_.now(), out_, err_);
  }

  TempDir folder_;
  Settings settings_;
  WallRequest request_;
  ManualClock clock_{kNoon};
  Metrics metrics_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Store> store_;
  std::filesystem::path log_folder_;
  std::ostringstream out_, err_;
};

TEST_F(LogCommands, MakeAKeyPublishAndVerify) {
  VerifyRequest with_key;
  with_key.key = key();
  EXPECT_THAT(with_key.key, testing::StartsWith("avis.example/wall/acme/log+"));
  append(3);

  ASSERT_EQ(publish(), kDone) << err_.str();
  EXPECT_EQ(verify(with_key), kDone) << out_.str() << err_.str();

  EXPECT_THAT(out_.str(), AllOf(HasSubstr("3 leaves, 3 new"), HasSubstr("avis.example/wall/acme/log: 3 leaves")));
  EXPECT_THAT(err_.str(), IsEmpty());
}

TEST_F(LogCommands, SayWhatIsWrongALineEach) {
  key();
  append(3);
  ASSERT_EQ(publish(), kDone);
  std::ofstream(log_folder_ / "tile/entries/000.p/3", std::ios::binary) << std::string("\0\2{}\0\2{}\0\2{}", 12);

  EXPECT_EQ(verify(), kAnswerIsNo);

  EXPECT_THAT(out_.str(), AllOf(HasSubstr("leaf 0: its bytes are not those the tree holds\n"), HasSubstr("leaf 2: ")));
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("no key was given"), HasSubstr("findings")));
}

TEST_F(LogCommands, HoldALogAgainstWhatWasKeptOfIt) {
  VerifyRequest request;
  request.key = key();
  append(3);
  ASSERT_EQ(publish(), kDone);
  request_.index = 1;
  std::ostringstream receipt;
  ASSERT_EQ(wall_receipt(request_, settings_, *store_, receipt, err_), kDone) << err_.str();
  request.known = {folder_.write("mine.tlog-proof", receipt.str())};
  append(2);
  ASSERT_EQ(publish(), kDone);
  EXPECT_EQ(verify(request), kDone) << out_.str() << err_.str();

  // Another history under the same key.
  const auto other = open_sqlite_store("sqlite::memory:").value();
  clock_.advance(hours(1));
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(other->append_leaves(
        "acme", {tlog::leaf_to_append(tlog::AuditLeaf{"client-0043", "asked", i, {}, {}}, clock_, hours(1))}));
  }
  std::filesystem::remove_all(log_folder_);
  ASSERT_EQ(wall_publish(request_, settings_, *other, *http_, clock_, out_, err_), kDone) << err_.str();

  EXPECT_EQ(verify(request), kAnswerIsNo);
  EXPECT_THAT(out_.str(), HasSubstr("two histories were signed"));
}

// Who types an address consents to it: its host and port, be they this machine's own, and nothing it then points to.
TEST_F(LogCommands, VerifyAtTheAddressTypedAWallOrItsLog) {
  key();
  append(3);
  ASSERT_EQ(publish(), kDone);
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  std::string elsewhere;
  const auto server = serve_http(
                          options,
                          [&](const ServerRequest& asked) {
                            if (asked.path.starts_with("/away/")) return ServerReply{302, "", "text/plain", {{"Location", elsewhere}}};
                            constexpr std::string_view kLog = "/wall/acme/log/";
                            tlog::FolderFiles files(log_folder_);
                            const auto bytes = asked.path.starts_with(kLog)
                                                   ? files.read(asked.path.substr(kLog.size()), 1u << 20)
                                                   : fail(ErrorKind::gone, "");
                            return bytes ? ServerReply{200, *bytes, "text/plain", {}} : ServerReply{404, "", "text/plain", {}};
                          },
                          metrics_)
                          .value();
  const std::string base = concat("http://", server->address());
  elsewhere = "http://127.0.0.1:1/checkpoint";
  const auto run = [&](const std::string& target) {
    VerifyRequest request;
    request.target = target;
    request.at = "2026-11-21T12:00:00Z";
    return cmd_verify(request, out_, err_);
  };

  EXPECT_EQ(run(base + "/wall/acme/log"), kDone) << out_.str() << err_.str();
  EXPECT_EQ(run(base + "/wall/acme/log/"), kDone) << out_.str() << err_.str();
  EXPECT_EQ(run(base + "/wall/acme"), kDone) << out_.str() << err_.str();
  EXPECT_EQ(run(base + "/wall/acme?lang=fr#reviews"), kDone) << out_.str() << err_.str();
  EXPECT_EQ(run(concat("http://localhost:", base.substr(base.rfind(':') + 1), "/wall/acme")), kDone) << err_.str();
  EXPECT_EQ(run(log_folder_.parent_path().string()), log_folder_.filename() == "log" ? kDone : kBadInput);
  err_.str("");
  EXPECT_EQ(run(base + "/wall/other"), kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("is this a log's folder or address?"));
  err_.str("");
  EXPECT_EQ(run(base + "/away"), 3);
  EXPECT_THAT(err_.str(), HasSubstr("127.0.0.1 is not a public address"));
}

TEST_F(LogCommands, AskAWitnessOverHttpAndCountIt) {
  const std::string log_key = key();
  WitnessRequest witness;
  witness.key = folder_.file("witness.key");
  witness.name = "witness.example/w1";
  std::ostringstream printed;
  ASSERT_EQ(cmd_witness_key(witness, printed, err_), kDone) << err_.str();
  const std::string witness_key = printed.str().substr(0, printed.str().size() - 1);
  witness.policy = folder_.write("logs", concat("log ", log_key, "\nquorum none\n"));
  witness.data = folder_.file("witness");
  witness.listen = "127.0.0.1:0";
  const auto server = serve_witness(witness, clock_, metrics_).value();
  VerifyRequest request;
  request.policy = request_.policy = folder_.write(
      "quorum", concat("log ", log_key, "\nwitness w1 ", witness_key, " http://", server->address(), "\nquorum w1\n"));
  append(3);

  ASSERT_EQ(publish(), kDone) << err_.str();
  append(2);
  ASSERT_EQ(publish(), kDone) << err_.str();

  EXPECT_EQ(verify(request), kDone) << out_.str() << err_.str();
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("cosigned by w1"), HasSubstr("cosigned by w1 2026-11-21T12:00:00Z")));
  EXPECT_EQ(fetch(*http_, get(concat("http://", server->address(), "/add-checkpoint"), {})).value().status, 405);
  EXPECT_THAT(fetch(*http_, get(concat("http://", server->address(), "/"), {})).value().body, HasSubstr(witness_key));
  EXPECT_EQ(fetch(*http_, get(concat("http://", server->address(), "/x"), {})).value().status, 404);
}

TEST_F(LogCommands, VerifyALogBehindAnAddress) {
  VerifyRequest request;
  request.key = key();
  append(300);
  ASSERT_EQ(publish(), kDone);
  ServerOptions options;
  const auto server = serve_http(
                          options,
                          [this](const ServerRequest& asked) -> ServerReply {
                            tlog::FolderFiles files(log_folder_);
                            auto bytes = files.read(asked.path.substr(1), 10'000'000);
                            if (!bytes) return {404, "no such file", "text/plain", {}};
                            return {200, *std::move(bytes), "application/octet-stream", {}};
                          },
                          metrics_)
                          .value();
  request.target = concat("http://", server->address());
  WebFiles files(request.target, *http_);

  EXPECT_EQ(verify_log(request, files, std::nullopt, clock_.now(), out_, err_), kDone) << out_.str() << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("300 leaves"));
}

TEST_F(LogCommands, VerifyTellsByRatingWhatRestsOnTheBrandsWord) {
  VerifyRequest request;
  request.key = key();
  const auto add = [&](tlog::LeafBody body) {
    ASSERT_TRUE(store_->append_leaves("acme", {tlog::leaf_to_append(std::move(body), clock_, hours(1))}));
  };
  constexpr std::int64_t kDayLong = 86'400;
  add(tlog::PolicyLeaf{
      sha256("charter"), "u", {"OFF-TOPIC"}, to_epoch(kNoon), 7 * kDayLong, 0, 365 * kDayLong, 3600, "mean-1", "all"});
  for (const int rating : {1, 1, 5}) {
    tlog::SubmissionLeaf leaf;
    leaf.source = "web";
    leaf.scale = "1-5";
    leaf.rating = rating;
    leaf.lang = "fr";
    leaf.verified = "none";
    leaf.commitment = sha256("c");
    leaf.lock = sha256("w");
    add(leaf);
  }
  add(tlog::ModerationLeaf{3, "publish", "", "human", 0});
  add(tlog::ModerationLeaf{3, "hide", "OFF-TOPIC", "human", 0});
  add(tlog::ErasureLeaf{1, "gdpr", std::nullopt});
  add(tlog::ErasureLeaf{2, "gdpr", std::nullopt});
  ASSERT_EQ(publish(), kDone);

  EXPECT_EQ(verify(request), kDone) << out_.str();
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("erased without proof, gdpr: 2 (1: 2)\n"),
                                HasSubstr("taken off display, OFF-TOPIC: 1 (5: 1)\n"),
                                HasSubstr("a decision within 168 hours, kept 365 days\n"),
                                HasSubstr("0 items shown, held"),
                                HasSubstr("no page of the wall was compared")));
  std::filesystem::remove(log_folder_ / tlog::kItemsFile);
  out_.str("");
  EXPECT_EQ(verify(request), kDone);
  EXPECT_THAT(out_.str(), HasSubstr("no items.json beside it"));
}

TEST_F(LogCommands, RotateAndRebuild) {
  VerifyRequest request;
  request.key = key();
  append(3);
  ASSERT_EQ(publish(), kDone);
  std::ostringstream rotated;
  ASSERT_EQ(wall_rotate(request_, settings_, *store_, clock_, rotated, err_), kDone) << err_.str();
  ASSERT_EQ(publish(), kDone);
  std::filesystem::remove_all(log_folder_);

  ASSERT_EQ(wall_rebuild(request_, settings_, *store_, clock_, out_, err_), kDone) << err_.str();

  EXPECT_EQ(verify(request), kDone) << out_.str();
  request.key = rotated.str().substr(0, rotated.str().size() - 1);
  EXPECT_EQ(verify(request), kDone) << out_.str();
}

TEST_F(LogCommands, SayWhatToDoWhenSomethingIsMissing) {
  EXPECT_EQ(publish(), kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("acme.key: expected a key, found no such file"));
  err_.str("");
  request_.brand = "other";
  EXPECT_EQ(publish(), kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("no brand \"other\" is configured; there are acme"));
  err_.str("");
  EXPECT_EQ(verify(), kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("is this a log's folder or address?"));
  err_.str("");
  VerifyRequest bad_key;
  bad_key.key = "nonsense";
  EXPECT_EQ(verify(bad_key), kBadInput);
  EXPECT_THAT(err_.str(), HasSubstr("--key: a key: expected NAME+ID+KEY"));
}

}  // namespace
}  // namespace vigie
