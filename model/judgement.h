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

struct DrivingWord {
  std::string word;    // as written
  double weight = 0;   // < 0 pulls towards negative
};

struct Judgement {
  std::string lang;                       // ISO 639-1, or "other"
  double p_neg = 0, p_neu = 1, p_pos = 0;  // calibrated, sum 1
  Label label = Label::neutral;           // by the model's stated rule: mostly the most probable
  bool contradiction = false;             // the stars and the words say opposite things
  bool unsure = false;                    // shown as "unsure": the label's probability is under the stated bar
  std::vector<std::string> themes;        // taxonomy ids, sorted, each once
  std::vector<std::string> cues;          // severity cues found: danger injury legal boycott press self_harm
  std::vector<DrivingWord> drivers;       // at most 5, strongest first
  std::string model;                      // its name: "sentiment-1"
  std::optional<Label> human{};           // a person's correction; counts instead of the machine's
  Label effective() const { return human.value_or(label); }
};

}  // namespace vigie
