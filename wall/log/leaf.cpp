#include "wall/log/leaf.h"

#include <algorithm>
#include <initializer_list>

#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/log/encoding.h"

namespace vigie::tlog {
namespace {

using Words = std::initializer_list<std::string_view>;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kDigest = 32, kNullifier = 16, kSignature = 64;
constexpr std::size_t kLongestWord = 100, kLongestText = 1000;  // bytes
constexpr std::int64_t kMostRating = 100, kLongestTime = 100LL * 366 * 86'400;
constexpr std::size_t kMostItems = 200, kDepth = 4;

bool is_rating(std::string_view text) {
  const std::optional<std::int64_t> rating = from_strict_decimal(text);
  return rating && *rating <= kMostRating;
}

// "4" of the scale 1-5, "0-10:9" of any other, "qr/1-5:4" at a poster, "-" when it is not told.
bool is_rating_key(std::string_view key) {
  const std::size_t colon = key.find(':');
  if (colon == std::string_view::npos) return key == "-" || is_rating(key);
  std::string_view scale = key.substr(0, colon);
  const bool open = scale.starts_with(kOpenAnswers);
  if (open) scale.remove_prefix(kOpenAnswers.size());
  const std::size_t dash = scale.find('-');
  return (open || scale != "1-5") && dash != std::string_view::npos && is_rating(scale.substr(0, dash)) &&
         is_rating(scale.substr(dash + 1)) && is_rating(key.substr(colon + 1));
}

// One description of each leaf's fields (describe() below) serves writing and reading: a pen writes what it is shown,
// or fills it in.

class WritingPen {
 public:
  void number(std::string_view name, std::int64_t value, std::int64_t, std::int64_t) {
    add(name, std::to_string(value));
  }
  void number(std::string_view name, const std::optional<std::int64_t>& value, std::int64_t, std::int64_t) {
    if (value) add(name, std::to_string(*value));
  }
  void text(std::string_view name, const std::string& value, std::size_t) { add(name, canonical_string(value)); }
  void word(std::string_view name, const std::string& value, Words) { add(name, canonical_string(value)); }
  void code(std::string_view name, const std::string& value, bool) {
    if (!value.empty()) add(name, canonical_string(value));
  }
  void bytes(std::string_view name, const std::string& value, std::size_t) {
    add(name, canonical_string(to_base64url(value)));
  }
  void bytes(std::string_view name, const std::optional<std::string>& value, std::size_t count) {
    if (value) bytes(name, *value, count);
  }
  void codes(std::string_view name, const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values) list += concat(list.empty() ? "" : ",", canonical_string(value));
    add(name, concat("[", list, "]"));
  }
  void numbers(std::string_view name, const std::vector<std::int64_t>& values) {
    std::string list;
    for (const std::int64_t value : values) list += concat(list.empty() ? "" : ",", std::to_string(value));
    add(name, concat("[", list, "]"));
  }
  void counts(std::string_view name, const CountByRating& values) { add(name, object(values)); }
  void table(std::string_view name, const std::map<std::string, CountByRating>& rows) {
    std::string list;
    for (const auto& [row, values] : rows) {
      list += concat(list.empty() ? "" : ",", canonical_string(row), ":", object(values));
    }
    add(name, concat("{", list, "}"));
  }

  std::string finish() const {
    std::string list;
    for (const auto& [name, value] : members_) {
      list += concat(list.empty() ? "" : ",", canonical_string(name), ":", value);
    }
    return concat("{", list, "}");
  }

 private:
  void add(std::string_view name, std::string value) { members_.emplace(name, std::move(value)); }
  static std::string object(const CountByRating& values) {
    std::string list;
    for (const auto& [name, value] : values) {
      list += concat(list.empty() ? "" : ",", canonical_string(name), ":", std::to_string(value));
    }
    return concat("{", list, "}");
  }

  std::map<std::string, std::string> members_;  // names are ASCII: their order is that of UTF-16
};

class ReadingPen {
 public:
  explicit ReadingPen(const json::Value& root) : root_(root) {}

  void number(std::string_view name, std::int64_t& value, std::int64_t least, std::int64_t most) {
    const Result<std::int64_t> read = root_.integer(name);
    if (!read) return fault(read.error().what);
    if (*read < least || *read > most) {
      return fault(concat(name, ": expected ", std::to_string(least), " to ", std::to_string(most)));
    }
    value = *read;
  }
  void number(std::string_view name, std::optional<std::int64_t>& value, std::int64_t least, std::int64_t most) {
    if (!root_.find(name)) return;
    number(name, value.emplace(), least, most);
  }
  void text(std::string_view name, std::string& value, std::size_t most) {
    Result<std::string> read = root_.text(name);
    if (!read) return fault(read.error().what);
    if (read->size() > most) return fault(concat(name, ": longer than ", std::to_string(most), " bytes"));
    value = *std::move(read);
  }
  void word(std::string_view name, std::string& value, Words allowed) {
    text(name, value, kLongestWord);
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      fault(concat(name, ": not a word of its list"));
  }
  void code(std::string_view name, std::string& value, bool wanted) {
    if (wanted) return known_code(name, root_.find(name), value);
    if (root_.find(name)) fault(concat(name, ": no reason is given with this act"));
  }
  void bytes(std::string_view name, std::string& value, std::size_t count) {
    const Result<std::string> read = root_.text(name);
    if (!read) return fault(read.error().what);
    const std::optional<std::string> decoded = from_strict_base64url(*read);
    if (!decoded || decoded->size() != count) {
      return fault(concat(name, ": expected ", std::to_string(count), " bytes in base64url"));
    }
    value = *decoded;
  }
  void bytes(std::string_view name, std::optional<std::string>& value, std::size_t count) {
    if (root_.find(name)) bytes(name, value.emplace(), count);
  }
  void codes(std::string_view name, std::vector<std::string>& values) {
    for_each(name, values, [&](const json::Value& item, std::string& value) { known_code(name, item, value); });
  }
  void numbers(std::string_view name, std::vector<std::int64_t>& values) {
    for_each(name, values, [&](const json::Value& item, std::int64_t& value) { value = count(name, item); });
  }
  void counts(std::string_view name, CountByRating& values) { read_counts(name, root_.find(name), values); }
  void table(std::string_view name, std::map<std::string, CountByRating>& rows) {
    const json::Value object = root_.find(name);
    if (!object || object.type() != json::Type::object || object.size() > kMostItems)
      return fault(concat(name, ": expected an object"));
    for (std::size_t i = 0; i < object.size(); ++i) read_counts(name, object[i], rows[std::string(object.key_at(i))]);
  }

  const std::string& first_fault() const { return fault_; }

 private:
  void fault(std::string what) {
    if (fault_.empty()) fault_ = std::move(what);
  }
  void known_code(std::string_view name, const json::Value& item, std::string& value) {
    if (!item || item.type() != json::Type::string) return fault(concat(name, ": expected a reason code"));
    value = item.raw();
    const bool known = std::find(std::begin(kReasonCodes), std::end(kReasonCodes), value) != std::end(kReasonCodes);
    if (!known) fault(concat(name, ": not one of the reason codes"));
  }
  std::int64_t count(std::string_view name, const json::Value& item) {
    const Result<std::int64_t> read = item.integer("");
    if (!read || *read < 0 || *read > kMostNumber) {
      fault(concat(name, ": expected a number from 0"));
      return 0;
    }
    return *read;
  }
  void read_counts(std::string_view name, const json::Value& object, CountByRating& values) {
    if (!object || object.type() != json::Type::object || object.size() > kMostItems)
      return fault(concat(name, ": expected an object"));
    for (std::size_t i = 0; i < object.size(); ++i) {
      if (!is_rating_key(object.key_at(i))) return fault(concat(name, ": expected ratings as names"));
      values[std::string(object.key_at(i))] = count(name, object[i]);
    }
  }
  template <class T, class Read>
  void for_each(std::string_view name, std::vector<T>& values, Read read) {
    const json::Value list = root_.find(name);
    if (!list || list.type() != json::Type::array || list.size() > kMostItems)
      return fault(concat(name, ": expected a list"));
    for (std::size_t i = 0; i < list.size(); ++i) read(list[i], values.emplace_back());
  }

  const json::Value root_;
  std::string fault_;
};

// L: the leaf as it is, or const.

template <class Pen, class L>
void describe_policy(Pen& pen, L& leaf) {
  pen.bytes("charter", leaf.charter, kDigest);
  pen.text("url", leaf.url, kLongestText);
  pen.codes("codes", leaf.codes);
  pen.number("from", leaf.from, 0, kMostNumber);
  pen.number("delay", leaf.delay, 0, kLongestTime);
  pen.number("reply", leaf.reply, 0, kLongestTime);
  pen.number("keep", leaf.keep, 0, kLongestTime);
  pen.number("grain", leaf.grain, 1, 86'400);
  pen.text("formula", leaf.formula, kLongestWord);
  pen.text("select", leaf.select, kLongestText);
}

template <class Pen, class L>
void describe_invitation(Pen& pen, L& leaf) {
  pen.text("survey", leaf.survey, kLongestWord);
  pen.text("channel", leaf.channel, kLongestWord);
  pen.number("n", leaf.sent, 0, kMostNumber);
  pen.number("elig", leaf.eligible, 0, kMostNumber);
  pen.bytes("root", leaf.root, kDigest);
}

template <class Pen, class L>
void describe_submission(Pen& pen, L& leaf) {
  pen.word("src", leaf.source, {"inv", "qr", "web"});
  pen.text("survey", leaf.survey, kLongestWord);
  pen.text("scale", leaf.scale, kLongestWord);
  pen.number("r", leaf.rating, -kMostRating, kMostRating);
  pen.text("lang", leaf.lang, kLongestWord);
  pen.text("inc", leaf.incentive, kLongestWord);
  pen.word("ver", leaf.verified, {"order", "invitation", "document", "none"});
  pen.bytes("c", leaf.commitment, kDigest);
  pen.bytes("w", leaf.lock, kDigest);
  pen.word("wby", leaf.secret_by, {"author", "server"});
  pen.bytes("k", leaf.nullifier, kNullifier);
}

template <class Pen, class L>
void describe_moderation(Pen& pen, L& leaf) {
  pen.number("ref", leaf.ref, 0, kMostNumber);
  pen.word("act", leaf.act, {"publish", "refuse", "mask", "hide", "restore"});
  pen.code("code", leaf.code, leaf.act != "publish" && leaf.act != "restore");
  pen.word("by", leaf.by, {"auto", "human", "notice", "court"});
  pen.number("p", leaf.policy, 0, kMostNumber);
}

template <class Pen, class L>
void describe_version(Pen& pen, L& leaf) {
  pen.number("ref", leaf.ref, 0, kMostNumber);
  pen.bytes("c", leaf.commitment, kDigest);
  pen.number("r", leaf.rating, -kMostRating, kMostRating);
}

template <class Pen, class L>
void describe_withdrawal(Pen& pen, L& leaf) {
  pen.number("ref", leaf.ref, 0, kMostNumber);
  pen.bytes("x", leaf.secret, kDigest);
}

template <class Pen, class L>
void describe_erasure(Pen& pen, L& leaf) {
  pen.number("ref", leaf.ref, 0, kMostNumber);
  pen.word("basis", leaf.basis, {"gdpr", "court", "retention"});
  pen.bytes("x", leaf.secret, kDigest);
}

template <class Pen, class L>
void describe_reply(Pen& pen, L& leaf) {
  pen.number("ref", leaf.ref, 0, kMostNumber);
  pen.bytes("c", leaf.commitment, kDigest);
  pen.word("st", leaf.status, {"published", "withdrawn"});
}

template <class Pen, class L>
void describe_improvement(Pen& pen, L& leaf) {
  pen.numbers("refs", leaf.refs);
  pen.number("of", leaf.of, 0, kMostNumber);
  pen.bytes("c", leaf.commitment, kDigest);
  pen.word("st", leaf.status, {"open", "doing", "done", "told", "measured"});
}

template <class Pen, class L>
void describe_external(Pen& pen, L& leaf) {
  pen.text("src", leaf.source, kLongestWord);
  pen.number("n", leaf.count, 0, kMostNumber);
  pen.number("mean", leaf.mean_milli, 0, kMostNumber);
  pen.number("at", leaf.fetched, 0, kMostNumber);
  pen.bytes("d", leaf.answer, kDigest);
}

template <class Pen, class L>
void describe_aggregate(Pen& pen, L& leaf) {
  pen.text("day", leaf.day, 10);
  pen.number("dlv", leaf.delivered, 0, kMostNumber);
  pen.number("inv", leaf.counts.invited, 0, kMostNumber);
  pen.number("rcv", leaf.counts.received, 0, kMostNumber);
  pen.number("pub", leaf.counts.published, 0, kMostNumber);
  pen.number("wd", leaf.counts.withdrawn, 0, kMostNumber);
  pen.number("era", leaf.counts.erased, 0, kMostNumber);
  pen.table("ref", leaf.counts.refused);
  pen.counts("hist", leaf.counts.histogram);
  pen.counts("med", leaf.counts.median_delay);
}

template <class Pen, class L>
void describe_key(Pen& pen, L& leaf) {
  pen.text("old", leaf.old_key, kLongestText);
  pen.text("new", leaf.new_key, kLongestText);
  pen.bytes("sig", leaf.signature, kSignature);
}

template <class Pen, class L>
void describe_audit(Pen& pen, L& leaf) {
  pen.text("by", leaf.by, kLongestWord);
  pen.word("st", leaf.status, {"asked", "passed", "failed"});
  pen.number("n", leaf.positions, 0, kMostNumber);
  pen.number("ref", leaf.ref, 0, kMostNumber);
  pen.bytes("d", leaf.report, kDigest);
}

// Names in the order of LeafBody's alternatives.
constexpr std::string_view kTypes[] = {"policy", "inv", "sub", "mod", "ver", "wd", "era",
                                       "rep",    "imp", "ext", "agg", "key", "aud"};
static_assert(std::size(kTypes) == std::variant_size_v<LeafBody>);

template <class Pen>
struct Describe {
  Pen& pen;
  template <class L>
  void operator()(L& leaf) const {
    using T = std::remove_const_t<L>;
    if constexpr (std::is_same_v<T, PolicyLeaf>)
      describe_policy(pen, leaf);
    else if constexpr (std::is_same_v<T, InvitationLeaf>)
      describe_invitation(pen, leaf);
    else if constexpr (std::is_same_v<T, SubmissionLeaf>)
      describe_submission(pen, leaf);
    else if constexpr (std::is_same_v<T, ModerationLeaf>)
      describe_moderation(pen, leaf);
    else if constexpr (std::is_same_v<T, VersionLeaf>)
      describe_version(pen, leaf);
    else if constexpr (std::is_same_v<T, WithdrawalLeaf>)
      describe_withdrawal(pen, leaf);
    else if constexpr (std::is_same_v<T, ErasureLeaf>)
      describe_erasure(pen, leaf);
    else if constexpr (std::is_same_v<T, ReplyLeaf>)
      describe_reply(pen, leaf);
    else if constexpr (std::is_same_v<T, ImprovementLeaf>)
      describe_improvement(pen, leaf);
    else if constexpr (std::is_same_v<T, ExternalLeaf>)
      describe_external(pen, leaf);
    else if constexpr (std::is_same_v<T, AggregateLeaf>)
      describe_aggregate(pen, leaf);
    else if constexpr (std::is_same_v<T, KeyLeaf>)
      describe_key(pen, leaf);
    else
      describe_audit(pen, leaf);
  }
};

template <std::size_t... I>
LeafBody body_of(std::size_t type, std::index_sequence<I...>) {
  LeafBody body;
  (void)((type == I ? (body.emplace<I>(), true) : false) || ...);
  return body;
}

std::string write(const Leaf& leaf) {
  WritingPen pen;
  pen.number("v", kVersion, 0, 0);
  pen.text("t", std::string(type_of(leaf.body)), 0);
  pen.number("h", leaf.time, 0, 0);
  std::visit(Describe<WritingPen>{pen}, leaf.body);
  return pen.finish();
}

Result<Leaf> read(const json::Value& root) {
  ReadingPen pen(root);
  std::int64_t version = 0;
  std::string type;
  Leaf leaf;
  pen.number("v", version, kVersion, kVersion);
  pen.text("t", type, kLongestWord);
  pen.number("h", leaf.time, 0, kMostNumber);
  const auto known = std::find(std::begin(kTypes), std::end(kTypes), type);
  if (pen.first_fault().empty() && known == std::end(kTypes)) return fail(ErrorKind::bad_data, "t: not a type of leaf");
  if (known != std::end(kTypes)) {
    const auto place = static_cast<std::size_t>(known - std::begin(kTypes));
    leaf.body = body_of(place, std::make_index_sequence<std::variant_size_v<LeafBody>>());
    std::visit(Describe<ReadingPen>{pen}, leaf.body);
  }
  if (!pen.first_fault().empty()) return fail(ErrorKind::bad_data, pen.first_fault());
  return leaf;
}

}  // namespace

std::string_view type_of(const LeafBody& body) { return kTypes[body.index()]; }

std::string canonical_string(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte < 0x20) {
          out += concat("\\u00", std::string_view(&kHex[byte >> 4], 1), std::string_view(&kHex[byte & 15], 1));
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

Result<std::string> to_bytes(const Leaf& leaf) {
  std::string bytes = write(leaf);
  TRY(parse_leaf(bytes));  // what cannot be read back must never be logged
  return bytes;
}

Result<Leaf> parse_leaf(std::string_view bytes) {
  if (bytes.size() > kMostLeafBytes) return fail(ErrorKind::bad_data, "an entry of more than 4 KiB");
  TRY(const json::Document document, json::parse(bytes, kDepth));
  if (document.root().type() != json::Type::object) return fail(ErrorKind::bad_data, "an entry is not a JSON object");
  TRY(Leaf leaf, read(document.root()));
  // One spelling alone: no other order, blank, escape, name, or member told twice.
  if (write(leaf) != bytes) return fail(ErrorKind::bad_data, "an entry is not written in the canonical form");
  return leaf;
}

std::string rotation_text(std::string_view origin, std::string_view new_key) {
  return concat("vigie-key1\n", origin, "\n", new_key, "\n");
}

}  // namespace vigie::tlog
