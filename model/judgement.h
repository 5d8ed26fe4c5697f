// What the machine, and perhaps a person, thinks of one mention.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

enum class Label { negative, neutral, positive };
std::string_view to_text(Label label);  // "neg" "neu" "pos"
std::optional<Label> label_from(std::string_view text);

// p_neg from which a text counts as negative, everywhere something is counted.
inline constexpr double kNegative = 0.5;

// The bar of "unsure": a label that got less is more likely wrong than right.
inline constexpr double kUnsureBelow = 0.5;

struct DrivingWord {
  std::string word;    // as written
  double weight = 0;   // < 0 pulls towards negative
};

// What a text says of one of the brands or of the themes it speaks of, where that differs from the whole.
struct Aspect {
  std::string brand, theme;  // one of the two
  double p_neg = 0, p_neu = 1, p_pos = 0;
  Label label = Label::neutral;  // the most probable
};

struct Judgement {
  std::string lang;                       // ISO 639-1, or "other"
  double p_neg = 0, p_neu = 1, p_pos = 0;  // calibrated, sum 1
  Label label = Label::neutral;           // by the model's stated rule: mostly the most probable
  bool unsure = false;                    // shown as "unsure": the label's probability is under the stated bar
  std::vector<std::string> themes;        // taxonomy ids, sorted, each once
  std::vector<std::string> cues;          // severity cues found: danger injury legal boycott press self_harm
  std::vector<DrivingWord> drivers;       // at most 5, strongest first
  std::string model;                      // its name: "sentiment-1"
  std::optional<Label> human{};           // a person's correction; counts instead of the machine's
  std::vector<Aspect> aspects{};  // only when a text speaks of several brands, or of themes in different clauses
  bool contradiction = false;     // the stars and the words say opposite things
  Label effective() const { return human.value_or(label); }
  // The same for one of the brands: what the text says of that one, where it is told apart.
  Label effective_for(std::string_view brand) const;
  double p_neg_for(std::string_view brand) const;
  // False when the text praises the theme while it complains of something else.
  bool complains_of(std::string_view theme) const;
};

// Whether the cues ask for a person: then no answer is ever sent, or written to be sent, without one. True for
// self_harm.
bool needs_human(const std::vector<std::string>& cues);

}  // namespace vigie
