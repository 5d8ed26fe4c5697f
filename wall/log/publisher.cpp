#include "wall/log/publisher.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <set>

#include "base/whole_file.h"
#include "wall/log/receipt.h"
#include "wall/log/witness_client.h"

namespace vigie::tlog {
namespace {

constexpr int kPage = 2'560;

std::string hash_bytes(const Hash& hash) { return std::string(bytes_of(hash)); }

tl::unexpected<Error> not_the_signed_tree(const std::string& wall, std::int64_t size) {
  return fail(ErrorKind::denied,
              concat("the log of ", wall, ": the store's first ", std::to_string(size),
                     " entries no longer give the tree that was signed; nothing is signed until the store is restored "
                     "from a backup that does"));
}

Result<std::string> with_cosignatures(Store& store, const std::string& wall, const StoredCheckpoint& checkpoint) {
  TRY(const std::vector<StoredCosignature> lines, store.cosignatures(wall, checkpoint.size));
  std::string note = checkpoint.note;
  for (const StoredCosignature& line : lines) note += line.line;
  return note;
}

}  // namespace

Result<std::unique_ptr<Publisher>> Publisher::open(PublisherOptions options, Store& store, const Clock& clock) {
  if (options.keys.empty()) return fail(ErrorKind::bug, "a log without a key");
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  const std::string name = (options.folder / ".lock").string();
  const int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) return fail(not_written(name, errno));
  std::unique_ptr<Publisher> publisher(new Publisher(std::move(options), lock, store, clock));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::denied, concat(publisher->options_.folder.string(),
                                          ": another process publishes into this folder; stop it, or name another"));
  }
  return publisher;
}

Publisher::Publisher(PublisherOptions options, int lock, Store& store, const Clock& clock)
    : options_(std::move(options)),
      lock_(lock),
      store_(store),
      clock_(clock),
      files_(options_.folder),
      batch_(options_.folder) {}

Publisher::~Publisher() { ::close(lock_); }

Result<Published> Publisher::publish() {
  TRY(const LogState state, store_.log_state(options_.wall));
  if (loaded_ && last_.size == state.size) {
    last_.fresh = 0;
    last_.alarm = clock_alarm(state);
    return last_;
  }
  if (!loaded_) TRY(load(state));
  const std::int64_t before = rows_.size();
  loaded_ = false;  // until the batch is whole: what failed half-way is read again
  TRY(take_entries(state.size));
  return finish(state, rows_.size() - before);
}

Result<Published> Publisher::rebuild() {
  TRY(const LogState state, store_.log_state(options_.wall));
  loaded_ = false;
  promised_ = state.promised;
  rows_ = {};
  bundle_.clear();
  TRY(take_entries(state.size));
  return finish(state, rows_.size() - state.promised.size);
}

Result<void> Publisher::load(const LogState& state) {
  promised_ = state.promised;
  rows_ = {};
  bundle_.clear();
  completed_.clear();
  if (promised_.size > 0) {
    const std::optional<Hash> root = hash_from_bytes(promised_.root);
    if (!root) return fail(ErrorKind::bug, concat("the log of ", options_.wall, ": its promised root is no hash"));
    Result<TileRows> rows = TileRows::read(files_, {promised_.size, *root});
    if (rows) {
      rows_ = *std::move(rows);
      TRY(read_open_bundle());
    } else {
      TRY(take_entries(promised_.size));  // the folder is gone or not ours: anew
    }
  }
  loaded_ = true;
  return {};
}

Result<void> Publisher::read_open_bundle() {
  const std::int64_t first = rows_.size() - rows_.size() % kTileWidth;
  TRY(const std::vector<LoggedLeaf> leaves,
      store_.leaves(options_.wall, first, static_cast<int>(rows_.size() - first)));
  for (const LoggedLeaf& leaf : leaves) add_to_bundle(bundle_, leaf.bytes);
  return {};
}

Result<void> Publisher::take_entries(std::int64_t to) {
  while (rows_.size() < to) {
    const auto wanted = static_cast<int>(std::min<std::int64_t>(kPage, to - rows_.size()));
    TRY(const std::vector<LoggedLeaf> leaves, store_.leaves(options_.wall, rows_.size(), wanted));
    if (leaves.empty()) return not_the_signed_tree(options_.wall, to);
    for (const LoggedLeaf& leaf : leaves) TRY(take(leaf));
  }
  return {};
}

Result<void> Publisher::take(const LoggedLeaf& leaf) {
  const std::int64_t index = rows_.size();
  const Hash hash = leaf_hash(leaf.bytes);
  if (leaf.index != index || bytes_of(hash) != leaf.hash) {
    return fail(ErrorKind::denied, concat("the log of ", options_.wall, ": entry ", std::to_string(index),
                                          " of the store is missing or was changed; restore a backup"));
  }
  add_to_bundle(bundle_, leaf.bytes);
  if ((index + 1) % kTileWidth == 0) {
    const Tile full{kEntries, index / kTileWidth, kTileWidth};
    TRY(batch_.write(path_of(full), bundle_));
    completed_.push_back(full);
    bundle_.clear();
  }
  TRY(rows_.append(hash, [this](const Tile& tile, const std::vector<Hash>& hashes) {
    completed_.push_back(tile);
    return batch_.write(path_of(tile), to_bytes(hashes));
  }));
  return rows_.size() == promised_.size ? check_promised() : Result<void>();
}

Result<void> Publisher::check_promised() {
  if (bytes_of(rows_.root()) != promised_.root) return not_the_signed_tree(options_.wall, promised_.size);
  return {};
}

Result<void> Publisher::write_open_tiles() {
  const std::int64_t size = rows_.size();
  if (!bundle_.empty()) {
    TRY(batch_.write(path_of({kEntries, size / kTileWidth, static_cast<int>(size % kTileWidth)}), bundle_));
  }
  for (const auto& [tile, hashes] : rows_.partial()) TRY(batch_.write(path_of(tile), to_bytes(hashes)));
  return batch_.sync();
}

Result<Published> Publisher::finish(const LogState& state, std::int64_t fresh) {
  Published published{rows_.size(), fresh, {}, clock_alarm(state)};
  if (published.size == 0) {
    loaded_ = true;
    return published;
  }
  TRY(write_open_tiles());
  const TreeHead head{rows_.size(), rows_.root()};
  LogHead next{head.size, hash_bytes(head.root)};
  TRY(store_.promise_head(options_.wall, promised_, next));
  promised_ = std::move(next);
  TRY(std::optional<StoredCheckpoint> checkpoint, store_.checkpoint_of(options_.wall, head.size));
  TRY(const std::string note, sign(head));
  if (!checkpoint || checkpoint->note != note) {
    checkpoint = StoredCheckpoint{head.size, clock_.now(), note};
    TRY(store_.save_checkpoint(options_.wall, *checkpoint));
  }
  TRY(published.note, with_cosignatures(store_, options_.wall, *checkpoint));
  TRY(const VerifierKey key, verifier_of(options_.keys.front()));
  const std::string own_word = concat(to_text(key), "\n");
  if (files_.read(kKeyFile, kMostNoteBytes).value_or("") != own_word)
    TRY(write_durably(options_.folder / kKeyFile, own_word));
  TRY(write_durably(options_.folder / kCheckpointFile, published.note));
  for (const Tile& full : completed_) remove_partial(options_.folder, full);
  completed_.clear();
  loaded_ = true;
  last_ = published;
  return published;
}

Result<std::string> Publisher::sign(const TreeHead& head) const {
  Note note{to_text(Checkpoint{options_.keys.front().name, head, {}}), {}};
  for (const SigningKey& key : options_.keys) {
    TRY(NoteSignature signature, sign_note(note.text, key));
    note.signatures.push_back(std::move(signature));
  }
  return to_text(note);
}

// Entries keep their order of time whatever the clock does; that it went back, a person must know.
std::string Publisher::clock_alarm(const LogState& state) const {
  const Time now = clock_.now();
  if (state.time <= to_epoch(now)) return "";
  return concat("the log's last entry is of ", format_rfc3339(from_epoch(state.time)), ", this machine's clock says ",
                format_rfc3339(now), ": it was set back, or forward before; set it right");
}

Result<CosignRound> collect_cosignatures(HttpClient& http, const Quorum& quorum, Store& store,
                                         const std::filesystem::path& folder, const std::string& wall,
                                         const Clock& clock) {
  TRY(const std::optional<StoredCheckpoint> last, store.last_checkpoint(wall));
  CosignRound round;
  if (!last) return round;
  round.size = last->size;
  FolderFiles files(folder);
  TileNodes nodes(files, last->size);
  for (const TrustedWitness& witness : quorum.witnesses) {
    if (witness.url.empty()) continue;
    TRY(const std::int64_t known, store.cosigned_size(wall, witness.name));
    if (known == last->size) continue;
    const Result<Witnessed> said = ask_witness(http, witness, last->note, known, nodes, clock.now());
    round.witnesses.push_back({witness.name, said ? "" : said.error().what});
    if (said) {
      TRY(store.save_cosignature(wall, {last->size, witness.name, said->at, to_text(said->line)}));
    }
  }
  return round;
}

Result<void> Publisher::show_cosigned(std::int64_t size, const Quorum& quorum) {
  TRY(const std::optional<StoredCheckpoint> checkpoint, store_.checkpoint_of(options_.wall, size));
  TRY(const std::optional<StoredCheckpoint> last, store_.last_checkpoint(options_.wall));
  if (!checkpoint || !last) return {};
  TRY(const std::string note, with_cosignatures(store_, options_.wall, *checkpoint));
  TRY(const Note cosigned, parse_note(note));
  std::set<std::string> names;
  for (const Cosigned& one : cosigners(quorum, cosigned)) names.insert(one.witness);
  if (!names.empty() && quorum.met_by(names)) TRY(write_durably(options_.folder / kCosignedFile, note));
  if (last->size != size) return {};
  TRY(write_durably(options_.folder / kCheckpointFile, note));
  if (last_.size == size) last_.note = note;
  return {};
}

Result<void> name_witnesses(const std::filesystem::path& folder, const Quorum& quorum) {
  FolderFiles files(folder);
  std::error_code error;
  if (!std::filesystem::exists(folder / kCheckpointFile, error)) return {};
  if (quorum.witnesses.empty()) {
    std::filesystem::remove(folder / kWitnessesFile, error);
    return {};
  }
  const std::string text = to_text(quorum);
  if (files.read(kWitnessesFile, text.size() + 1).value_or("") == text) return {};
  return write_durably(folder / kWitnessesFile, text);
}

Result<std::vector<WitnessRound>> Publisher::ask_witnesses(HttpClient& http, const Quorum& quorum) {
  TRY(name_witnesses(options_.folder, quorum));
  TRY(CosignRound round, collect_cosignatures(http, quorum, store_, options_.folder, options_.wall, clock_));
  if (round.size > 0) TRY(show_cosigned(round.size, quorum));
  return std::move(round.witnesses);
}

Result<std::optional<std::string>> receipt_of(Store& store, const std::filesystem::path& folder,
                                              const std::string& wall, std::int64_t index,
                                              std::optional<std::string> extra) {
  TRY(const std::optional<StoredCheckpoint> last, store.last_checkpoint(wall));
  if (!last || index < 0 || last->size <= index) return std::nullopt;
  FolderFiles files(folder);
  std::string note;
  if (const Result<std::string> cosigned = files.read(kCosignedFile, kMostNoteBytes)) {
    const Result<SignedNote> head = parse_signed_checkpoint(*cosigned);
    if (head && head->checkpoint.head.size > index) note = *cosigned;
  }
  if (note.empty()) {
    TRY(note, with_cosignatures(store, wall, *last));
  }
  TRY(const SignedNote head, parse_signed_checkpoint(note));
  TileNodes nodes(files, head.checkpoint.head.size);
  TRY(Receipt receipt, make_receipt(nodes, index, note));
  receipt.extra = std::move(extra);
  return to_text(receipt);
}

}  // namespace vigie::tlog
