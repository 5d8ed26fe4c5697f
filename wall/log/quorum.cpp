#include "wall/log/quorum.h"

#include <algorithm>
#include <map>

namespace vigie::tlog {
namespace {

constexpr std::size_t kMostBytes = 1u << 20, kMostDefined = 256;
constexpr std::string_view kNone = "none";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// One file, line by line.
class Reader {
 public:
  Result<void> read(const std::vector<std::string_view>& words) {
    if (words[0] == "log") return log(words);
    if (words[0] == "witness") return witness(words);
    if (words[0] == "group") return group(words);
    if (words[0] == "quorum") return rule(words);
    return bad(concat("expected log, witness, group or quorum, found ", words[0].substr(0, 40)));
  }

  Result<Quorum> finish() {
    if (!ruled_) return fail(ErrorKind::bad_config, "no quorum line; `quorum none` asks for no witness");
    return std::move(quorum_);
  }

 private:
  static tl::unexpected<Error> bad(std::string what) { return fail(ErrorKind::bad_config, std::move(what)); }

  Result<void> log(const std::vector<std::string_view>& words) {
    if (words.size() < 2 || words.size() > 3) return bad("expected log KEY [URL]");
    TRY(VerifierKey key, parse_verifier_key(words[1]));
    if (key.type != KeyType::ed25519) return bad("a log's key is of type 1 (Ed25519), found a witness's");
    if (!log_keys_.insert(key.public_key).second) return bad("this log's key stands there twice");
    quorum_.logs.push_back({std::move(key), std::string(words.size() > 2 ? words[2] : "")});
    return {};
  }

  Result<void> witness(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || words.size() > 4) return bad("expected witness NAME KEY [URL]");
    TRY(define(words[1]));
    TRY(VerifierKey key, parse_verifier_key(words[2]));
    if (key.type != KeyType::cosignature) return bad("a witness's key is of type 4 (cosignature), found a log's");
    if (!witness_keys_.insert(key.public_key).second) return bad("this witness's key stands there twice");
    quorum_.witnesses.push_back({std::string(words[1]), std::move(key), std::string(words.size() > 3 ? words[3] : "")});
    return {};
  }

  Result<void> group(const std::vector<std::string_view>& words) {
    if (words.size() < 4) return bad("expected group NAME all|any|NUMBER MEMBER...");
    WitnessGroup group{std::string(words[1]), 1, {}};
    for (std::size_t i = 3; i < words.size(); ++i) {
      if (!names_.contains(words[i])) return bad(concat("no witness or group ", words[i].substr(0, 80), " above"));
      if (!members_.emplace(words[i]).second) return bad(concat(words[i].substr(0, 80), " is a member already"));
      group.members.emplace_back(words[i]);
    }
    const std::size_t count = group.members.size();
    const std::optional<std::int64_t> number = from_strict_decimal(words[2]);
    if (words[2] == "all")
      group.threshold = count;
    else if (number && *number >= 1)
      group.threshold = static_cast<std::size_t>(*number);
    else if (words[2] != "any")
      return bad("expected all, any or a number from 1");
    if (group.threshold > count) return bad("the number asked for is larger than the group");
    TRY(define(words[1]));
    quorum_.groups.push_back(std::move(group));
    return {};
  }

  Result<void> rule(const std::vector<std::string_view>& words) {
    if (words.size() != 2) return bad("expected quorum NAME");
    if (ruled_) return bad("a second quorum line");
    if (words[1] != kNone && !names_.contains(words[1])) {
      return bad(concat("no witness or group ", words[1].substr(0, 80), " above"));
    }
    quorum_.rule = words[1];
    ruled_ = true;
    return {};
  }

  Result<void> define(std::string_view name) {
    if (name == kNone) return bad("none is a word of the format, not a name");
    if (names_.size() == kMostDefined) return bad("more than 256 witnesses and groups");
    if (!names_.emplace(name).second) return bad(concat(name.substr(0, 80), " is defined twice"));
    return {};
  }

  Quorum quorum_;
  bool ruled_ = false;
  std::set<std::string, std::less<>> names_, members_, log_keys_, witness_keys_;
};

}  // namespace

bool Quorum::met_by(const std::set<std::string>& names) const {
  if (rule == kNone) return true;
  std::set<std::string> met = names;
  for (const WitnessGroup& group : groups) {
    const auto count = std::count_if(group.members.begin(), group.members.end(),
                                     [&](const std::string& member) { return met.contains(member); });
    if (static_cast<std::size_t>(count) >= group.threshold) met.insert(group.name);
  }
  return met.contains(rule);
}

Result<Quorum> parse_quorum(std::string_view text) {
  const bool controls = std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') || c == '\x7f';
  });
  if (text.size() > kMostBytes || controls) {
    return fail(ErrorKind::bad_config, "a quorum file: control characters, or more than 1 MiB");
  }
  Reader reader;
  for (int number = 1; !text.empty(); ++number) {
    const std::optional<std::string_view> line = take_line(text);
    if (!line) return fail(ErrorKind::bad_config, concat("line ", std::to_string(number), ": no newline at its end"));
    const std::vector<std::string_view> words = words_of(*line);
    if (words.empty() || words[0].starts_with('#')) continue;
    const Result<void> read = reader.read(words);
    if (!read) return fail(ErrorKind::bad_config, concat("line ", std::to_string(number), ": ", read.error().what));
  }
  return reader.finish();
}

std::string to_text(const Quorum& quorum) {
  std::string text;
  for (const TrustedWitness& witness : quorum.witnesses)
    text += concat("witness ", witness.name, " ", to_text(witness.key), "\n");
  for (const WitnessGroup& group : quorum.groups) {
    text += concat("group ", group.name, " ", std::to_string(group.threshold));
    for (const std::string& member : group.members) text += concat(" ", member);
    text += "\n";
  }
  return concat(text, "quorum ", quorum.rule, "\n");
}

std::vector<std::string> forged(const Quorum& quorum, const Note& note) {
  std::vector<std::string> found;
  for (const TrustedWitness& witness : quorum.witnesses) {
    const bool lies = std::any_of(note.signatures.begin(), note.signatures.end(), [&](const NoteSignature& signature) {
      return signature.name == witness.key.name && signature.id == witness.key.id &&
             !cosigned_at(note.text, witness.key, signature);
    });
    if (lies) found.push_back(witness.name);
  }
  return found;
}

std::vector<Cosigned> cosigners(const Quorum& quorum, const Note& note) {
  std::vector<Cosigned> found;
  for (const TrustedWitness& witness : quorum.witnesses) {
    for (const NoteSignature& signature : note.signatures) {
      const std::optional<Time> at = cosigned_at(note.text, witness.key, signature);
      if (!at) continue;
      found.push_back({witness.name, *at});
      break;
    }
  }
  return found;
}

}  // namespace vigie::tlog
