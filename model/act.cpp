#include "model/act.h"

#include "model/names.h"

namespace vigie {
namespace {

constexpr auto kKinds = std::to_array<Named<ActKind>>({
    {ActKind::ack, "ack"},
    {ActKind::unack, "unack"},
    {ActKind::assign, "assign"},
    {ActKind::note, "note"},
    {ActKind::resolve, "resolve"},
    {ActKind::merge, "merge"},
    {ActKind::split, "split"},
});

}  // namespace

std::string_view to_text(ActKind kind) { return name_in(kKinds, kind); }
std::optional<ActKind> act_from(std::string_view text) { return value_in(kKinds, text); }

}  // namespace vigie
