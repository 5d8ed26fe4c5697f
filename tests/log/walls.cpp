#include "tests/log/walls.h"

#include <fstream>

namespace vigie::test {
namespace {

const Time kStart = parse_rfc3339("2026-09-01T00:00:00Z").value();
constexpr const char* kSurvey = "after-delivery";
constexpr const char* kReasons[] = {"OFF-TOPIC", "SPAM-PROMO", "NO-EXPERIENCE"};

std::array<std::string, 6> words(Rng& rng, int number) {
  return {concat("Livraison ", std::to_string(rng.below(1000)), rng.below(2) ? ": parfait" : ": jamais arriv\u00e9"),
          concat("client-", std::to_string(number)),
          "2026-09",
          rng.below(2) ? "Lyon" : "",
          concat("A-", std::to_string(rng.below(100'000))),
          ""};
}

}  // namespace

SeededWall::SeededWall(std::uint64_t seed, int reviews)
    : rng_(seed),
      clock_(kStart + hours(9)),
      folder_path_(temp_.path() / "log"),
      store_(open_sqlite_store("sqlite::memory:").value()) {
  publisher_ = Publisher::open({kWall, folder_path_, {log_key()}}, *store_, clock_).value();
  PolicyLeaf policy{sha256("charter"),
                    "https://avis.example/method",
                    {},
                    to_epoch(clock_.now()) / 3600 * 3600,
                    7 * 86'400,
                    7 * 86'400,
                    36LL * 30 * 86'400,
                    86'400,
                    "mean-1",
                    "every order"};
  for (const std::string_view code : kReasonCodes) policy.codes.emplace_back(code);
  policy_ = append(policy);
  for (int left = reviews; left > 0;) {
    const int today = std::min(left, 1 + static_cast<int>(rng_.below(5)));
    live_a_day(today);
    left -= today;
  }
  clock_.advance(kDay * 3);
  for (std::size_t i = 0; i < written_.size(); ++i) {
    if (!written_[i].decided && rng_.below(4) != 0) decide(i);
  }
  EXPECT_TRUE(publisher_->publish());
  write_items(items());
}

std::int64_t SeededWall::append(LeafBody body) {
  const auto appended = store_->append_leaves(kWall, {leaf_to_append(std::move(body), clock_, hours(1))});
  EXPECT_TRUE(appended) << appended.error().what;
  return appended->front().index;
}

std::int64_t SeededWall::draw_rating(const std::string& scale) {
  return static_cast<std::int64_t>(scale == "1-5" ? 1 + rng_.below(5) : rng_.below(11));
}

void SeededWall::receive(const std::string& source) {
  Written review;
  review.at = clock_.now();
  review.secret = sha256(std::to_string(rng_.next()));
  review.fields = seal(words(rng_, static_cast<int>(written_.size())));
  SubmissionLeaf leaf;
  leaf.source = source;
  leaf.survey = kSurvey;
  leaf.scale = review.scale = rng_.below(4) == 0 ? "0-10" : "1-5";
  leaf.rating = draw_rating(leaf.scale);
  leaf.lang = "fr";
  leaf.verified = source == "inv" ? "order" : "none";
  leaf.commitment = bytes_of(commitment(review.fields));
  leaf.lock = secret_lock(review.secret);
  if (source == "inv") leaf.nullifier = nullifier(concat("token ", std::to_string(tokens_++)));
  review.leaf = review.version = append(leaf);
  fields_[review.leaf] = review.fields;
  written_.push_back(std::move(review));
}

void SeededWall::decide(std::size_t place) {
  Written& review = written_[place];
  if (review.over) return;
  review.decided = true;
  if (rng_.below(6) == 0) {
    append(ModerationLeaf{review.leaf, "refuse", kReasons[rng_.below(3)], "human", policy_});
    return;
  }
  append(ModerationLeaf{review.leaf, "publish", "", rng_.below(2) ? "auto" : "human", policy_});
  if (rng_.below(8) == 0) {
    append(ModerationLeaf{review.leaf, "mask", "PERSONAL-DATA", "human", policy_});
    fields_[review.leaf][1] = closed(1, review.fields[1]);
  }
  if (rng_.below(8) == 0) append(ReplyLeaf{review.leaf, sha256("reply"), "published"});
  if (rng_.below(10) == 0) {  // the author changes it
    const Fields fields = seal(words(rng_, static_cast<int>(place)));
    const std::int64_t version =
        append(VersionLeaf{review.leaf, std::string(bytes_of(commitment(fields))), draw_rating(review.scale)});
    fields_[version] = fields;
    append(ModerationLeaf{version, "publish", "", "auto", policy_});
  }
  if (rng_.below(12) == 0) append(ModerationLeaf{review.leaf, "hide", "COURT", "court", policy_});
}

void SeededWall::live_a_day(int reviews) {
  append(InvitationLeaf{kSurvey, "e-mail", 10, 12, sha256(std::to_string(rng_.next()))});
  for (int i = 0; i < reviews; ++i) {
    clock_.advance(minutes(rng_.below(90)));
    receive(rng_.below(4) == 0 ? "web" : "inv");
  }
  for (std::size_t i = 0; i < written_.size(); ++i) {
    Written& review = written_[i];
    const bool waited = clock_.now() - review.at > kDay * 4;  // the policy allows seven
    if (!review.decided && (waited || rng_.below(2) == 0)) decide(i);
    if (!review.over && rng_.below(20) == 0) {
      append(WithdrawalLeaf{review.leaf, review.secret});
      review.over = true;
    } else if (!review.over && rng_.below(25) == 0) {
      append(ErasureLeaf{review.leaf, "gdpr", rng_.below(2) ? std::optional(review.secret) : std::nullopt});
      review.over = true;
    }
  }
  const std::int64_t day = to_epoch(clock_.now()) / 86'400;
  clock_.set(from_epoch((day + 1) * 86'400) + hours(9));
  add_up(day);
  if (rng_.below(10) == 0) {
    EXPECT_TRUE(publisher_->publish());
  }
}

// Counted apart from Account, which is what checks it.
void SeededWall::add_up(std::int64_t day) {
  AggregateLeaf sum;
  sum.day = format_rfc3339(from_epoch(day * 86'400)).substr(0, 10);
  std::map<std::int64_t, std::pair<std::int64_t, std::string>> versions;  // leaf -> (time, rating)
  std::map<std::int64_t, std::string> scales;                             // sub -> what its ratings are named with
  std::map<std::string, std::vector<std::int64_t>> delays;
  std::int64_t index = 0;
  for (const Leaf& leaf : leaves()) {
    const bool today = leaf.time / 86'400 == day;
    if (const auto* inv = std::get_if<InvitationLeaf>(&leaf.body); inv && today) sum.counts.invited += inv->sent;
    if (const auto* sub = std::get_if<SubmissionLeaf>(&leaf.body)) {
      scales[index] = sub->scale == "1-5" ? "" : sub->scale + ":";
      versions[index] = {leaf.time, scales[index] + std::to_string(*sub->rating)};
      if (today) ++sum.counts.received, ++sum.counts.histogram[versions[index].second];
    }
    if (const auto* ver = std::get_if<VersionLeaf>(&leaf.body))
      versions[index] = {leaf.time, scales[ver->ref] + std::to_string(*ver->rating)};
    if (const auto* mod = std::get_if<ModerationLeaf>(&leaf.body); mod && today) {
      const auto& [time, rating] = versions[mod->ref];
      if (mod->act == "publish") ++sum.counts.published, delays[rating].push_back(leaf.time - time);
      if (mod->act == "refuse") ++sum.counts.refused[mod->code][rating];
    }
    if (std::holds_alternative<WithdrawalLeaf>(leaf.body) && today) ++sum.counts.withdrawn;
    if (std::holds_alternative<ErasureLeaf>(leaf.body) && today) ++sum.counts.erased;
    ++index;
  }
  for (auto& [rating, values] : delays) {
    std::sort(values.begin(), values.end());
    sum.counts.median_delay[rating] = values[(values.size() - 1) / 2];
  }
  append(sum);
}

std::vector<Leaf> SeededWall::leaves() {
  std::vector<Leaf> all;
  const auto stored = store_->leaves(kWall, 0, 10'000);
  for (const LoggedLeaf& leaf : stored.value()) all.push_back(parse_leaf(leaf.bytes).value());
  return all;
}

WallItems SeededWall::items() {
  Account account(log_key().name);
  WallItems items;
  items.origin = log_key().name;
  for (const Leaf& leaf : leaves()) EXPECT_THAT(account.take(items.size++, leaf), testing::IsEmpty());
  for (const LoggedReview& review : account.reviews()) {
    const ReviewVersion* shown = review.shown();
    if (!shown) continue;
    items.items.push_back(
        {review.leaf, shown->leaf, shown->rating, review.time, shown->decided, shown->masked, fields_.at(shown->leaf)});
  }
  items.numbers = account.numbers();
  return items;
}

void SeededWall::write_items(const WallItems& items) const {
  std::ofstream(folder_path_ / kItemsFile, std::ios::binary) << to_json(items);
}

Result<Audit> SeededWall::verify(std::vector<std::string> known) const {
  FolderFiles files(folder_path_);
  return audit(files, {verifier_of(log_key()).value(), std::nullopt, std::move(known), now()});
}

std::filesystem::path SeededWall::copy(const std::string& name) const {
  const std::filesystem::path to = temp_.path() / name;
  std::filesystem::remove_all(to);
  std::filesystem::copy(folder_path_, to, std::filesystem::copy_options::recursive);
  return to;
}

void SeededWall::write_log(const std::filesystem::path& folder, const std::vector<std::string>& entries) {
  std::filesystem::remove_all(folder / "tile");
  FolderBatch batch(folder);
  TileRows rows;
  std::string bundle;
  for (const std::string& entry : entries) {
    add_to_bundle(bundle, entry);
    EXPECT_TRUE(rows.append(leaf_hash(entry), [&](const Tile& tile, const std::vector<Hash>& hashes) {
      return batch.write(path_of(tile), to_bytes(hashes));
    }));
    if (rows.size() % kTileWidth != 0) continue;
    EXPECT_TRUE(batch.write(path_of({kEntries, rows.size() / kTileWidth - 1, kTileWidth}), bundle));
    bundle.clear();
  }
  if (!bundle.empty()) {
    EXPECT_TRUE(
        batch.write(path_of({kEntries, rows.size() / kTileWidth, static_cast<int>(rows.size() % kTileWidth)}), bundle));
  }
  for (const auto& [tile, hashes] : rows.partial()) EXPECT_TRUE(batch.write(path_of(tile), to_bytes(hashes)));
  EXPECT_TRUE(batch.write(kCheckpointFile, signed_head({rows.size(), rows.root()})));
}

}  // namespace vigie::test
