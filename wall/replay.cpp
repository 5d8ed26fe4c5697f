#include "wall/replay.h"

#include <algorithm>
#include <map>

#include "base/secret.h"
#include "store/reviews.h"
#include "wall/log/checkpoint.h"
#include "wall/log/folder.h"
#include "wall/log/leaf.h"
#include "wall/log/tree.h"

namespace vigie {
namespace {

using namespace tlog;

constexpr unsigned kEveryField = (1u << kReviewFields) - 1;

std::string entry_name(const std::string& brand, std::int64_t index) {
  return concat(brand, ", entry ", std::to_string(index));
}

tl::unexpected<Error> another_history(const std::string& brand, std::int64_t index) {
  return fail(ErrorKind::denied,
              concat("the published log of ", entry_name(brand, index),
                     ", is not the one in the store: two histories; nothing was changed, look into both"));
}

class Replay {
 public:
  Replay(Files& files, const std::string& brand, Store& store) : files_(files), brand_(brand), store_(store) {}

  Result<Replayed> run(const TreeHead& head, std::int64_t known) {
    TRY(check(head, known));
    for (std::int64_t bundle = 0; const int width = tile_width(kEntries, bundle, head.size); ++bundle) {
      TRY(const std::vector<std::string> entries, read_bundle(files_, bundle, width));
      for (int i = 0; i < width; ++i) {
        const std::int64_t index = bundle * kTileWidth + i;
        TRY(const Leaf leaf, parse_leaf(entries[static_cast<std::size_t>(i)]));
        if (const auto* version = std::get_if<VersionLeaf>(&leaf.body)) review_of_[index] = version->ref;
        if (std::holds_alternative<SubmissionLeaf>(leaf.body)) review_of_[index] = index;
        if (index >= known) TRY(take(index, leaf, entries[static_cast<std::size_t>(i)]));
      }
    }
    for (const std::int64_t index : without_content_)
      replayed_.lost.push_back(concat(entry_name(brand_, index), ": received after the backup, its content is lost"));
    return std::move(replayed_);
  }

 private:
  // The whole of it gives the signed root, and its beginning is what the store holds: before anything is written.
  Result<void> check(const TreeHead& head, std::int64_t known) {
    RightEdge edge;
    for (std::int64_t bundle = 0; const int width = tile_width(kEntries, bundle, head.size); ++bundle) {
      TRY(const std::vector<std::string> entries, read_bundle(files_, bundle, width));
      TRY(const std::vector<LoggedLeaf> ours, store_.leaves(brand_, bundle * kTileWidth, width));
      for (std::size_t i = 0; i < entries.size(); ++i) {
        edge.append(leaf_hash(entries[i]));
        const std::int64_t index = bundle * kTileWidth + static_cast<std::int64_t>(i);
        if (index < known && (i >= ours.size() || ours[i].bytes != entries[i])) return another_history(brand_, index);
      }
    }
    if (edge.root() != head.root)
      return fail(ErrorKind::denied, concat("the published log of ", brand_, " does not give its signed root"));
    return {};
  }

  Result<void> take(std::int64_t index, const Leaf& leaf, const std::string& bytes) {
    LeafToAppend entry{[&](const LeafPlace&) -> Result<NewLeaf> { return NewLeaf{bytes, leaf.time}; }};
    ++replayed_.entries;
    Result<bool> acted = std::visit([&](const auto& body) { return act(index, leaf.time, body, entry); }, leaf.body);
    if (!acted) return fail(acted.error());
    if (*acted) return {};
    if (const auto* submission = std::get_if<SubmissionLeaf>(&leaf.body); submission && submission->nullifier)
      entry.once = concat("k:", to_hex(*submission->nullifier));
    if (const auto* key = std::get_if<KeyLeaf>(&leaf.body)) entry.once = concat("key:", key->new_key);
    TRY(store_.append_leaves(brand_, {entry}));
    return {};
  }

  // Each returns whether the entry was written with what it tells of; false: it is written alone.

  template <class Body>
  Result<bool> act(std::int64_t, std::int64_t, const Body&, const LeafToAppend&) {
    return false;
  }

  Result<bool> act(std::int64_t index, std::int64_t, const SubmissionLeaf&, const LeafToAppend&) {
    without_content_.push_back(index);
    return false;
  }

  Result<bool> act(std::int64_t index, std::int64_t, const VersionLeaf&, const LeafToAppend&) {
    without_content_.push_back(index);
    return false;
  }

  Result<bool> act(std::int64_t, std::int64_t time, const ErasureLeaf& body, const LeafToAppend& entry) {
    ReviewAct act;
    act.act = "erase";
    act.code = body.basis;
    act.by = body.secret ? "author" : "human";
    TRY(const bool ended,
        end(body.ref, time, act, body.basis == "retention" ? ReviewState::expired : ReviewState::erased, entry));
    if (ended) ++replayed_.erased;
    std::erase_if(without_content_, [&](std::int64_t index) { return review_of_[index] == body.ref; });
    return ended;
  }

  Result<bool> act(std::int64_t, std::int64_t time, const WithdrawalLeaf& body, const LeafToAppend& entry) {
    ReviewAct act;
    act.act = "withdraw";
    act.by = "author";
    return end(body.ref, time, act, ReviewState::withdrawn, entry);
  }

  // Which fields were masked, and what stood instead, no entry says: all of them are until a person looks.
  Result<bool> act(std::int64_t, std::int64_t time, const ModerationLeaf& body, const LeafToAppend& entry) {
    TRY(const std::optional<Review> review, review_with(body.ref));
    if (!review) return false;
    ReviewAct act;
    act.review = review->id;
    act.version = body.ref;
    act.act = body.act;
    act.code = body.code;
    act.by = body.by;
    act.at = from_epoch(time);
    if (body.act == "mask") act.masked = kEveryField;
    return unless_out_of_place(store_.reviews().decide(act, entry));
  }

  Result<bool> end(std::int64_t ref, std::int64_t time, ReviewAct act, ReviewState state, const LeafToAppend& entry) {
    TRY(const std::optional<Review> review, review_with(ref));
    if (!review) return false;
    act.review = review->id;
    act.at = from_epoch(time);
    return unless_out_of_place(store_.reviews().end(act, state, entry));
  }

  static Result<bool> unless_out_of_place(const Result<std::int64_t>& done) {
    if (done) return true;
    const ErrorKind kind = done.error().kind;
    if (kind == ErrorKind::gone || kind == ErrorKind::bad_data) return false;  // the rows do not have what it is about
    return fail(done.error());
  }

  Result<std::optional<Review>> review_with(std::int64_t leaf) {
    const auto known = review_of_.find(leaf);
    if (known == review_of_.end()) return std::optional<Review>();
    return store_.reviews().review_at(brand_, known->second);
  }

  Files& files_;
  const std::string& brand_;
  Store& store_;
  Replayed replayed_;
  std::map<std::int64_t, std::int64_t> review_of_;  // a wording's entry -> its review's
  std::vector<std::int64_t> without_content_;
};

}  // namespace

Result<Replayed> replay_log(Files& published, const std::string& brand, const std::vector<VerifierKey>& keys,
                            Store& store) {
  const Result<std::string> bytes = published.read(kCheckpointFile, kMostNoteBytes);
  if (!bytes && bytes.error().kind == ErrorKind::gone) return Replayed{};
  if (!bytes) return fail(bytes.error());
  TRY(const SignedNote head, parse_signed_checkpoint(*bytes));
  TRY(const LogState state, store.log_state(brand));
  if (head.checkpoint.head.size <= state.size) return Replayed{};
  if (const auto signers = check_note(head.note, keys); !signers)
    return fail(ErrorKind::denied, concat("the published log of ", brand, ": ", signers.error().what));
  return Replay(published, brand, store).run(head.checkpoint.head, state.size);
}

}  // namespace vigie
