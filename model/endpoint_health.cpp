#include "model/endpoint_health.h"

#include "model/names.h"

namespace vigie {
namespace {

constexpr auto kCircuits = std::to_array<Named<Circuit>>({
    {Circuit::closed, "closed"},
    {Circuit::open, "open"},
    {Circuit::half_open, "half_open"},
    {Circuit::disabled, "disabled"},
});

}  // namespace

std::string_view to_text(Circuit circuit) { return name_in(kCircuits, circuit); }
std::optional<Circuit> circuit_from(std::string_view text) { return value_in(kCircuits, text); }

}  // namespace vigie
