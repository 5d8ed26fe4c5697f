// Something to tell of a source beside whether it answers: a code, and what fills its sentence. The sentences are the
// pages' business (config/lang/console.*.json, "source.notice").

#pragma once

#include <map>
#include <string>
#include <string_view>

namespace vigie {

// Times as RFC 3339, numbers as digits: each reader's language writes them.
using NoticeSlots = std::map<std::string, std::string>;
using Notices = std::map<std::string, NoticeSlots>;  // by code

std::string to_json(const Notices& notices);
Notices notices_from_json(std::string_view text);  // anything unreadable is left out

}  // namespace vigie
