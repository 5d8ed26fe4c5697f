#include "model/judgement.h"

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

}  // namespace vigie
