// The small form under a mention by which a person confirms or corrects its label, and what becomes of it.

#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "console/view.h"

namespace vigie {

// Path and query of a request, as a link on our own pages; what names no page of ours gives "/".
std::string own_address(const ServerRequest& request);

// Member "label_form" of a mention already begun.
void write_label_form(json::Writer& out, const StoredMention& stored, const ConsoleView& view);

// The number in /mentions/12/label; nothing for any other path.
std::optional<std::int64_t> label_form_of(std::string_view path);

// Takes what the form says, and answers with the address to go back to. bad_data when it asks for no label there is,
// gone when there is no such mention.
Result<std::string> take_label(const ServerRequest& request, std::int64_t seq, Store& store, Time now);

}  // namespace vigie
