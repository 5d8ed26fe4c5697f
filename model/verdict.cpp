#include "model/verdict.h"

#include "model/names.h"

namespace vigie {
namespace {

constexpr auto kWords = std::to_array<Named<VerdictWord>>({
    {VerdictWord::useful, "useful"},
    {VerdictWord::false_alarm, "false"},
    {VerdictWord::normal, "normal"},
});

}  // namespace

std::string_view to_text(VerdictWord word) { return name_in(kWords, word); }
std::optional<VerdictWord> verdict_from(std::string_view text) { return value_in(kWords, text); }

}  // namespace vigie
