// What a wall's log says, one entry an act (docs/transparency-log.md lists them). An entry is canonical JSON (RFC 8785)
// of strings and whole numbers, at most 4 KiB. What was logged is hashed as it was stored, never written again.
//
// Bytes fields (hashes, keys, secrets) hold raw bytes here and base64url in the entry.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace vigie::tlog {

inline constexpr std::size_t kMostLeafBytes = 4096;
inline constexpr std::int64_t kMostNumber = (std::int64_t{1} << 53) - 1;  // what JSON readers keep exact

// Why a review may be withheld; there are no others. PERSONAL-DATA masks and never refuses.
inline constexpr std::string_view kReasonCodes[] = {
    "ILLEGAL", "DEFAMATION", "PERSONAL-DATA", "HATE-ABUSE",     "OFF-TOPIC",      "NO-EXPERIENCE", "SPAM-PROMO",
    "FAKE",    "DUPLICATE",  "CONFIDENTIAL",  "UNINTELLIGIBLE", "AUTHOR-REQUEST", "COURT",         "RETENTION"};

// "policy": the rules from a time on.
struct PolicyLeaf {
  std::string charter;  // SHA-256 of the text at url
  std::string url;
  std::vector<std::string> codes;  // reasons in use
  std::int64_t from = 0;           // seconds since 1970; not before the leaf's own time
  std::int64_t delay = 0;          // seconds a review may wait for its decision
  std::int64_t reply = 0;          // seconds a brand's reply may wait
  std::int64_t keep = 0;           // seconds a review is kept
  std::int64_t grain = 3600;       // seconds to which times of leaves are floored, at most
  std::string formula;             // id of the rating's formula
  std::string select;              // how who is invited is chosen, in words
};

// "inv": a batch of invitations went out.
struct InvitationLeaf {
  std::string survey, channel;
  std::int64_t sent = 0, eligible = 0;
  std::string root;  // tree over the batch's nullifiers, sorted
};

// "sub": a review was received. Logged before anybody moderates it.
struct SubmissionLeaf {
  std::string source;                  // inv qr web
  std::string survey, scale;           // scale: "1-5", "0-10"
  std::optional<std::int64_t> rating;  // absent when it stands in the commitment
  std::string lang;
  std::string incentive = "none";
  std::string verified;                    // order invitation document none
  std::string commitment;                  // commitment.h
  std::string lock;                        // SHA-256 of a secret that withdraws it
  std::string secret_by = "author";        // who made that secret: author server
  std::optional<std::string> nullifier{};  // of the invitation's token; with source inv alone
};

// "mod": an act of moderation.
struct ModerationLeaf {
  std::int64_t ref = 0;     // of a sub or ver
  std::string act;          // publish refuse mask hide restore
  std::string code;         // reason; "" with publish and restore
  std::string by;           // auto human notice court
  std::int64_t policy = 0;  // index of the policy judged by
};

// "ver": the author's update; what it replaces stays.
struct VersionLeaf {
  std::int64_t ref = 0;  // of the sub
  std::string commitment;
  std::optional<std::int64_t> rating;
};

// "wd": withdrawn by the author, who alone knew the secret.
struct WithdrawalLeaf {
  std::int64_t ref = 0;  // of the sub
  std::string secret;
};

// "era": values and keys destroyed. Attested: the author's secret is given.
struct ErasureLeaf {
  std::int64_t ref = 0;
  std::string basis;  // gdpr court retention
  std::optional<std::string> secret{};
};

// "rep": the brand replies.
struct ReplyLeaf {
  std::int64_t ref = 0;
  std::string commitment;
  std::string status;  // published withdrawn
};

// "imp": an improvement and the reviews that led to it.
struct ImprovementLeaf {
  std::vector<std::int64_t> refs;
  std::optional<std::int64_t> of{};  // the first leaf of this improvement; absent in that one
  std::string commitment;
  std::string status;  // open doing done told measured
};

// "ext": what another site counted.
struct ExternalLeaf {
  std::string source;
  std::int64_t count = 0, mean_milli = 0, fetched = 0;
  std::string answer;  // SHA-256 of the raw answer
};

inline constexpr std::string_view kOpenAnswers = "qr/";  // before the scale of answers given at a poster or a kiosk
using CountByRating = std::map<std::string, std::int64_t>;  // "4" -> 12; "0-10:9", "-": see rating_key()

// What a day's leaves add up to; aggregate.h counts it.
struct DayCounts {
  std::int64_t invited = 0, received = 0, published = 0, withdrawn = 0, erased = 0;
  std::map<std::string, CountByRating> refused;  // by code
  CountByRating histogram;                       // of what was received
  CountByRating median_delay;                    // seconds from receipt to publication
  bool operator==(const DayCounts&) const = default;
};

// "agg": a day that is over, for those who do not count themselves. Delivered is declared, the rest is counted.
struct AggregateLeaf {
  std::string day;  // 2026-11-21, UTC
  std::int64_t delivered = 0;
  DayCounts counts;
};

// "key": another key signs from here on.
struct KeyLeaf {
  std::string old_key, new_key;  // verifier keys as text
  std::string signature;         // of the old key, over rotation_text()
};

// "aud": an audit was asked for, or what came of it.
struct AuditLeaf {
  std::string by;
  std::string status;  // asked passed failed
  std::int64_t positions = 0;
  std::optional<std::int64_t> ref{};    // of what was asked; absent when asking
  std::optional<std::string> report{};  // SHA-256 of the report
};

using LeafBody = std::variant<PolicyLeaf, InvitationLeaf, SubmissionLeaf, ModerationLeaf, VersionLeaf, WithdrawalLeaf,
                              ErasureLeaf, ReplyLeaf, ImprovementLeaf, ExternalLeaf, AggregateLeaf, KeyLeaf, AuditLeaf>;

struct Leaf {
  std::int64_t time = 0;  // seconds since 1970, floored, never before the leaf above
  LeafBody body;
};

std::string_view type_of(const LeafBody& body);  // "sub"

// bad_data when it would not read back: a word not of its list, a number out of range, more than 4 KiB.
Result<std::string> to_bytes(const Leaf& leaf);
// bad_data unless these are exactly the bytes to_bytes() gives for what they say.
Result<Leaf> parse_leaf(std::string_view bytes);

// What the old key signs to make way for another.
std::string rotation_text(std::string_view origin, std::string_view new_key);

// A string as RFC 8785 writes it, with its quotes.
std::string canonical_string(std::string_view text);

}  // namespace vigie::tlog
