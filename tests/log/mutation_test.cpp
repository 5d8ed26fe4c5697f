// What a verifier is for: any single item or entry of a wall dropped, altered, swapped, added, back-dated, re-rated or
// hidden is named, and honest walls raise nothing. VIGIE_WALLS=1000 tries as many walls as that.

#include <cstdlib>
#include <iostream>

#include "base/number.h"
#include "tests/log/walls.h"

namespace vigie::test {
namespace {

using testing::IsEmpty;

int walls_to_try() {
  const char* wanted = std::getenv("VIGIE_WALLS");
  return wanted ? static_cast<int>(whole_number(wanted).value_or(100)) : 100;
}

MapFiles files_in(const std::filesystem::path& folder) {
  MapFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files.files[std::filesystem::relative(entry.path(), folder).string()] = read_bytes(entry.path());
  }
  return files;
}

// "leaf 12" but not "leaf 123".
bool names(const std::vector<std::string>& findings, const std::string& what) {
  for (const std::string& finding : findings) {
    for (std::size_t at = finding.find(what); at != std::string::npos; at = finding.find(what, at + 1)) {
      const std::size_t end = at + what.size();
      if (end == finding.size() || finding[end] < '0' || finding[end] > '9') return true;
    }
  }
  return false;
}
std::string leaf(std::int64_t index) { return concat("leaf ", std::to_string(index)); }
std::string item(std::size_t place) { return concat("item ", std::to_string(place + 1)); }

// One seed's wall, spoilt in every way one at a time.
class Spoiler {
 public:
  explicit Spoiler(std::uint64_t seed)
      : rng_(seed),
        wall_(seed, 12 + static_cast<int>(seed % 20)),
        honest_(files_in(wall_.folder())),
        items_(wall_.items()) {
    size_ = wall_.store().log_state(kWall).value().size;
  }

  int tried = 0, alarms = 0;
  std::vector<std::string> missed;

  void run() {
    const auto found = verify(honest_);
    if (!found.empty()) missed.push_back(concat("false alarm: ", found.front())), ++alarms;
    spoil_entries();
    spoil_tiles();
    spoil_items();
    sign_another_history();
  }

 private:
  std::vector<std::string> verify(MapFiles files, std::vector<std::string> known = {}) {
    const auto audited = audit(files, {verifier_of(log_key()).value(), std::nullopt, std::move(known), wall_.now()});
    return audited ? audited->findings : std::vector<std::string>{audited.error().what};
  }

  void expect(const std::string& how, const MapFiles& files, const std::vector<std::string>& named) {
    ++tried;
    const std::vector<std::string> found = verify(files);
    for (const std::string& name : named) {
      if (!names(found, name))
        missed.push_back(concat(how, ": ", name, found.empty() ? ": nothing said" : concat(": ", found.front())));
    }
  }

  // --- files, by someone without the key

  std::vector<std::string> entries(std::int64_t bundle) const {
    const int width = tile_width(kEntries, bundle, size_);
    const std::string& bytes = honest_.files.at(path_of({kEntries, bundle, width}));
    const auto parsed = parse_bundle(bytes, width).value();
    return {parsed.begin(), parsed.end()};
  }
  MapFiles with_entries(std::int64_t bundle, const std::vector<std::string>& entries) const {
    MapFiles files = honest_;
    std::string& bytes = files.files.at(path_of({kEntries, bundle, tile_width(kEntries, bundle, size_)}));
    bytes.clear();
    for (const std::string& entry : entries) add_to_bundle(bytes, entry);
    return files;
  }

  void spoil_entries() {
    const auto index = static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(size_)));
    const std::int64_t bundle = index / kTileWidth;
    const auto place = static_cast<std::size_t>(index % kTileWidth);
    const std::vector<std::string> all = entries(bundle);

    std::vector<std::string> changed = all;
    changed[place][rng_.below(changed[place].size())] ^= 1;
    expect("an entry altered", with_entries(bundle, changed), {leaf(index)});

    changed = all;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(place));
    expect("an entry dropped", with_entries(bundle, changed), {leaf(index)});

    changed = all;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(place), "{}");
    expect("an entry added", with_entries(bundle, changed), {leaf(index)});

    changed = all;
    const auto other = rng_.below(all.size());
    std::swap(changed[place], changed[other]);
    if (changed[place] != changed[other]) {
      expect("entries swapped", with_entries(bundle, changed),
             {leaf(index), leaf(bundle * kTileWidth + static_cast<std::int64_t>(other))});
    }

    changed = all;
    Leaf back = parse_leaf(changed[place]).value();
    back.time -= 86'400;
    if (const auto bytes = vigie::tlog::to_bytes(back)) {
      changed[place] = *bytes;
      expect("an entry back-dated", with_entries(bundle, changed), {leaf(index)});
    }
  }

  void spoil_tiles() {
    const auto index = static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(size_)));
    const Tile tile{0, index / kTileWidth, tile_width(0, index / kTileWidth, size_)};
    MapFiles files = honest_;
    files.files.at(path_of(tile))[static_cast<std::size_t>(index % kTileWidth) * 32 + rng_.below(32)] ^= 4;
    expect("a tile altered", files, {leaf(index)});
    files = honest_;
    files.files.erase(path_of(tile));
    expect("a tile removed", files, {path_of(tile)});
    files = honest_;
    std::string& checkpoint = files.files.at("checkpoint");
    checkpoint.replace(checkpoint.find('\n') + 1, 1, checkpoint[checkpoint.find('\n') + 1] == '1' ? "2" : "1");
    expect("the size altered", files, {"checkpoint"});
  }

  // --- the page

  MapFiles with_items(const WallItems& items) const {
    MapFiles files = honest_;
    files.files.at(kItemsFile) = to_json(items);
    return files;
  }

  void spoil_items() {
    if (items_.items.empty()) return;
    const std::size_t place = rng_.below(items_.items.size());
    const std::int64_t ref = items_.items[place].ref;

    WallItems changed = items_;
    changed.items.erase(changed.items.begin() + static_cast<std::ptrdiff_t>(place));
    expect("an item hidden", with_items(changed), {leaf(ref)});

    changed = items_;
    Field& text = changed.items[place].fields[0];
    text.value += ".";
    expect("an item altered", with_items(changed), {item(place), leaf(ref)});

    changed = items_;
    changed.items[place].fields[0] = closed(0, items_.items[place].fields[0]);
    changed.items[place].masked = false;
    expect("a text closed", with_items(changed), {item(place), leaf(ref)});

    changed = items_;
    changed.items[place].rating = *changed.items[place].rating % 5 + 1;
    expect("an item re-rated", with_items(changed), {item(place), leaf(ref)});

    changed = items_;
    changed.items[place].received -= 86'400;
    expect("an item back-dated", with_items(changed), {item(place), leaf(ref)});
    changed = items_;
    changed.items[place].published -= 3600;
    expect("a publication back-dated", with_items(changed), {item(place), leaf(ref)});

    changed = items_;
    changed.items[place].masked = !changed.items[place].masked;
    expect("an item masked", with_items(changed), {item(place), leaf(ref)});

    changed = items_;
    changed.items.push_back(changed.items[place]);
    expect("an item shown twice", with_items(changed), {item(items_.items.size()), leaf(ref)});

    changed = items_;
    WallItem invented = changed.items[place];
    invented.ref = invented.version = 0;  // the policy's place
    changed.items.push_back(invented);
    expect("an item invented", with_items(changed), {item(items_.items.size()), leaf(0)});

    changed = items_;
    const std::size_t other = (place + 1) % items_.items.size();
    std::swap(changed.items[place].fields, changed.items[other].fields);
    if (other != place) expect("items swapped", with_items(changed), {item(place), item(other)});

    changed = items_;
    ++changed.numbers.published;
    expect("a number altered", with_items(changed), {"published"});
    changed = items_;
    changed.numbers.mean_milli += 10;
    expect("the mean altered", with_items(changed), {"mean_milli"});
  }

  // --- everything, by the brand itself, who holds the key: who kept an older checkpoint knows

  void sign_another_history() {
    std::vector<std::string> all;
    const auto stored = wall_.store().leaves(kWall, 0, 10'000);
    for (const LoggedLeaf& one : stored.value()) all.push_back(one.bytes);
    const std::string seen = honest_.files.at("checkpoint");
    const auto index = 1 + static_cast<std::ptrdiff_t>(rng_.below(all.size() - 1));
    std::vector<std::string> dropped = all;
    dropped.erase(dropped.begin() + index);
    expect_two_histories("dropped and signed", dropped, seen);

    std::vector<std::string> rated = all;
    for (std::size_t i = 0; i < rated.size(); ++i) {
      Leaf one = parse_leaf(rated[i]).value();
      auto* review = std::get_if<SubmissionLeaf>(&one.body);
      if (!review || *review->rating == 5) continue;
      review->rating = 5;
      rated[i] = vigie::tlog::to_bytes(one).value();
      expect_two_histories("re-rated and signed", rated, seen);
      return;
    }
  }

  void expect_two_histories(const std::string& how, const std::vector<std::string>& entries, const std::string& seen) {
    ++tried;
    const std::filesystem::path folder = other_.path() / "log";
    std::filesystem::create_directories(folder);
    SeededWall::write_log(folder, entries);
    const auto found = verify(files_in(folder), {seen});
    if (!names(found, "a checkpoint seen before")) missed.push_back(how);
  }

  SeededRng rng_;
  SeededWall wall_;
  TempDir other_;
  const MapFiles honest_;
  const WallItems items_;
  std::int64_t size_ = 0;
};

TEST(Mutations, AreAllNamedAndHonestWallsRaiseNothing) {
  const int walls = walls_to_try();
  int tried = 0, alarms = 0;
  std::vector<std::string> missed;

  for (int seed = 1; seed <= walls; ++seed) {
    Spoiler spoiler(static_cast<std::uint64_t>(seed));
    spoiler.run();
    tried += spoiler.tried;
    alarms += spoiler.alarms;
    for (const std::string& one : spoiler.missed) missed.push_back(concat("wall ", std::to_string(seed), ": ", one));
  }

  std::cout << walls << " honest walls, " << alarms << " false alarms; " << tried << " changes, " << missed.size()
            << " not named\n";
  EXPECT_EQ(alarms, 0);
  EXPECT_GT(tried, 15 * walls);
  EXPECT_THAT(missed, IsEmpty());
}

}  // namespace
}  // namespace vigie::test
