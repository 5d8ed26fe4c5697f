// Addresses that have moved for good: believed after three polls over a day, then asked at the new place.
// SOURCES.md 7.3.

#pragma once

#include <optional>

#include "base/http.h"
#include "store/collecting.h"

namespace vigie {

// What is known of the move after a poll of `asked` was answered by `reply`. Nothing while the server answers in place.
// A request with secrets is only believed to have moved within its host: a redirect must not carry them elsewhere.
std::optional<Move> observe_move(const std::optional<Move>& known, const std::string& source, const HttpRequest& asked,
                                 const HttpReply& reply, Time now);

// The request as it should go out: to the new address once the move is believed.
HttpRequest follow_move(const std::optional<Move>& known, HttpRequest request);

}  // namespace vigie
