#include "wall/log/tiles.h"

#include <algorithm>

namespace vigie::tlog {
namespace {

constexpr int kMostLevels = 64;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kKeptTiles = 64;  // a proof touches one tile a level and edge
constexpr std::string_view kFolder = "tile/", kPartial = ".p/";

// "067", "x001/x234/067": three digits an element, all but the last behind an x.
std::string index_path(std::int64_t index) {
  const std::string digits = std::to_string(index);
  const std::string padded = std::string((3 - digits.size() % 3) % 3, '0') + digits;
  std::string path;
  for (std::size_t at = 0; at < padded.size(); at += 3) {
    const bool last = at + 3 == padded.size();
    path += concat(last ? "" : "x", padded.substr(at, 3), last ? "" : "/");
  }
  return path;
}

std::optional<std::string_view> take_until(std::string_view& rest, std::string_view mark) {
  const std::size_t at = rest.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + mark.size());
  return before;
}

std::optional<std::int64_t> parse_index(std::string_view path) {
  std::string digits;
  while (path.starts_with("x") && path.size() > 5 && path[4] == '/') {
    digits += path.substr(1, 3);
    path.remove_prefix(5);
  }
  digits += path;
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size() - (digits.empty() ? 0 : 1));
  return digits.empty() ? std::nullopt : from_strict_decimal(std::string_view(digits).substr(zeros));
}

// The root over hashes [begin, end), a power of two of them.
Hash perfect_root(const std::vector<Hash>& hashes, std::size_t begin, std::size_t end) {
  if (end - begin == 1) return hashes[begin];
  const std::size_t middle = begin + (end - begin) / 2;
  return node_hash(perfect_root(hashes, begin, middle), perfect_root(hashes, middle, end));
}

tl::unexpected<Error> wrong_size(const Tile& tile) {
  return fail(ErrorKind::bad_data, concat(path_of(tile), ": not ", std::to_string(tile.width),
                                          tile.level == kEntries ? " entries" : " hashes of 32 bytes"));
}

std::size_t most_bytes(const Tile& tile) {
  const auto width = static_cast<std::size_t>(tile.width);
  return tile.level == kEntries ? width * (kMostEntryBytes + 2) : width * kHashBytes;
}

// The bytes of the tile, or of the full one when the partial one is gone.
Result<std::pair<Tile, std::string>> read_bytes(Files& files, const Tile& tile) {
  Result<std::string> bytes = files.read(path_of(tile), most_bytes(tile));
  if (bytes) return std::pair(tile, *std::move(bytes));
  const Tile full{tile.level, tile.index, kTileWidth};
  if (bytes.error().kind != ErrorKind::gone || tile.width == kTileWidth) return fail(bytes.error());
  Result<std::string> whole = files.read(path_of(full), most_bytes(full));
  if (!whole) return fail(whole.error().kind == ErrorKind::gone ? bytes.error() : whole.error());
  return std::pair(full, *std::move(whole));
}

}  // namespace

std::string path_of(const Tile& tile) {
  const std::string level = tile.level == kEntries ? "entries" : std::to_string(tile.level);
  const std::string partial = tile.width == kTileWidth ? "" : concat(kPartial, std::to_string(tile.width));
  return concat(kFolder, level, "/", index_path(tile.index), partial);
}

std::optional<Tile> parse_tile_path(std::string_view path) {
  if (!path.starts_with(kFolder)) return std::nullopt;
  std::string_view rest = path.substr(kFolder.size());
  const std::optional<std::string_view> level = take_until(rest, "/");
  if (!level) return std::nullopt;
  Tile tile;
  const std::optional<std::int64_t> number = *level == "entries" ? kEntries : from_strict_decimal(*level);
  if (!number || *number >= kMostLevels) return std::nullopt;
  tile.level = static_cast<int>(*number);
  const bool partial = rest.find(kPartial) != std::string_view::npos;
  const std::optional<std::int64_t> index = parse_index(partial ? *take_until(rest, kPartial) : rest);
  const std::optional<std::int64_t> width = partial ? from_strict_decimal(rest) : kTileWidth;
  if (!index || !width || *width < 1 || (partial && *width >= kTileWidth)) return std::nullopt;
  tile.index = *index;
  tile.width = static_cast<int>(*width);
  return path_of(tile) == path ? std::optional(tile) : std::nullopt;
}

int tile_width(int level, std::int64_t index, std::int64_t size) {
  const int shift = kTileBits * std::max(level, 0);
  const std::int64_t hashes = shift > 62 ? 0 : size >> shift;
  return static_cast<int>(std::clamp<std::int64_t>(hashes - index * kTileWidth, 0, kTileWidth));
}

int tile_levels(std::int64_t size) {
  int levels = 0;
  for (; size > 0; size >>= kTileBits) ++levels;
  return levels;
}

std::vector<Tile> tiles_of(std::int64_t size) {
  std::vector<Tile> tiles;
  for (int level = kEntries; level < tile_levels(size); ++level) {
    const std::int64_t hashes = size >> (kTileBits * std::max(level, 0));
    for (std::int64_t index = 0; index * kTileWidth < hashes; ++index) {
      tiles.push_back({level, index, tile_width(level, index, size)});
    }
  }
  return tiles;
}

std::optional<std::vector<Hash>> parse_tile(std::string_view bytes, int width) {
  if (width < 0 || bytes.size() != static_cast<std::size_t>(width) * kHashBytes) return std::nullopt;
  std::vector<Hash> hashes;
  hashes.reserve(static_cast<std::size_t>(width));
  for (; !bytes.empty(); bytes.remove_prefix(kHashBytes)) {
    hashes.push_back(*hash_from_bytes(bytes.substr(0, kHashBytes)));
  }
  return hashes;
}

std::string to_bytes(const std::vector<Hash>& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * kHashBytes);
  for (const Hash& hash : hashes) bytes += bytes_of(hash);
  return bytes;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, int width) {
  std::vector<std::string_view> entries;
  while (!bytes.empty() && static_cast<int>(entries.size()) < width) {
    const std::size_t size = bytes.size() < 2 ? bytes.size() : from_big_endian(bytes.substr(0, 2));
    if (bytes.size() < 2 || bytes.size() - 2 < size) return fail(ErrorKind::bad_data, "an entry is cut short");
    entries.push_back(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  if (!bytes.empty() || static_cast<int>(entries.size()) != width) {
    return fail(ErrorKind::bad_data, concat("not ", std::to_string(width), " entries"));
  }
  return entries;
}

void add_to_bundle(std::string& bundle, std::string_view entry) {
  bundle += big_endian(entry.size(), 2);
  bundle += entry;
}

Result<std::vector<Hash>> read_tile(Files& files, const Tile& tile) {
  TRY(const auto read, read_bytes(files, tile));
  std::optional<std::vector<Hash>> hashes = parse_tile(read.second, read.first.width);
  if (!hashes) return wrong_size(read.first);
  hashes->resize(static_cast<std::size_t>(tile.width));
  return *std::move(hashes);
}

Result<std::vector<std::string>> read_bundle(Files& files, std::int64_t index, int width) {
  const Tile tile{kEntries, index, width};
  TRY(const auto read, read_bytes(files, tile));
  const auto entries = parse_bundle(read.second, read.first.width);
  if (!entries) return fail(ErrorKind::bad_data, concat(path_of(read.first), ": ", entries.error().what));
  return std::vector<std::string>(entries->begin(), entries->begin() + width);
}

Result<const std::vector<Hash>*> TileNodes::row(int level, std::int64_t index) {
  const Tile tile{level, index, tile_width(level, index, size_)};
  if (tile.width == 0) return fail(ErrorKind::bug, concat("a node outside a tree of ", std::to_string(size_)));
  const auto known = std::find_if(kept_.begin(), kept_.end(), [&](const auto& kept) { return kept.first == tile; });
  if (known != kept_.end()) return &known->second;
  TRY(std::vector<Hash> hashes, read_tile(files_, tile));
  if (kept_.size() == kKeptTiles) kept_.erase(kept_.begin());
  kept_.emplace_back(tile, std::move(hashes));
  return &kept_.back().second;
}

Result<Hash> TileNodes::node(int level, std::int64_t index) {
  const int tile_level = level / kTileBits, inside = level % kTileBits;
  const std::int64_t first = index << inside;
  TRY(const std::vector<Hash>* const hashes, row(tile_level, first >> kTileBits));
  const auto begin = static_cast<std::size_t>(first % kTileWidth), end = begin + (std::size_t{1} << inside);
  if (end > hashes->size()) return fail(ErrorKind::bug, concat("a node outside a tree of ", std::to_string(size_)));
  return perfect_root(*hashes, begin, end);
}

Result<void> TileRows::append(const Hash& leaf, const OnFull& on_full) {
  Hash hash = leaf;
  std::int64_t place = size_++;
  for (std::size_t level = 0;; ++level, place >>= kTileBits) {
    if (rows_.size() == level) rows_.emplace_back();
    std::vector<Hash>& row = rows_[level];
    row.push_back(hash);
    if (row.size() < kTileWidth) return {};
    TRY(on_full({static_cast<int>(level), place >> kTileBits, kTileWidth}, row));
    hash = perfect_root(row, 0, row.size());
    row.clear();
  }
}

Hash TileRows::root() const {
  // The peaks, smallest first: the lowest bit of the lowest row covers the fewest leaves.
  std::optional<Hash> root;
  for (const std::vector<Hash>& row : rows_) {
    std::size_t end = row.size();
    while (end > 0) {
      const std::size_t count = end & (~end + 1);
      const Hash peak = perfect_root(row, end - count, end);
      root = root ? node_hash(peak, *root) : peak;
      end -= count;
    }
  }
  return root ? *root : empty_root();
}

std::vector<std::pair<Tile, std::vector<Hash>>> TileRows::partial() const {
  std::vector<std::pair<Tile, std::vector<Hash>>> tiles;
  std::int64_t hashes = size_;
  for (std::size_t level = 0; level < rows_.size(); ++level, hashes >>= kTileBits) {
    if (rows_[level].empty()) continue;
    tiles.emplace_back(Tile{static_cast<int>(level), hashes >> kTileBits, static_cast<int>(rows_[level].size())},
                       rows_[level]);
  }
  return tiles;
}

Result<TileRows> TileRows::read(Files& files, const TreeHead& head) {
  TileRows rows;
  rows.size_ = head.size;
  rows.rows_.resize(static_cast<std::size_t>(tile_levels(head.size)));
  std::int64_t hashes = head.size;
  for (std::size_t level = 0; level < rows.rows_.size(); ++level, hashes >>= kTileBits) {
    const int width = static_cast<int>(hashes % kTileWidth);
    if (width == 0) continue;
    TRY(rows.rows_[level], read_tile(files, {static_cast<int>(level), hashes >> kTileBits, width}));
  }
  if (rows.root() != head.root) return fail(ErrorKind::bad_data, "the tiles do not lead to the checkpoint's root");
  return rows;
}

}  // namespace vigie::tlog
