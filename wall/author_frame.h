// What the pages of authors have in common: their look, their headers, their answers in a person's or a program's
// words.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_server.h"
#include "base/json.h"
#include "base/wording.h"
#include "config/settings.h"
#include "wall/submission.h"

namespace vigie {

// The style and the script that keeps the secret; every form with a hidden field "lock" may load it.
std::string author_style();
std::string secret_script();
std::optional<ServerReply> author_asset(const ServerRequest& request);

const BrandSettings* find_brand(const Settings& settings, std::string_view id);

// In the language that the form, the address or the browser asks for.
Result<Wording> author_wording(const ServerRequest& request, const BrandSettings& brand);

// Begins the data of a page: languages, assets, the wall's address. `path`: the page's own.
void begin_author_page(json::Writer& data, const Wording& wording, const BrandSettings& brand, std::string_view title,
                       std::string_view path);
void write_ratings(json::Writer& data, const Wording& wording, std::string_view scale,
                   const std::optional<std::int64_t>& chosen);

// Never stored, never framed; its address is a key, so it is told to no other site.
ServerReply author_reply(int status, std::string html);
ServerReply author_failure(const Error& error);
// One sentence, and where to go on.
ServerReply author_message(const Settings& settings, const ServerRequest& request, const BrandSettings* brand,
                           int status, std::string_view key, std::initializer_list<Wording::Slot> slots = {});

std::string fault_sentence(const Wording& wording, const SubmissionFault& fault);

ServerReply json_answer(int status, std::string body);
ServerReply json_fault(int status, std::string_view field, std::string_view what);

}  // namespace vigie
