// Where the team moderates: what waits, the next deadline first whatever its rating; one review whole with its history
// and the acts on it; reports, objections, improvements. And the same for programs below /api/v1/reviews.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "console/review_desk.h"
#include "console/view.h"
#include "store/store.h"

namespace vigie {

bool is_reviews_path(std::string_view path);  // /reviews and below
bool is_reviews_api(std::string_view path);   // /api/v1/reviews and below

// Nothing when there is no such page. `preview`: a mask to be looked at before it is carried out.
Result<std::optional<std::string>> reviews_page(const ConsoleView& view, Store& store,
                                                const std::optional<ReviewOrder>& preview = std::nullopt);

// What a form asks for; nothing when the path takes no form. bad_data: the form says what it cannot.
Result<std::optional<ReviewOrder>> order_of_form(const ConsoleView& view, Store& store);
bool wants_preview(const ServerRequest& request);
std::string back_from(const ServerRequest& request, const ReviewOrder& order);  // the page to go back to

// Body of GET: the queue, or one review. Nothing when there is none.
Result<std::optional<std::string>> reviews_json(const ServerRequest& request, Store& store);
// POST /api/v1/reviews/{brand}/{number}/{act} with {"code","words","text","link","hide":[],"fields":[],"who"}.
Result<std::optional<ReviewOrder>> order_of_json(const ServerRequest& request, Store& store);

}  // namespace vigie
