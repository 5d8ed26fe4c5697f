// The tree as static files (c2sp.org/tlog-tiles): rows of 256 hashes, bundles of 256 entries, their paths.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wall/log/checkpoint.h"
#include "wall/log/tree.h"

namespace vigie::tlog {

inline constexpr int kTileBits = 8;
inline constexpr int kTileWidth = 1 << kTileBits;
inline constexpr int kEntries = -1;  // the level that stands for entry bundles
inline constexpr std::size_t kMostEntryBytes = 65'535;

struct Tile {
  int level = 0;           // 0..63, or kEntries
  std::int64_t index = 0;  // from 0
  int width = kTileWidth;  // 1..256; below 256 it is partial
  bool operator==(const Tile&) const = default;
};

// "tile/0/x001/x234/067", "tile/entries/000.p/5"
std::string path_of(const Tile& tile);
std::optional<Tile> parse_tile_path(std::string_view path);  // any other spelling is nothing

// How many hashes (or entries) of a row of 256 a tree of `size` has at this place: 0 none, 256 all.
int tile_width(int level, std::int64_t index, std::int64_t size);
int tile_levels(std::int64_t size);             // levels with at least one hash
std::vector<Tile> tiles_of(std::int64_t size);  // every tile and bundle of a tree

// One hash after the other; nothing when it is not `width` of them.
std::optional<std::vector<Hash>> parse_tile(std::string_view bytes, int width);
std::string to_bytes(const std::vector<Hash>& hashes);

// Each entry behind its length, two bytes. bad_data unless exactly `width` entries fill the bytes.
Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, int width);
void add_to_bundle(std::string& bundle, std::string_view entry);

// Where a log's files are: a folder, an http address.
class Files {
 public:
  virtual ~Files() = default;
  // gone: there is no such file. bad_data: larger than `most`.
  virtual Result<std::string> read(const std::string& path, std::size_t most) = 0;
};

// A tile's bytes; of a partial one that is gone, the beginning of the full one that replaced it.
Result<std::vector<Hash>> read_tile(Files& files, const Tile& tile);
Result<std::vector<std::string>> read_bundle(Files& files, std::int64_t index, int width);

// Any node of a tree of `size` from its tiles; the tiles last read are kept.
class TileNodes final : public Nodes {
 public:
  TileNodes(Files& files, std::int64_t size) : files_(files), size_(size) {}
  Result<Hash> node(int level, std::int64_t index) override;

 private:
  Result<const std::vector<Hash>*> row(int level, std::int64_t index);

  Files& files_;
  const std::int64_t size_;
  std::vector<std::pair<Tile, std::vector<Hash>>> kept_;
};

// The part of a tree that is not yet in full tiles: a row a level, each shorter than 256. It is all that appending
// needs.
class TileRows {
 public:
  // Told of each tile that becomes full, lower levels first.
  using OnFull = std::function<Result<void>(const Tile&, const std::vector<Hash>&)>;

  std::int64_t size() const { return size_; }
  Result<void> append(const Hash& leaf, const OnFull& on_full);
  Hash root() const;
  // The partial tiles, lower levels first; levels whose row is empty left out.
  std::vector<std::pair<Tile, std::vector<Hash>>> partial() const;

  // Read back from a folder. bad_data unless they lead to that head.
  static Result<TileRows> read(Files& files, const TreeHead& head);

 private:
  std::int64_t size_ = 0;
  std::vector<std::vector<Hash>> rows_;
};

}  // namespace vigie::tlog
