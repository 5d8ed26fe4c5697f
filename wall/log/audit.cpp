#include "wall/log/audit.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "wall/log/folder.h"
#include "wall/log/items.h"

namespace vigie::tlog {
namespace {

constexpr std::size_t kMostKeyBytes = 4096;
constexpr std::size_t kShownOfABundle = 8;  // findings of one bundle: a shifted one is wrong to its end
constexpr std::size_t kMostFindings = 10'000;
constexpr Duration kCosignedLater = minutes(5);
constexpr Duration kItemsLag = hours(24);  // a wall's list may be this much older than its log

std::string leaf_name(std::int64_t index) { return concat("leaf ", std::to_string(index)); }

// The tiles against one another: each hash above is the root of the full tile below. Level 0 is given to who asks.
class Auditor {
 public:
  Auditor(Files& files, const AuditRequest& request) : files_(files), request_(request) {}

  Result<Audit> run() {
    TRY(read_items_file());  // before the checkpoint: a log that grows meanwhile covers it all the same
    TRY(const std::string bytes, files_.read(kCheckpointFile, kMostNoteBytes));
    const Result<SignedNote> head = parse_signed_checkpoint(bytes);
    if (!head) {
      finding(concat("checkpoint: ", head.error().what));
      return std::move(audit_);
    }
    head_ = *head;
    audit_.origin = head_.checkpoint.origin;
    audit_.size = head_.checkpoint.head.size;
    if (!head_.checkpoint.extensions.empty()) finding("checkpoint: extension lines, which nobody can audit");
    account_.emplace(audit_.origin);
    if (items_ && items_->all.origin != audit_.origin) finding("items.json: of another log");
    note_known();
    TRY(read_entries());
    check_roots();
    TRY(check_upper_tiles());
    check_account();
    TRY(check_keys());
    TRY(check_quorum());
    audit_.numbers = account_->numbers();
    if (const PolicyLeaf* rules = account_->rules_at(to_epoch(request_.now))) audit_.rules = *rules;
    return std::move(audit_);
  }

 private:
  void finding(std::string what) {
    if (full()) return;
    audit_.findings.push_back(std::move(what));
    if (full()) audit_.findings.emplace_back("more than 10,000 findings: the rest was not looked at");
  }
  bool full() const { return audit_.findings.size() >= kMostFindings; }

  // A file that is not there, or not of its form, is a finding; a network that fails ends the audit.
  template <class T>
  Result<std::optional<T>> or_finding(Result<T> read) {
    if (read) return std::optional<T>(*std::move(read));
    const ErrorKind kind = read.error().kind;
    if (kind != ErrorKind::gone && kind != ErrorKind::bad_data && kind != ErrorKind::bad_config)
      return fail(read.error());
    finding(read.error().what);
    return std::optional<T>();
  }

  // --- entries and level 0

  Result<void> read_entries() {
    for (std::int64_t bundle = 0; const int width = tile_width(kEntries, bundle, audit_.size); ++bundle) {
      TRY(const auto hashes, or_finding(read_tile(files_, {0, bundle, width})));
      TRY(const std::vector<std::string> entries, read_entries_of(bundle, width));
      if (full() || (!hashes && entries.empty())) {  // a checkpoint may claim any size: what is not there has an end
        finding(concat(leaf_name(bundle * kTileWidth), ": nothing from here on was looked at"));
        return {};
      }
      if (hashes) keep_tile_root(bundle, *hashes);
      std::size_t wrong = 0;
      for (int i = 0; i < width; ++i) {
        const auto place = static_cast<std::size_t>(i);
        const std::int64_t index = bundle * kTileWidth + i;
        const std::string* entry = place < entries.size() ? &entries[place] : nullptr;
        const std::optional<Hash> hash = hashes ? std::optional((*hashes)[place]) : std::nullopt;
        if (!entry || (hash && leaf_hash(*entry) != *hash)) {
          if (++wrong <= kShownOfABundle)
            finding(concat(leaf_name(index), entry ? ": its bytes are not those the tree holds" : ": is missing"));
        }
        take(index, entry, hash);
      }
      if (wrong > kShownOfABundle)
        finding(concat(path_of({kEntries, bundle, width}), ": ", std::to_string(wrong),
                       " entries in all do not fit the tree"));
    }
    return {};
  }

  // As many entries as can be told apart, so that one that is cut short does not hide which.
  Result<std::vector<std::string>> read_entries_of(std::int64_t bundle, int width) {
    const Tile tile{kEntries, bundle, width};
    Result<std::vector<std::string>> whole = read_bundle(files_, bundle, width);
    if (whole) return whole;
    TRY(const auto none, or_finding(std::move(whole)));
    const Result<std::string> bytes =
        files_.read(path_of(tile), static_cast<std::size_t>(width) * (kMostEntryBytes + 2));
    std::vector<std::string> entries;
    std::string_view rest = bytes ? std::string_view(*bytes) : std::string_view();
    while (rest.size() >= 2 && static_cast<int>(entries.size()) < width) {
      const std::size_t size = from_big_endian(rest.substr(0, 2));
      if (rest.size() - 2 < size) break;
      entries.emplace_back(rest.substr(2, size));
      rest.remove_prefix(2 + size);
    }
    return entries;
  }

  void take(std::int64_t index, const std::string* entry, const std::optional<Hash>& in_tile) {
    const Hash from_entry = entry ? leaf_hash(*entry) : Hash{};
    entry_edge_.append(from_entry);
    tile_edge_.append(in_tile.value_or(Hash{}));
    if (const auto wanted = wanted_roots_.find(index + 1); wanted != wanted_roots_.end()) {
      wanted->second = {entry_edge_.root(), tile_edge_.root()};
    }
    if (entry) {
      if (const Result<Leaf> leaf = parse_leaf(*entry)) {
        for (const std::string& what : account_->take(index, *leaf)) {
          finding(concat(leaf_name(index), " (", type_of(leaf->body), "): ", what));
        }
        if (std::holds_alternative<KeyLeaf>(leaf->body)) key_changes_.push_back(index);
      } else {
        finding(concat(leaf_name(index), ": ", leaf.error().what));
      }
    }
    times_.push_back(account_->last_time());
    if (items_ && items_->all.size == index + 1) compare_items();
    if (request_.shown && request_.shown->size == index + 1) compare_page(account_->numbers());
  }

  // --- roots

  struct Roots {
    Hash from_entries{}, from_tiles{};
  };

  void note_known() {
    for (const std::string& bytes : request_.known) {
      Result<SignedNote> known = parse_signed_checkpoint(bytes);
      if (!known) {
        finding(concat("a checkpoint seen before: ", known.error().what));
      } else if (known->checkpoint.origin != audit_.origin) {
        finding(concat("a checkpoint seen before is of another log, ", known->checkpoint.origin));
      } else {
        wanted_roots_[known->checkpoint.head.size] = {};
        known_.push_back(*std::move(known));
      }
    }
    if (const Result<std::string> cosigned = files_.read(kCosignedFile, kMostNoteBytes)) {
      Result<SignedNote> head = parse_signed_checkpoint(*cosigned);
      if (head && head->checkpoint.origin == audit_.origin) {
        wanted_roots_[head->checkpoint.head.size] = {};
        cosigned_ = *std::move(head);
      } else {
        finding("cosigned: not a checkpoint of this log");
      }
    }
  }

  void check_roots() {
    const Hash& root = head_.checkpoint.head.root;
    const bool entries_fit = entry_edge_.root() == root, tiles_fit = tile_edge_.root() == root;
    if (!tiles_fit && !entries_fit)
      finding("checkpoint: neither entries nor tiles give its root: the log was changed after it was signed");
    if (!tiles_fit && entries_fit) finding("tile/0: the tiles do not give the signed root, the entries do");
    if (tiles_fit && !entries_fit) finding("tile/entries: the entries do not give the signed root, the tiles do");
    for (const SignedNote& known : known_) check_known(known.checkpoint.head, "a checkpoint seen before");
    if (cosigned_) check_known(cosigned_->checkpoint.head, "cosigned");
  }

  void check_known(const TreeHead& known, std::string_view name) {
    const std::string size = std::to_string(known.size);
    if (known.size > audit_.size) {
      return finding(concat(name, ": it has ", size, " leaves, the log now has fewer, ", std::to_string(audit_.size)));
    }
    if (known.size > 0 && wanted_roots_[known.size].from_entries != known.root) {
      finding(concat(name, ": the log's first ", size, " leaves are not those it had then: two histories were signed"));
    }
  }

  // --- tiles above level 0

  void keep_tile_root(std::int64_t index, const std::vector<Hash>& hashes) {
    if (hashes.size() != kTileWidth) return;
    RightEdge edge;
    for (const Hash& hash : hashes) edge.append(hash);
    below_[index] = edge.root();
  }

  Result<void> check_upper_tiles() {
    std::map<std::int64_t, Hash> below = std::move(below_);
    for (int level = 1; level < tile_levels(audit_.size); ++level) {
      below_.clear();
      for (std::int64_t index = 0; const int width = tile_width(level, index, audit_.size); ++index) {
        const Tile tile{level, index, width};
        TRY(const auto hashes, or_finding(read_tile(files_, tile)));
        if (!hashes || full()) break;
        for (int i = 0; i < width; ++i) {
          const std::int64_t child = index * kTileWidth + i;
          const auto known = below.find(child);
          if (known == below.end() || known->second == (*hashes)[static_cast<std::size_t>(i)]) continue;
          finding(concat(path_of(tile), ": its hash ", std::to_string(i), " is not that of ",
                         path_of({level - 1, child, kTileWidth}),
                         level == 1 ? concat(" (leaves ", std::to_string(child * kTileWidth), " to ",
                                             std::to_string(child * kTileWidth + kTileWidth - 1), ")")
                                    : ""));
        }
        keep_tile_root(index, *hashes);
      }
      below = std::move(below_);
    }
    return {};
  }

  // --- what the entries say

  void check_account() {
    check_page();
    for (const auto& [leaf, what] : account_->overdue(request_.now)) finding(concat(leaf_name(leaf), ": ", what));
    if (account_->last_time() > to_epoch(request_.now + kCosignedLater))
      finding("its last entry is of a time still to come");
    if (items_ && items_->all.size > audit_.size) {
      finding(concat("items.json: made from ", std::to_string(items_->all.size), " leaves, the log has ",
                     std::to_string(audit_.size)));
    } else if (items_ && items_->all.size == 0) {
      compare_items();
    } else if (items_ && items_->all.size < static_cast<std::int64_t>(times_.size())) {
      const std::int64_t behind = times_[static_cast<std::size_t>(items_->all.size)];
      if (from_epoch(behind) + kItemsLag + kDay < request_.now) finding("items.json: more than a day behind the log");
    }
  }

  Result<void> read_items_file() {
    Result<std::string> bytes = files_.read(kItemsFile, kMostItemsBytes);
    if (!bytes && bytes.error().kind == ErrorKind::gone) return {};
    TRY(const auto found, or_finding(std::move(bytes)));
    if (!found) return {};
    Result<ReadItems> items = read_items(*found);
    if (!items) {
      finding(concat("items.json: ", items.error().what));
      return {};
    }
    audit_.items = items->all.items.size();
    items_ = *std::move(items);
    return {};
  }

  // What a program reads on the page is what people see there.
  void compare_page(const WallNumbers& counted) {
    audit_.page = true;
    for (const std::string& what : differences(*request_.shown, counted)) finding(concat("the wall's page ", what));
  }

  // Numbers of an earlier log would be right, and would leave out what came since.
  void check_page() {
    if (!request_.shown) return;
    const std::int64_t size = request_.shown->size;
    if (size > audit_.size)
      return finding(concat("the wall's page adds up ", std::to_string(size), " entries, the log has ",
                            std::to_string(audit_.size)));
    if (size == 0) compare_page({});
    if (size < static_cast<std::int64_t>(times_.size()) &&
        from_epoch(times_[static_cast<std::size_t>(size)]) + kItemsLag + kDay < request_.now)
      finding("the wall's page: more than a day behind the log");
  }

  void compare_items() {
    for (const ItemFault& fault : check_items(*items_, *account_)) {
      const std::string item =
          fault.item > 0 ? concat("item ", std::to_string(fault.item), fault.leaf >= 0 ? " " : "") : "";
      const std::string leaf =
          fault.leaf >= 0 ? concat(fault.item > 0 ? "(" : "", leaf_name(fault.leaf), fault.item > 0 ? ")" : "") : "";
      const std::string name = concat(item, leaf);
      finding(concat("items.json: ", name, name.empty() ? "" : ": ", fault.what));
    }
  }

  // --- keys and witnesses

  // The key in use once `size` leaves were there, among `keys`, of which the first stood before every rotation.
  Result<void> check_keys() {
    std::vector<VerifierKey> trusted;
    if (request_.key) trusted.push_back(*request_.key);
    if (request_.quorum) {
      for (const TrustedLog& log : request_.quorum->logs) {
        if (log.key.name == audit_.origin) trusted.push_back(log.key);
      }
    }
    if (trusted.empty()) TRY(take_own_key(trusted));
    if (trusted.empty()) return {};
    const std::vector<VerifierKey>& chain = account_->keys();
    const bool in_chain = chain.empty() || std::any_of(trusted.begin(), trusted.end(), [&](const VerifierKey& key) {
                            return std::find(chain.begin(), chain.end(), key) != chain.end();
                          });
    if (!in_chain) finding("checkpoint: the key trusted is none of those the log says it had");
    check_signed(head_, "checkpoint", trusted);
    for (const SignedNote& known : known_) check_signed(known, "a checkpoint seen before", trusted);
    if (cosigned_) check_signed(*cosigned_, "cosigned", trusted);
    return {};
  }

  Result<void> take_own_key(std::vector<VerifierKey>& trusted) {
    audit_.own_key = true;
    TRY(const auto bytes, or_finding(files_.read(kKeyFile, kMostKeyBytes)));
    if (!bytes) return {};
    Result<VerifierKey> key = parse_verifier_key(trim(*bytes));
    if (!key) {
      finding(concat("vkey: ", key.error().what));
      return {};
    }
    trusted.push_back(*std::move(key));
    return {};
  }

  void check_signed(const SignedNote& head, const std::string& name, const std::vector<VerifierKey>& trusted) {
    const std::vector<VerifierKey>& chain = account_->keys();
    std::vector<VerifierKey> valid = trusted;
    if (!chain.empty()) {
      const auto changes = std::count_if(key_changes_.begin(), key_changes_.end(),
                                         [&](std::int64_t leaf) { return leaf < head.checkpoint.head.size; });
      valid = {chain[std::min(static_cast<std::size_t>(changes), chain.size() - 1)]};
    }
    const auto signers = check_note(head.note, valid);
    if (!signers) finding(concat(name, ": ", signers.error().what));
  }

  // Whom the wall itself names: too few of them is no lie, the page tells how many. A line that they did not sign is.
  Result<void> check_named() {
    Result<std::string> bytes = files_.read(kWitnessesFile, kMostNoteBytes);
    if (!bytes && bytes.error().kind == ErrorKind::gone) return {};
    TRY(const auto text, or_finding(std::move(bytes)));
    if (!text) return {};
    const Result<Quorum> quorum = parse_quorum(*text);
    if (!quorum) {
      finding(concat("witnesses: ", quorum.error().what));
      return {};
    }
    audit_.named = quorum->witnesses.size();
    find_forged(*quorum);
    const SignedNote* head = &head_;
    audit_.cosigned = cosigners(*quorum, head_.note);
    if (cosigned_ && !met(*quorum, audit_.cosigned)) {
      std::vector<Cosigned> before = cosigners(*quorum, cosigned_->note);
      if (met(*quorum, before)) {
        audit_.cosigned = std::move(before);
        head = &*cosigned_;
      }
    }
    check_times(*head, audit_.cosigned);
    return {};
  }

  void find_forged(const Quorum& quorum) {
    for (const std::string& name : forged(quorum, head_.note))
      finding(concat("checkpoint: a line in the name of witness ", name, ", which did not sign it"));
    if (!cosigned_) return;
    for (const std::string& name : forged(quorum, cosigned_->note))
      finding(concat("cosigned: a line in the name of witness ", name, ", which did not sign it"));
  }

  Result<void> check_quorum() {
    if (!request_.quorum) return check_named();
    const Quorum& quorum = *request_.quorum;
    find_forged(quorum);
    const std::vector<Cosigned> now = cosigners(quorum, head_.note);
    if (met(quorum, now)) {
      audit_.cosigned = now;
      check_times(head_, now);
      return {};
    }
    const std::vector<Cosigned> before = cosigned_ ? cosigners(quorum, cosigned_->note) : std::vector<Cosigned>();
    if (cosigned_ && met(quorum, before)) {
      audit_.cosigned = before;
      check_times(*cosigned_, before);
      return {};
    }
    finding(concat("checkpoint: ", std::to_string(now.size()), " of the quorum's witnesses cosigned it, too few"));
    return {};
  }

  static bool met(const Quorum& quorum, const std::vector<Cosigned>& cosigned) {
    std::set<std::string> names;
    for (const Cosigned& one : cosigned) names.insert(one.witness);
    return quorum.met_by(names);
  }

  // An entry cannot be younger than the first cosignature over it.
  void check_times(const SignedNote& head, const std::vector<Cosigned>& cosigned) {
    for (const Cosigned& one : cosigned) {
      for (std::int64_t index = head.checkpoint.head.size - 1;
           index >= 0 && index < static_cast<std::int64_t>(times_.size()); --index) {
        if (from_epoch(times_[static_cast<std::size_t>(index)]) <= one.at + kCosignedLater) break;
        finding(concat(leaf_name(index), ": its time lies after ", format_rfc3339(one.at), ", when ", one.witness,
                       " had seen it"));
      }
    }
  }

  Files& files_;
  const AuditRequest& request_;
  Audit audit_;
  SignedNote head_;
  std::optional<SignedNote> cosigned_;
  std::vector<SignedNote> known_;
  std::map<std::int64_t, Roots> wanted_roots_;
  std::optional<Account> account_;
  std::optional<ReadItems> items_;
  RightEdge entry_edge_, tile_edge_;
  std::map<std::int64_t, Hash> below_;     // roots of the full tiles of the level below
  std::vector<std::int64_t> times_;        // of entries, as far as they were read
  std::vector<std::int64_t> key_changes_;  // leaves
};

}  // namespace

Result<Audit> audit(Files& files, const AuditRequest& request) { return Auditor(files, request).run(); }

}  // namespace vigie::tlog
