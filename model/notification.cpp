#include "model/notification.h"

#include "model/names.h"

namespace vigie {
namespace {

using State = NotificationState;

constexpr auto kStates = std::to_array<Named<State>>({
    {State::held, "held"},
    {State::ready, "ready"},
    {State::claimed, "claimed"},
    {State::sent, "sent"},
    {State::unverified, "unverified"},
    {State::wait, "wait"},
    {State::superseded, "superseded"},
    {State::cancelled, "cancelled"},
    {State::dead, "dead"},
});

}  // namespace

std::string_view to_text(NotificationState state) { return name_in(kStates, state); }
std::optional<NotificationState> notification_state_from(std::string_view text) { return value_in(kStates, text); }

bool is_pending(State state) {
  return state == State::held || state == State::ready || state == State::claimed || state == State::wait;
}

bool was_accepted(State state) { return state == State::sent || state == State::unverified; }

}  // namespace vigie
