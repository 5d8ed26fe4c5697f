// Witnesses asked by a loop of their own, and what they sign shown by the log's.

#include "app/cosigning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "app/sequencer.h"
#include "base/http_server.h"
#include "tests/support/temp_dir.h"
#include "wall/log/audit.h"
#include "wall/log/keys.h"
#include "wall/log/witness.h"

namespace vigie {
namespace {

using namespace test;
using testing::HasSubstr;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

TEST(Cosigning, ShowsWhatAWitnessSignedAndAsksItNothingTwice) {
  TempDir folder;
  ManualClock clock{kNoon};
  Metrics metrics;
  Settings settings;
  settings.data = folder.file("data");
  settings.brands = {{"acme", "Acme", "Acme", "fr"}};
  settings.serve.public_url = "https://avis.example";
  settings.wall.witnesses = folder.file("quorum.txt");
  const auto open = [&] { return open_sqlite_store("sqlite:" + folder.file("v.db")); };
  Sequencer sequencer(settings, open, clock, metrics);
  ASSERT_TRUE(sequencer.open());
  const auto store = open().value();
  Book book(settings, *store, clock);
  ASSERT_TRUE(book.policy("acme"));
  sequencer.tick(Duration::zero());

  const WallLogPlace place = wall_log_place(settings, "acme").value();
  const tlog::VerifierKey log_key = verifier_of(tlog::read_keys(place.key).value().front()).value();
  const tlog::SigningKey witness_key = tlog::new_key("witness.example/w1", tlog::KeyType::cosignature);
  auto witness = tlog::Witness::open(folder.file("witness"), witness_key, {{log_key.name, {log_key}}}, clock).value();
  int asked = 0;
  const auto server = serve_http(
                          {},
                          [&](const ServerRequest& request) -> ServerReply {
                            ++asked;
                            const tlog::WitnessAnswer said = witness->add_checkpoint(request.body);
                            return {said.status, said.body, said.content_type, {}};
                          },
                          metrics)
                          .value();
  std::ofstream(settings.wall.witnesses) << "log " << to_text(log_key) << "\nwitness w1 "
                                         << to_text(verifier_of(witness_key).value()) << " http://" << server->address()
                                         << "\nquorum w1\n";
  HttpOptions options;
  options.allow_private = {"127.0.0.1"};
  options.extra_ports = {server->port()};
  const auto http = make_http_client(options, clock, metrics);
  Cosigning cosigning(settings, *store, *http, clock,
                      [&](const std::string& brand, std::int64_t size, std::shared_ptr<const tlog::Quorum> quorum) {
                        sequencer.cosigned(brand, size, std::move(quorum));
                      });

  cosigning.tick();
  sequencer.tick(Duration::zero());
  cosigning.tick();

  EXPECT_EQ(asked, 1);
  tlog::FolderFiles files(place.folder);
  EXPECT_THAT(files.read("cosigned", 10'000).value(), HasSubstr("witness.example/w1"));
  EXPECT_EQ(files.read("cosigned", 10'000).value(), files.read("checkpoint", 10'000).value());
}

TEST(Cosigning, SaysWhatIsWrongWithTheFileAndGoesOn) {
  TempDir folder;
  std::ofstream(folder.file("quorum.txt")) << "witness\n";
  EXPECT_THAT(read_quorum_file(folder.file("quorum.txt")).error().what, HasSubstr("quorum.txt"));
  EXPECT_THAT(read_quorum_file(folder.file("absent")).error().what, HasSubstr("expected a policy file"));
}

}  // namespace
}  // namespace vigie
