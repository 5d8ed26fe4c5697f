#include "wall/log/witness.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/secret.h"
#include "base/whole_file.h"
#include "wall/log/folder.h"

namespace vigie::tlog {
namespace {

constexpr std::size_t kMostProof = 63;
constexpr std::string_view kOld = "old ";

tl::unexpected<Error> bad(const char* what) { return fail(ErrorKind::bad_data, what); }

WitnessAnswer refusal(int status, std::string_view why) { return {status, concat(why, "\n")}; }

WitnessAnswer size_is(std::int64_t size) { return {409, concat(std::to_string(size), "\n"), std::string(kSizeType)}; }

class FolderWitness final : public Witness {
 public:
  FolderWitness(std::filesystem::path folder, int lock, SigningKey key, std::vector<WitnessedLog> logs,
                const Clock& clock)
      : folder_(std::move(folder)), lock_(lock), key_(std::move(key)), logs_(std::move(logs)), clock_(clock) {}
  FolderWitness(const FolderWitness&) = delete;
  FolderWitness& operator=(const FolderWitness&) = delete;
  ~FolderWitness() override { ::close(lock_); }

  Result<void> read_all() {
    for (const WitnessedLog& log : logs_) {
      const Result<std::string> note = read_whole(file_of(log.origin), kMostNoteBytes);
      if (!note && !std::filesystem::exists(file_of(log.origin))) continue;
      if (!note) return fail(note.error());
      TRY(const SignedNote kept, parse_signed_checkpoint(*note));
      heads_[log.origin] = kept.checkpoint.head;
    }
    return {};
  }

  WitnessAnswer add_checkpoint(std::string_view body) override {
    const Result<AddCheckpoint> request = parse_add_checkpoint(body);
    if (!request) return refusal(400, request.error().what);
    const Result<SignedNote> sent = parse_signed_checkpoint(request->checkpoint);
    if (!sent) return refusal(400, sent.error().what);
    const auto log = std::find_if(logs_.begin(), logs_.end(),
                                  [&](const WitnessedLog& known) { return known.origin == sent->checkpoint.origin; });
    if (log == logs_.end()) return refusal(404, "unknown log: this witness watches no log of that origin");
    if (const auto signers = check_note(sent->note, log->keys); !signers) return refusal(403, signers.error().what);
    return extend(*request, *sent);
  }

 private:
  WitnessAnswer extend(const AddCheckpoint& request, const SignedNote& sent) {
    const auto& [origin, head, extensions] = sent.checkpoint;
    if (request.old_size > head.size) return refusal(400, "the old size is larger than the checkpoint's");
    const auto known = heads_.find(origin);
    const TreeHead old = known == heads_.end() ? TreeHead{0, empty_root()} : known->second;
    if (request.old_size != old.size) return size_is(old.size);
    if (old.size == head.size && old.root != head.root) {
      return refusal(409, "another tree of this size was signed before: keep both checkpoints, the log has forked");
    }
    const Result<void> extends = old.size == 0
                                     ? from_nothing(request, head)
                                     : check_consistency(old.size, head.size, old.root, head.root, request.proof);
    if (!extends) return refusal(422, concat("the consistency proof does not hold: ", extends.error().what));
    return answer(origin, head, request.checkpoint, sent.note.text);
  }

  static Result<void> from_nothing(const AddCheckpoint& request, const TreeHead& head) {
    if (!request.proof.empty()) return bad("from an empty tree the proof is empty");
    if (head.size == 0 && head.root != empty_root()) return bad("an empty tree has another root");
    return {};
  }

  WitnessAnswer answer(const std::string& origin, const TreeHead& head, const std::string& note,
                       const std::string& text) {
    if (const Result<void> kept = write_durably(file_of(origin), note); !kept) return refusal(500, kept.error().what);
    heads_[origin] = head;
    const Result<NoteSignature> signature = cosign(text, key_, clock_.now());
    if (!signature) return refusal(500, signature.error().what);
    return {200, to_text(*signature)};
  }

  std::filesystem::path file_of(const std::string& origin) const {
    return folder_ / concat(to_hex(sha256(origin)), ".checkpoint");  // an origin may hold any character
  }

  const std::filesystem::path folder_;
  const int lock_;
  const SigningKey key_;
  const std::vector<WitnessedLog> logs_;
  const Clock& clock_;
  std::map<std::string, TreeHead> heads_;
};

}  // namespace

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  AddCheckpoint request;
  const std::optional<std::string_view> first = take_line(body);
  const std::optional<std::int64_t> old =
      first && first->starts_with(kOld) ? from_strict_decimal(first->substr(kOld.size())) : std::nullopt;
  if (!old) return bad("expected old and a number on the first line");
  request.old_size = *old;
  while (true) {
    const std::optional<std::string_view> line = take_line(body);
    if (!line) return bad("no blank line behind the proof");
    if (line->empty()) break;
    const std::optional<Hash> hash = hash_from_base64(*line);
    if (!hash || request.proof.size() == kMostProof) return bad("expected at most 63 lines of 32 bytes in base64");
    request.proof.push_back(*hash);
  }
  if (body.empty()) return bad("no checkpoint behind the blank line");
  request.checkpoint = body;
  return request;
}

std::string to_text(const AddCheckpoint& request) {
  std::string text = concat(kOld, std::to_string(request.old_size), "\n");
  for (const Hash& hash : request.proof) text += concat(to_base64(hash), "\n");
  return concat(text, "\n", request.checkpoint);
}

Result<std::unique_ptr<Witness>> Witness::open(const std::string& folder, SigningKey key,
                                               std::vector<WitnessedLog> logs, const Clock& clock) {
  if (key.type != KeyType::cosignature) return fail(ErrorKind::bad_config, "not a witness's key (type 4)");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string name = concat(folder, "/lock");
  const int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) return fail(not_written(name, errno));
  auto witness = std::make_unique<FolderWitness>(folder, lock, std::move(key), std::move(logs), clock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::denied, concat(folder, ": another witness uses this folder; stop it, or name another"));
  }
  TRY(witness->read_all());
  return witness;
}

std::vector<WitnessedLog> witnessed_logs(const Quorum& quorum) {
  std::vector<WitnessedLog> logs;
  for (const TrustedLog& trusted : quorum.logs) {
    const auto known =
        std::find_if(logs.begin(), logs.end(), [&](const WitnessedLog& log) { return log.origin == trusted.key.name; });
    if (known == logs.end()) {
      logs.push_back({trusted.key.name, {trusted.key}});
    } else {
      known->keys.push_back(trusted.key);
    }
  }
  return logs;
}

}  // namespace vigie::tlog
