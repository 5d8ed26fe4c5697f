// A review as its wall keeps it: what its author said, what became of it, and which entries of the log say so.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace vigie {

// Committed one by one in this order (wall/log/commitment.h); `when` is the day or month of the experience as its author gave
// it ("2026-11-03", "2026-11"), `order` what was bought, `media` is not taken yet. An absent one is "".
enum ReviewField : std::size_t { kText, kAuthor, kWhen, kPlace, kOrder, kMedia, kReviewFields };
inline constexpr std::array<std::string_view, kReviewFields> kReviewFieldNames = {"text",  "author", "when",
                                                                                  "place", "order",  "media"};

// The source of the mentions that carry a wall's own reviews through the pipeline: "wall:acme". No source of a
// configuration can be called so.
std::string wall_source(std::string_view brand);

// waiting published refused hidden; withdrawn, erased and expired end it for good.
enum class ReviewState { waiting, published, refused, hidden, withdrawn, erased, expired };
std::string_view to_text(ReviewState state);
std::optional<ReviewState> review_state_from(std::string_view text);
bool is_over(ReviewState state);  // withdrawn erased expired

// One wording: as received, or as its author changed it.
struct ReviewVersion {
  std::int64_t leaf = -1;              // index of its entry in the brand's log: the sub's, or a ver's
  Time at{};
  std::optional<std::int64_t> rating;  // on the review's scale
  ReviewState state = ReviewState::waiting;  // waiting published refused hidden
  Time deadline{};                     // it publishes itself unless decided on by then
  std::optional<Time> decided{}, published{};  // first time each
  std::string code{};                  // why it is withheld: one of the reason codes
  unsigned masked = 0;                 // bit per field that is not opened to the public
  std::string masked_text{};           // text with what must not be shown blacked out, when kText is masked
  std::array<std::string, kReviewFields> values{}, keys{};  // "" once erased; a key is 32 random bytes
};

struct Review {
  std::int64_t id = 0;                 // the store's, one order over all walls, from 1
  std::string brand;
  std::int64_t leaf = -1;              // index of its sub in the brand's log: its public number
  std::string survey{};                // id; "" = it was not asked for by a survey
  std::string origin = "web";          // inv qr web
  std::string channel = "web";         // email sms link qr kiosk web api import
  std::string scale = "1-5";           // "0-10" "1-7"
  std::string lang{};
  std::string incentive = "none";
  std::string verified = "none";       // order invitation document none
  Time received{};
  ReviewState state = ReviewState::waiting;
  std::string lock{};                  // SHA-256 of the secret that withdraws it
  std::string secret_by = "author";    // author server
  std::string receipt{};               // SHA-256 of the token of its author's private page; "" = nobody has one
  std::string invitation{};            // SHA-256 of the invitation's token; "" = none
  std::string contact{};               // where its author may be told; erased with it
  bool tell = false;                   // its author agreed to hear what was improved
  std::vector<std::string> marks{};    // what automatic checks noticed: bot burst duplicate personal-data abuse
  std::string source{}, mention{};     // of the mention that carries it; "" when it comes in: wall_source() and its leaf
  std::vector<ReviewVersion> versions{};  // oldest first, at least one

  const ReviewVersion* shown() const;  // the last published one; nullptr when none is or the review is over
  const ReviewVersion& newest() const { return versions.back(); }
};

// One act of moderation on one version, as it stands in the history.
struct ReviewAct {
  std::int64_t number = 0;             // the store's
  std::int64_t review = 0, version = -1;  // its id; the version's leaf
  std::int64_t leaf = -1;              // of the act's own entry
  std::string act;                     // publish refuse mask hide restore; version withdraw erase
  std::string code{}, words{};         // reason code, and the reason in words for its author
  std::string by;                      // auto human notice court; author
  std::string who{};                   // person id; "" = nobody in particular
  Time at{};
  unsigned masked = 0;                 // mask: the fields
  std::string masked_text{};           // mask of the text: what is shown instead
};

}  // namespace vigie
