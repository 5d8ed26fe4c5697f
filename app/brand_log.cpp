#include "app/brand_log.h"

#include "base/log.h"
#include "wall/log/keys.h"
#include "wall/log/numbers.h"
#include "wall/log/receipt.h"

namespace vigie {
namespace {

constexpr Duration kNumbersEvery = seconds(1);  // adding up a wall of a million reviews takes a while

std::string day_text(std::int64_t day) { return format_rfc3339(from_epoch(day * 86'400)).substr(0, 10); }

}  // namespace

Result<std::unique_ptr<BrandLog>> BrandLog::make(const Settings& settings, const std::string& brand, Store& store,
                                                 const Clock& clock, Metrics& metrics) {
  TRY(WallLogPlace place, wall_log_place(settings, brand));
  const bool names_witnesses = !settings.wall.witnesses.empty();
  return std::unique_ptr<BrandLog>(new BrandLog(brand, std::move(place), names_witnesses, store, clock, metrics));
}

BrandLog::BrandLog(std::string brand, WallLogPlace place, bool names_witnesses, Store& store, const Clock& clock,
                   Metrics& metrics)
    : brand_(std::move(brand)),
      place_(std::move(place)),
      names_witnesses_(names_witnesses),
      store_(store),
      clock_(clock),
      metrics_(metrics),
      account_(place_.origin) {}

// Anew whenever the key's file changed: after a rotation the new key signs.
Result<void> BrandLog::open() {
  std::error_code error;
  if (!std::filesystem::exists(place_.key, error)) {
    std::filesystem::create_directories(place_.key.parent_path(), error);
    const auto made = tlog::make_key_file(place_.key, place_.origin, tlog::KeyType::ed25519);
    if (!made && !std::filesystem::exists(place_.key, error)) return fail(made.error());
    if (made)
      log::info("log", "a key was made for a wall's log; keep a copy apart from the database", {{"wall", brand_}});
  }
  const auto written = std::filesystem::last_write_time(place_.key, error);
  if (publisher_ && written == key_written_) return {};
  if (!names_witnesses_) TRY(tlog::name_witnesses(place_.folder, {}));
  publisher_.reset();  // its lock first
  TRY(publisher_, open_publisher(place_, brand_, store_, clock_));
  key_written_ = written;
  return {};
}

Result<tlog::Published> BrandLog::publish() {
  TRY(const LogState state, store_.log_state(brand_));
  if (state.size == 0) return tlog::Published{};  // nobody reviewed anything yet
  TRY(open());
  TRY(published_, publisher_->publish());
  if (published_.alarm != alarm_) {
    alarm_ = published_.alarm;
    if (!alarm_.empty()) log::error("log", alarm_, {{"wall", brand_}});
  }
  metrics_.set("vigie_wall_log_entries", "Entries under a wall's last checkpoint.", {{"wall", brand_}},
               static_cast<double>(published_.size));
  return published_;
}

std::string BrandLog::receipt(std::int64_t index, std::optional<std::string> extra) {
  if (index < 0 || index >= published_.size) return "";
  tlog::FolderFiles files(place_.folder);
  tlog::TileNodes nodes(files, published_.size);
  Result<tlog::Receipt> receipt = tlog::make_receipt(nodes, index, published_.note);
  if (!receipt) {
    log::error("log", receipt.error().what, {{"wall", brand_}});
    return "";
  }
  receipt->extra = std::move(extra);
  return to_text(*receipt);
}

Result<void> BrandLog::show_cosigned(std::int64_t size, const tlog::Quorum& quorum) {
  TRY(open());
  return publisher_->show_cosigned(size, quorum);
}

Result<bool> BrandLog::add_up(Book& book, int most) {
  TRY(const std::vector<LoggedLeaf> leaves,
      store_.leaves(brand_, taken_, static_cast<int>(std::min<std::int64_t>(most, published_.size - taken_))));
  for (const LoggedLeaf& entry : leaves) {
    const Result<tlog::Leaf> leaf = tlog::parse_leaf(entry.bytes);
    if (leaf) {
      for (const std::string& fault : account_.take(entry.index, *leaf))
        log::warn("log", fault, {{"wall", brand_}, {"entry", std::to_string(entry.index)}});
    } else {
      account_.skip(entry.index);
    }
    ++taken_;
  }
  if (taken_ < published_.size) return !leaves.empty();
  TRY(sum_days(book));
  TRY(save_numbers());
  return false;
}

Result<void> BrandLog::sum_days(Book& book) {
  for (const auto& [day, counts] : account_.unsummed(clock_.now())) {
    tlog::AggregateLeaf sum;
    sum.day = day_text(day);
    sum.delivered = counts.invited;
    sum.counts = counts;
    LeafToAppend entry = book.entry(brand_, sum, concat("agg:", sum.day));
    // The sum of what stands above it: anything appended meanwhile is counted first.
    entry.write = [write = std::move(entry.write), size = taken_](const LeafPlace& place) -> Result<NewLeaf> {
      if (place.index != size) return fail(ErrorKind::transient, "another entry came first");
      return write(place);
    };
    const auto appended = store_.append_leaves(brand_, {entry});
    if (!appended && appended.error().kind != ErrorKind::transient)
      log::warn("log", concat("the sum of a day could not be logged: ", appended.error().what),
                {{"wall", brand_}, {"day", sum.day}});
    return {};  // one at a time: the next stands below it
  }
  return {};
}

Result<void> BrandLog::save_numbers() {
  const Time now = clock_.now();
  if (taken_ == saved_ || (saved_at_ && now >= *saved_at_ && now - *saved_at_ < kNumbersEvery)) return {};
  TRY(store_.reviews().save_snapshot(brand_, {taken_, now, numbers_json(account_.numbers())}));
  saved_ = taken_;
  saved_at_ = now;
  return {};
}

}  // namespace vigie
