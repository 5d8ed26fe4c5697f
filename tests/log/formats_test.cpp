// Tiles, receipts, quorum files: form, and what must be refused.

#include "tests/log/log_support.h"
#include "wall/log/folder.h"
#include "wall/log/quorum.h"
#include "wall/log/witness.h"

#include <rapidcheck/gtest.h>

namespace vigie::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(TilePaths, AreWrittenAndReadAsSpecified) {
  EXPECT_EQ(path_of({0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(path_of({kEntries, 0, 5}), "tile/entries/000.p/5");
  EXPECT_EQ(path_of({1, 999, 17}), "tile/1/999.p/17");
  for (const Tile& tile : {Tile{0, 0, 256}, Tile{63, 1'000'000, 1}, Tile{kEntries, 39'062, 128}, Tile{2, 1000, 255}}) {
    EXPECT_EQ(parse_tile_path(path_of(tile)), tile);
  }
}

TEST(TilePaths, OfAnyOtherSpellingAreNoTiles) {
  for (const char* bad : {"tile/0/x001/../../x",
                          "tile/0/1",
                          "tile/64/000",
                          "tile/0/000.p/0",
                          "tile/0/000.p/256",
                          "tile/0/000.p/007",
                          "tile/00/000",
                          "tile/-1/000",
                          "tile/0/x000/001",
                          "tile/0/x000",
                          "tile/0/0001",
                          "tile/0/x001/x234/067/",
                          "tile/0",
                          "tile/0/",
                          "tile//000",
                          "/tile/0/000",
                          "tile/0/000.p/",
                          "tile/0/000.p/1/2",
                          "tile/entries/xabc/000",
                          "tile/0/ 00",
                          "tile/0/000.p/-1",
                          "tile/0/%2e%2e",
                          "",
                          "checkpoint",
                          "tile/0/x999/x999/x999/x999/x999/x999/999",
                          "tile/entry/000"}) {
    EXPECT_EQ(parse_tile_path(bad), std::nullopt) << bad;
  }
}

TEST(PublicFiles, AreTheLogsOwnAndNoOthers) {
  for (const char* path : {"checkpoint", "cosigned", "vkey", "witnesses", "items.json", "tile/0/000.p/3", "tile/entries/x001/234"}) {
    EXPECT_TRUE(is_public_file(path)) << path;
  }
  for (const char* path : {"", ".lock", "../acme.key", "tile/0/../../x", "tile", "checkpoint/", "/checkpoint",
                           "tile/0/1", "items.json.new"}) {
    EXPECT_FALSE(is_public_file(path)) << path;
  }
}

TEST(Tiles, OfASizeAreThoseOfTheSpecification) {
  int full0 = 0, others = 0;
  for (const Tile& tile : tiles_of(70'000)) {
    if (tile.level == 0 && tile.width == 256) ++full0;
    if (tile.level > 0 || (tile.level == 0 && tile.width < 256)) {
      ++others;
      EXPECT_THAT(path_of(tile), testing::AnyOf("tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"));
    }
  }
  EXPECT_EQ(full0, 273);
  EXPECT_EQ(others, 4);
}

TEST(Bundles, AreReadBackAndRefusedWhenCutOrLonger) {
  std::string bundle;
  for (const std::string_view entry : {"one", "", "three"}) add_to_bundle(bundle, entry);

  EXPECT_THAT(parse_bundle(bundle, 3).value(), ElementsAre("one", "", "three"));
  EXPECT_FALSE(parse_bundle(bundle, 2));
  EXPECT_FALSE(parse_bundle(bundle, 4));
  EXPECT_FALSE(parse_bundle(bundle.substr(0, bundle.size() - 1), 3));
  EXPECT_FALSE(parse_bundle(bundle + "x", 3));
}

// A tree written as tiles, read back from them.
MapFiles files_of(const std::vector<Hash>& leaves, const TreeHead& head) {
  MapFiles files;
  TileRows rows;
  for (std::int64_t i = 0; i < head.size; ++i) {
    EXPECT_TRUE(
        rows.append(leaves[static_cast<std::size_t>(i)], [&](const Tile& tile, const std::vector<Hash>& hashes) {
          files.files[path_of(tile)] = to_bytes(hashes);
          return Result<void>();
        }));
  }
  for (const auto& [tile, hashes] : rows.partial()) files.files[path_of(tile)] = to_bytes(hashes);
  EXPECT_EQ(rows.root(), head.root);
  return files;
}

TEST(TileRows, GiveTheRootAndTheFilesOfEverySize) {
  const std::vector<Hash> leaves = numbered_leaves(70'000);
  for (const std::int64_t size : {0, 1, 2, 255, 256, 257, 511, 512, 65'535, 65'536, 65'537, 70'000}) {
    const TreeHead head = head_of(leaves, size);
    MapFiles files = files_of(leaves, head);

    std::size_t tiles = 0;
    for (const Tile& tile : tiles_of(size)) tiles += tile.level == kEntries ? 0 : 1;
    EXPECT_EQ(files.files.size(), tiles) << size;
    EXPECT_EQ(TileRows::read(files, head).value().root(), head.root) << size;
    TileNodes nodes(files, size);
    EXPECT_EQ(root_of(nodes, size).value(), head.root) << size;
  }
}

TEST(TileNodes, ProveFromTilesWhatLeavesProve) {
  const std::vector<Hash> leaves = numbered_leaves(700);
  MapFiles files = files_of(leaves, head_of(leaves, 700));
  TileNodes tiles(files, 700);
  LeafNodes memory(leaves);

  for (const std::int64_t index : {0, 1, 255, 256, 511, 699}) {
    EXPECT_EQ(inclusion_proof(tiles, index, 700).value(), inclusion_proof(memory, index, 700).value()) << index;
  }
  EXPECT_EQ(consistency_proof(tiles, 257, 700).value(), consistency_proof(memory, 257, 700).value());
}

TEST(TileNodes, TakeTheFullTileWhenThePartialOneIsGone) {
  const std::vector<Hash> leaves = numbered_leaves(256);
  MapFiles files = files_of(leaves, head_of(leaves, 256));

  EXPECT_EQ(read_tile(files, {0, 0, 10}).value(), std::vector<Hash>(leaves.begin(), leaves.begin() + 10));
}

TEST(TileRows, AreNotReadFromTilesOfAnotherTree) {
  const std::vector<Hash> leaves = numbered_leaves(300);
  MapFiles files = files_of(leaves, head_of(leaves, 300));
  files.files["tile/0/001.p/44"][3] ^= 1;

  EXPECT_FALSE(TileRows::read(files, head_of(leaves, 300)));
}

TEST(Receipts, ReadAsPublished) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/tlog-proof");
  const json::Document document = json_file(folder / "format.json");

  for (std::size_t i = 0; i < document.root().size(); ++i) {
    const json::Value v = document.root()[i];
    const std::string text = v.text_or("proof", "");
    const auto receipt = parse_receipt(text);
    ASSERT_EQ(receipt.has_value(), v.boolean_or("parses", false)) << v.text_or("name", "");
    if (receipt) {
      EXPECT_EQ(to_text(*receipt), text);
    }
  }
}

TEST(Receipts, HoldForTheirLeafAlone) {
  const std::vector<Hash> leaves = numbered_leaves(11);
  LeafNodes nodes(leaves);
  const std::vector<VerifierKey> keys = {verifier_of(log_key()).value()};
  Receipt receipt = make_receipt(nodes, 6, signed_head(head_of(leaves, 11))).value();
  receipt.extra = "what the page adds";

  const Receipt read = parse_receipt(to_text(receipt)).value();

  EXPECT_EQ(read.extra, "what the page adds");
  EXPECT_TRUE(check_receipt(read, "entry 6", keys));
  EXPECT_FALSE(check_receipt(read, "entry 7", keys));
  EXPECT_FALSE(check_receipt(read, "entry 6", {verifier_of(log_key("other.example/log", "other")).value()}));
}

// --- quorum

std::string witness_line(const std::string& name) {
  return concat("witness ", name, " ", to_text(verifier_of(witness_key(name)).value()), "\n");
}

TEST(QuorumFile, CountsGroupsOfGroups) {
  const Quorum quorum =
      parse_quorum(concat("# two houses\n\nlog ", to_text(verifier_of(log_key()).value()), "\n", witness_line("X1"),
                          witness_line("X2"), witness_line("X3"), "\tgroup X 2 X1 X2 X3 \n", witness_line("Y1"),
                          witness_line("Y2"), "group Y any Y1 Y2\ngroup both all X Y\nquorum both\n"))
          .value();

  EXPECT_THAT(quorum.witnesses, SizeIs(5));
  EXPECT_TRUE(quorum.met_by({"X1", "X3", "Y2"}));
  EXPECT_FALSE(quorum.met_by({"X1", "X2", "X3"}));
  EXPECT_FALSE(quorum.met_by({"X1", "Y1", "Y2"}));
}

TEST(QuorumFile, WithoutWitnessesAsksForNone) { EXPECT_TRUE(parse_quorum("quorum none\n").value().met_by({})); }

TEST(QuorumFile, SaysInWhichLineItIsWrong) {
  const std::string a = witness_line("A"), b = witness_line("B");
  const std::string log = concat("log ", to_text(verifier_of(log_key()).value()), "\n");
  for (const auto& [text, part] : std::vector<std::pair<std::string, std::string>>{
           {"", "no quorum line"},
           {"quorum A\n", "line 1"},
           {concat(a, "quorum A"), "no newline"},
           {concat(a, a, "quorum A\n"), "defined twice"},
           {concat(a, "quorum A\nquorum none\n"), "second quorum"},
           {concat(a, b, "group G 3 A B\nquorum G\n"), "larger than the group"},
           {concat(a, b, "group G 0 A B\nquorum G\n"), "all, any or a number"},
           {concat(a, b, "group G any A A\nquorum G\n"), "already"},
           {concat(a, b, "group G any A\ngroup H any A B\nquorum G\n"), "already"},
           {concat(a, "group G any A C\nquorum G\n"), "no witness or group C"},
           {concat(log, log, "quorum none\n"), "twice"},
           {concat("witness none ", a.substr(10), "quorum none\n"), "none is a word"},
           {concat("log ", a.substr(10), "quorum none\n"), "type 1"},
           {"quorum none\r\n", "control characters"}}) {
    const auto quorum = parse_quorum(text);
    ASSERT_FALSE(quorum) << text;
    EXPECT_THAT(quorum.error().what, HasSubstr(part)) << text;
  }
}

// --- any bytes

// Pieces that the formats are made of, in any order, so that random inputs get deeper than their first byte.
rc::Gen<std::string> formed_bytes() {
  static const std::vector<std::string> pieces = {"\n",
                                                  "\n\n",
                                                  "\u2014 ",
                                                  "old 3",
                                                  "index 5",
                                                  "extra ",
                                                  "c2sp.org/tlog-proof@v1\n",
                                                  "tile/",
                                                  "entries/",
                                                  "x001/",
                                                  "067",
                                                  ".p/",
                                                  "12",
                                                  "avis.example/log",
                                                  "group g any ",
                                                  "witness w ",
                                                  "quorum none\n",
                                                  "log ",
                                                  "\xff",
                                                  "{\"h\":1,",
                                                  "\"t\":\"sub\"",
                                                  "}",
                                                  std::string("\0", 1),
                                                  to_base64(empty_root()) + "\n",
                                                  to_text(verifier_of(log_key()).value()),
                                                  "\xff\xff",
                                                  "PRIVATE+KEY+"};
  const auto piece = rc::gen::oneOf(rc::gen::elementOf(pieces), rc::gen::arbitrary<std::string>());
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += part;
    return all;
  });
}

RC_GTEST_PROP(AnyBytes, ThatAParserTakesAreWrittenBackTheSame, ()) {
  const std::string bytes = *formed_bytes();
  if (const auto note = parse_note(bytes)) {
    RC_ASSERT(to_text(parse_note(to_text(*note)).value()) == to_text(*note));
  }
  if (const auto checkpoint = parse_checkpoint(bytes)) {
    RC_ASSERT(to_text(*checkpoint) == bytes);
  }
  if (const auto receipt = parse_receipt(bytes)) {
    RC_ASSERT(to_text(*receipt) == bytes);
  }
  if (const auto request = parse_add_checkpoint(bytes)) {
    RC_ASSERT(to_text(*request) == bytes);
  }
  if (const auto tile = parse_tile_path(bytes)) {
    RC_ASSERT(path_of(*tile) == bytes);
  }
  if (const auto key = parse_verifier_key(bytes)) {
    RC_ASSERT(to_text(*key) == bytes);
  }
  (void)parse_quorum(bytes);
  (void)parse_bundle(bytes, 3);
}

}  // namespace
}  // namespace vigie::test
