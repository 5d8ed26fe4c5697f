// What surrounds a review on its wall: what the checks noticed, who complained, what the brand answered, what it
// changed.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/review.h"

namespace vigie {

// A stretch of a field that should not be public: bytes [from, to). It holds no text.
struct FoundSpan {
  ReviewField field = kText;
  std::size_t from = 0, to = 0;
  std::string kind;  // mail phone iban card address
  bool operator==(const FoundSpan&) const = default;
};

// The text with each of these spans of that field under a bar; the bars are of one length: lengths tell too.
std::string blacked_out(ReviewField field, std::string_view text, const std::vector<FoundSpan>& spans);

// Every place where the words stand in the text, exactly as written; none overlap.
std::vector<FoundSpan> places_of(ReviewField field, std::string_view text, std::string_view words);

// What the automatic checks made of one version.
struct ReviewCheck {
  std::int64_t review = 0, version = -1;  // id; the version's leaf
  Time at{};
  std::vector<std::string> marks{};  // personal-data abuse duplicate unintelligible
  std::vector<FoundSpan> spans{};
  bool held = false;        // it waits for a person, until its deadline at most
  std::uint64_t print = 0;  // fingerprint of its text, for finding copies; 0 = too short to tell
};

// Fields as they were committed to in an entry of the log, with what opens them (wall/log/commitment.h).
struct SealedFields {
  std::array<std::string, kReviewFields> values{}, keys{};
};

// What the brand answers to a review. Text is kText, who answers kAuthor, an https link kMedia.
struct Reply {
  std::int64_t id = 0;
  std::int64_t review = 0, ref = -1;  // its id; its number on the wall
  std::string brand;
  std::int64_t leaf = -1;
  SealedFields fields;
  std::string by{};      // person id; "" when it came from the source
  std::string source{};  // id of the source that showed it; "" = written here
  Time at{};
  std::optional<Time> withdrawn{};
  std::int64_t withdrawn_leaf = -1;

  const std::string& text() const { return fields.values[kText]; }
  const std::string& author() const { return fields.values[kAuthor]; }
  const std::string& link() const { return fields.values[kMedia]; }
};

enum class ImprovementState { open, doing, done, told, measured };
std::string_view to_text(ImprovementState state);
std::optional<ImprovementState> improvement_state_from(std::string_view text);

// What is compared: reviews of the wall (with the theme, when it has one) in as much time before as after.
struct EffectSide {
  std::int64_t n = 0;           // reviews
  std::int64_t complaints = 0;  // that speak badly of the theme
  std::int64_t rated = 0;
  double mean = 0, low = 0, high = 0;  // of ratings in stars, 1 to 5, 95 %; zero when rated < 2
};

struct Effect {
  Time from{}, turn{}, to{};  // before: [from, turn); after: [turn, to)
  EffectSide before, after;
};

struct ImprovementStep {
  std::int64_t leaf = -1;
  ImprovementState state = ImprovementState::open;
  Time at{};
  std::string by{};
  SealedFields fields;  // what it commits to: kText what was done, in words; kMedia a link
};

// What was changed because of reviews. Title, words and link are those of the last step that gave some.
struct Improvement {
  std::int64_t id = 0;
  std::string brand;
  std::int64_t leaf = -1;  // its first entry: its public number
  std::string theme{};     // id of the theme it is about; "" = none
  ImprovementState state = ImprovementState::open;
  std::vector<std::int64_t> refs{};                 // numbers of the reviews that led to it
  std::vector<ImprovementStep> steps{};             // oldest first
  std::optional<Effect> effect{};                   // measured
  std::int64_t asked = 0, worked = 0, did_not = 0;  // authors told; who answered that it did, or did not

  std::string title() const;  // the first line of its last words
  std::string words() const;  // the rest
  std::string link() const;
  std::optional<Time> since(ImprovementState reached) const;  // when it got there
};

// Somebody says that a review should not stand (DSA 16), or that it is not authentic (L111-7-2).
struct Notice {
  std::int64_t id = 0;
  std::string brand;
  std::int64_t review = 0, ref = -1;  // its id; its number on the wall
  std::string kind;                   // illegal doubt
  std::string code{};                 // what the sender takes it for: a reason code or ""
  std::string reason, url;
  std::string name, mail;  // "" when crimes against children are reported, and after a year
  std::string language;
  std::string status{};  // SHA-256 of the token of its status page
  Time at{};
  std::string outcome{};  // "" = waits; acted masked kept
  std::string words{};    // why, told to the sender
  std::string by{};
  std::optional<Time> decided{};
};

// An author who does not agree with a decision.
struct Appeal {
  std::int64_t id = 0;
  std::int64_t review = 0, version = -1;
  std::int64_t act = 0;  // number of the act that is contested
  std::string words;
  std::string decided_by{};  // who took the decision: somebody else looks, when there is anybody
  Time at{};
  std::string outcome{};  // "" = waits; restored upheld
  std::string by{}, answer{};
  std::optional<Time> decided{};
};

// What was taken off for an illicit reason, for a court: sealed to a key that is not here.
struct SealedEvidence {
  std::int64_t id = 0;
  std::string brand;
  std::int64_t review = 0, ref = -1, version = -1;
  std::string code;
  Time at{}, until{};
  std::string box;  // sealed bytes
};

}  // namespace vigie
