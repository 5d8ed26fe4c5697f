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

// A form that could not be carried out.
struct RefusedForm {
  std::string act;      // of a review; or notices appeals improvements, with
  std::int64_t id = 0;  // which
  std::string what;     // the error, which begins with the field it is about
};

// Nothing when there is no such page. `preview`: a mask to be looked at before it is carried out. `refused`: what is
// wrong stands beside its form, which keeps what was typed; the view's request is the form's, at the page's path.
Result<std::optional<std::string>> reviews_page(const ConsoleView& view, Store& store,
                                                const std::optional<ReviewOrder>& preview = std::nullopt,
                                                const std::optional<RefusedForm>& refused = std::nullopt);

// What a form asks for; nothing when the path takes no form. bad_data: the form says what it cannot.
Result<std::optional<ReviewOrder>> order_of_form(const ConsoleView& view, Store& store);
bool wants_preview(const ServerRequest& request);
std::string back_from(const ConsoleView& view, const ReviewOrder& order);  // the page to go back to
// The page of a form that could not be carried out, with the form as it was sent.
Result<std::optional<std::string>> refused_form_page(const ConsoleView& view, Store& store, const Error& why);

// Body of GET: a page of the queue with how many there are (`view=all`, `brand`, `page`), or one review. Nothing when
// there is none.
Result<std::optional<std::string>> reviews_json(const Settings& settings, const ServerRequest& request, Store& store);
// POST /api/v1/reviews/{brand}/{number}/{act} with {"code","words","text","link","hide":[],"fields":[],"who"}.
Result<std::optional<ReviewOrder>> order_of_json(const ServerRequest& request, Store& store);

}  // namespace vigie
