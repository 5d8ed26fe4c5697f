// Verifiers that others wrote, on what we write: Go's checksum database library (Debian's golang-golang-x-mod-dev) and
// npm's @sigstore/verify. They skip, saying so, where they are not installed.

#include <fstream>

#include "base/rng.h"
#include "tests/log/walls.h"
#include "tests/support/process.h"

namespace vigie::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGoPackages = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog";

std::vector<std::string> numbered_entries(std::int64_t count) {
  std::vector<std::string> entries;
  for (std::int64_t i = 0; i < count; ++i) entries.push_back(concat("{\"n\":", std::to_string(i), "}"));
  return entries;
}

// Debian's Go, which knows where Debian's packages are, before any other.
std::string go_program() {
  for (const char* path : {"/usr/bin/go", "/usr/lib/go-1.19/bin/go"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return "";
}

class Judges : public testing::Test {
 protected:
  std::string log_of(std::int64_t size) {
    const std::filesystem::path folder = folder_.path() / std::to_string(size);
    std::filesystem::create_directories(folder);
    const std::vector<std::string> all = numbered_entries(size);
    SeededWall::write_log(folder, all);
    return folder.string();
  }
  const std::string vkey_ = to_text(verifier_of(log_key()).value());
  TempDir folder_;
};

class GoJudge : public Judges {
 protected:
  void SetUp() override {
    if (go_program().empty() || !std::filesystem::exists(kGoPackages))
      GTEST_SKIP() << "golang-go and golang-golang-x-mod-dev are not installed";
    const Finished built =
        run({go_program(), "build", "-o", folder_.file("check"), source_path("tests/log/go/check.go").string()},
            {.environment = {{"GO111MODULE", "off"},
                             {"GOPATH", "/usr/share/gocode"},
                             {"GOFLAGS", ""},
                             {"GOTOOLCHAIN", "local"},
                             {"GOCACHE", folder_.file("cache")},
                             {"HOME", folder_.path().string()}}},
            std::chrono::seconds(300));
    ASSERT_EQ(built.status, 0) << built.err;
  }
};

TEST_F(GoJudge, ProvesEveryEntryAndEveryExtensionFromOurFiles) {
  std::vector<std::string> command = {folder_.file("check"), vkey_};
  const std::vector<std::int64_t> sizes = {1, 2, 255, 256, 257, 65'535, 65'536, 70'000};
  for (const std::int64_t size : sizes) command.push_back(log_of(size));

  const Finished judged = run(command, {}, std::chrono::seconds(300));

  ASSERT_EQ(judged.status, 0) << judged.err;
  for (const std::int64_t size : sizes) {
    EXPECT_THAT(judged.out,
                HasSubstr(concat("size ", std::to_string(size), ": ", std::to_string(size), " entries proved")));
  }
  std::size_t pairs = 0;
  for (std::size_t at = judged.out.find(" extends "); at != std::string::npos;
       at = judged.out.find(" extends ", at + 1))
    ++pairs;
  EXPECT_EQ(pairs, sizes.size() * (sizes.size() - 1) / 2);
}

TEST_F(GoJudge, RefusesAnEntryWithOneByteChanged) {
  const std::string folder = log_of(700);
  const std::string bundle = folder + "/tile/entries/001";
  std::string bytes = read_bytes(bundle);
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  std::ofstream(bundle, std::ios::binary) << bytes;

  EXPECT_EQ(run({folder_.file("check"), vkey_, folder}).status, 1);
}

TEST_F(Judges, OfSigstoreAcceptOurEntriesAndRefuseEachWithABitFlipped) {
  const std::filesystem::path node = source_path("tests/node");
  if (!have_program("node") || !std::filesystem::exists(node / "node_modules/@sigstore/verify"))
    GTEST_SKIP() << "node, or @sigstore/verify, is not installed";
  constexpr std::int64_t kSize = 1000;
  const std::vector<std::string> entries = numbered_entries(kSize);
  FolderFiles files(log_of(kSize));
  TileNodes nodes(files, kSize);
  SeededRng rng(7);
  json::Writer cases;
  cases.begin_object().member("checkpoint", files.read("checkpoint", 10'000).value()).key("entries").begin_array();
  for (int i = 0; i < 100; ++i) {
    const auto index = static_cast<std::int64_t>(rng.below(kSize));
    cases.begin_object().key("index").integer(index).member("entry",
                                                            vigie::to_base64(entries[static_cast<std::size_t>(index)]));
    cases.key("bit").integer(static_cast<std::int64_t>(rng.below(10'000))).key("hashes").begin_array();
    const Proof proof = inclusion_proof(nodes, index, kSize).value();
    for (const Hash& hash : proof) cases.string(vigie::tlog::to_base64(hash));
    cases.end_array().end_object();
  }
  const std::string path = folder_.write("cases.json", cases.end_array().end_object().take());

  const Finished judged = run({"node", (node / "verify_log.mjs").string(), vkey_, path});

  ASSERT_EQ(judged.status, 0) << judged.err;
  const json::Document said = json::parse(judged.out).value();
  EXPECT_EQ(said.root().integer_or("accepted", 0), 100);
  EXPECT_EQ(said.root().integer_or("refused", 0), 200);
  EXPECT_EQ(said.root().array("wrong").value().size(), 0u) << judged.out;
}

}  // namespace
}  // namespace vigie::test
