// What holds messages back and what was not sent: silences that somebody may end, dead messages that somebody may let
// go again or discard, endpoints that take nothing.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "console/view.h"
#include "store/store.h"

namespace vigie {

inline constexpr std::string_view kSendingPath = "/sending";

Result<std::string> sending_page(const ConsoleView& view, Store& store);

// Whether a form of the page posts to this path.
bool is_sending_form(std::string_view path);

// The address to go back to. gone: no such message; bad_data: the form says what it cannot.
Result<std::string> take_sending_form(const ServerRequest& request, Store& store, Time now);

}  // namespace vigie
