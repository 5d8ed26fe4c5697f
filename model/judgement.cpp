#include "model/judgement.h"

#include <algorithm>

#include "model/names.h"

namespace vigie {
namespace {

constexpr auto kLabels = std::to_array<Named<Label>>({
    {Label::negative, "neg"},
    {Label::neutral, "neu"},
    {Label::positive, "pos"},
});

}  // namespace

std::string_view to_text(Label label) { return name_in(kLabels, label); }
std::optional<Label> label_from(std::string_view text) { return value_in(kLabels, text); }

Label Judgement::effective_for(std::string_view brand) const {
  if (human) return *human;
  for (const Aspect& aspect : aspects) {
    if (!brand.empty() && aspect.brand == brand) return aspect.label;
  }
  return label;
}

// A person's correction counts instead of the machine's guess.
double Judgement::p_neg_for(std::string_view brand) const {
  if (human) return *human == Label::negative ? 1 : 0;
  for (const Aspect& aspect : aspects) {
    if (!brand.empty() && aspect.brand == brand) return aspect.p_neg;
  }
  return p_neg;
}

bool Judgement::complains_of(std::string_view theme) const {
  const auto praised = [&](const Aspect& aspect) { return aspect.theme == theme && aspect.label == Label::positive; };
  return std::none_of(aspects.begin(), aspects.end(), praised);
}

bool needs_human(const std::vector<std::string>& cues) {
  return std::find(cues.begin(), cues.end(), "self_harm") != cues.end();
}

}  // namespace vigie
