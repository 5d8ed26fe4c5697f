#include "console/reviews_pages.h"

#include <algorithm>

#include "base/number.h"
#include "base/text.h"
#include "config/names.h"
#include "store/moderation.h"
#include "store/reviews.h"

namespace vigie {
namespace {

constexpr std::string_view kPages = "/reviews", kApi = "/api/v1/reviews";
constexpr int kShown = 100, kMostWaiting = 10'000;
constexpr std::int64_t kMostPages = 1'000'000;
constexpr std::size_t kQuoted = 400;

// Reasons a person may choose, as the public rules list them; RETENTION is time's alone.
constexpr std::string_view kCodes[] = {"ILLEGAL",       "DEFAMATION",     "HATE-ABUSE",     "OFF-TOPIC",
                                       "NO-EXPERIENCE", "SPAM-PROMO",     "FAKE",           "DUPLICATE",
                                       "CONFIDENTIAL",  "UNINTELLIGIBLE", "AUTHOR-REQUEST", "COURT"};

std::vector<std::string_view> steps_of(std::string_view path, std::string_view root) {
  std::vector<std::string_view> steps;
  if (!path.starts_with(root)) return steps;
  for (const std::string_view step : split(path.substr(root.size()), '/')) {
    if (!step.empty()) steps.push_back(step);
  }
  return steps;
}

bool below(std::string_view path, std::string_view root) {
  return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

struct Pens {  // what every part writes with
  json::Writer& out;
  const Wording& w;
  const ConsoleView& view;
  std::optional<RefusedForm> refused{};  // a form that could not be carried out: it is shown as it was sent

  bool sent(std::string_view act, std::int64_t id = 0) const {
    return refused && refused->act == act && refused->id == id;
  }
};

const PersonSettings* person_named(const Settings& settings, std::string_view id) {
  for (const PersonSettings& person : settings.people) {
    if (person.id == id) return &person;
  }
  return nullptr;
}

// Who looks at the pages, as chosen in a form before; "" when nobody said.
std::string who_looks(const Settings& settings, const ServerRequest& request) {
  std::string who = request.method == "POST" ? request.form("who") : std::string(request.param("who"));
  return person_named(settings, who) == nullptr ? "" : who;
}

// What every address of these pages carries on.
std::string carried(const ConsoleView& view) {
  const std::string who = who_looks(view.settings, view.request);
  return concat("lang=", view.wording.language(), who.empty() ? "" : "&who=", url_encode(who));
}

std::string href_of(const ConsoleView& view, const std::string& brand, std::int64_t number) {
  return concat(kPages, "/", url_encode(brand), "/", std::to_string(number), "?", carried(view));
}

// What is wrong with a form, in the reader's words: an error begins with the field it is about.
std::string fault_in_words(const Wording& w, std::string_view what) {
  const std::string field(what.substr(0, what.find(':')));
  const std::string words = w.name("fault", field);
  return words == field ? w.say("refused.data", {{"why", std::string(what)}}) : words;
}

// Beside the form that was refused: what is wrong, and under `typed` what was written there.
void write_fault(const Pens& pens, std::string_view act, std::initializer_list<std::string_view> names,
                 std::int64_t id = 0) {
  const bool sent = pens.sent(act, id);
  if (sent) pens.out.member("fault", fault_in_words(pens.w, pens.refused->what));
  pens.out.key("typed").begin_object();
  for (const std::string_view name : names)
    pens.out.member(name, sent ? to_valid_utf8(pens.view.request.form(name)) : std::string());
  pens.out.end_object();
}

void write_codes(const Pens& pens, std::string_view chosen) {
  pens.out.key("codes").begin_array();
  for (const std::string_view code : kCodes) {
    pens.out.begin_object().member("value", code).member("text", concat(code, ": ", pens.w.name("code", code)));
    pens.out.key("chosen").boolean(code == chosen).end_object();
  }
  pens.out.end_array();
}

std::string ago(const ConsoleView& view, Time time) { return view.wording.ago(time, view.now); }

void write_marks(const Pens& pens, const std::vector<std::string>& marks) {
  pens.out.key("marks").begin_array();
  for (const std::string& mark : marks) pens.out.string(pens.w.name("mark", mark));
  pens.out.end_array();
}

// The version that waits, else the newest.
const ReviewVersion& at_hand(const Review& review) {
  const ReviewVersion* first = nullptr;
  for (const ReviewVersion& version : review.versions) {
    if (version.state == ReviewState::waiting && (first == nullptr || version.deadline < first->deadline))
      first = &version;
  }
  return first == nullptr ? review.newest() : *first;
}

void write_row(const Pens& pens, const Review& review) {
  const Wording& w = pens.w;
  const ReviewVersion& version = at_hand(review);
  pens.out.begin_object().member("href", href_of(pens.view, review.brand, review.leaf));
  pens.out.member("name", w.say("queue.review", {{"number", std::to_string(review.leaf)},
                                                 {"brand", pens.view.brand_name(review.brand)}}));
  pens.out.member("state", w.name("state", to_text(version.state)));
  if (version.state == ReviewState::waiting) {
    pens.out.key("deadline").begin_object();
    pens.out.member("text", w.say("queue.deadline", {{"when", ago(pens.view, version.deadline)}}));
    pens.out.member("iso", format_rfc3339(version.deadline)).end_object();
  }
  pens.out.member("received", w.say("queue.received", {{"when", ago(pens.view, review.received)}}));
  pens.out.member("by", w.say("queue.by", {{"channel", w.name("channel", review.channel)}}));
  if (review.versions.size() > 1) pens.out.member("version", w.say("queue.version"));
  pens.out.member_if("lang", review.lang);
  const std::string text = shorten(version.values[kText], kQuoted);
  pens.out.member("text", trim(text).empty() ? w.say("queue.no_text") : text);
  write_marks(pens, review.marks);
  pens.out.end_object();
}

struct Queue {
  std::vector<Review> reviews;
  std::int64_t total = 0;
};

// One page of them, from 1.
Result<Queue> queue(Store& store, bool all, const std::string& brand, std::int64_t page) {
  ReviewFilter filter;
  filter.brand = brand;
  filter.undecided = !all;
  const std::int64_t skipped = (page - 1) * kShown;
  Queue found;
  if (all) {
    filter.limit = kShown;
    filter.offset = static_cast<int>(skipped);
    TRY(found.reviews, store.reviews().reviews(filter));
    TRY(found.total, store.reviews().count(filter));
    return found;
  }
  filter.limit = kMostWaiting;
  TRY(std::vector<Review> waiting, store.reviews().reviews(filter));
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const Review& a, const Review& b) { return at_hand(a).deadline < at_hand(b).deadline; });
  found.total = static_cast<std::int64_t>(waiting.size());
  for (std::int64_t i = skipped; i < std::min(found.total, skipped + kShown); ++i)
    found.reviews.push_back(std::move(waiting[static_cast<std::size_t>(i)]));
  return found;
}

std::int64_t page_in(const ServerRequest& request) {
  return std::clamp<std::int64_t>(whole_number(request.param("page")).value_or(1), 1, kMostPages);
}

// Somebody who did not decide, for a second look.
std::string somebody_else(const Settings& settings, const std::string& who) {
  for (const PersonSettings& person : settings.people) {
    if (person.id != who) return person.name.empty() ? person.id : person.name;
  }
  return "";
}

Result<void> write_notices(const Pens& pens, const std::vector<Notice>& notices, Store& store) {
  const Wording& w = pens.w;
  pens.out.key("notices").begin_array();
  for (const Notice& notice : notices) {
    TRY(const std::optional<Review> review, store.reviews().review(notice.review));
    const ReviewVersion* shown = review ? review->shown() : nullptr;
    pens.out.begin_object().key("id").integer(notice.id).member("kind", w.say(concat("notice.kind.", notice.kind)));
    pens.out.member("action", concat(kPages, "/notices/", std::to_string(notice.id)));
    pens.out.member("name", w.say("queue.review", {{"number", std::to_string(notice.ref)},
                                                   {"brand", pens.view.brand_name(notice.brand)}}));
    pens.out.member("href", href_of(pens.view, notice.brand, notice.ref)).member("reason", notice.reason);
    if (!notice.code.empty()) pens.out.member("code", w.name("code", notice.code));
    pens.out.member("from", w.say("notice.from", {{"name", notice.name}, {"mail", notice.mail}}));
    pens.out.member("received", w.say("queue.received", {{"when", ago(pens.view, notice.at)}}));
    pens.out.key("waits").boolean(notice.outcome.empty());
    if (!notice.outcome.empty()) pens.out.member("outcome", w.say(concat("status.", notice.outcome)));
    pens.out.member_if("words", notice.words);
    if (shown != nullptr) {
      pens.out.member("text", shorten(shown->values[kText], kQuoted)).key("mask").begin_object();
      pens.out.key("has_author").boolean(!shown->values[kAuthor].empty()).member("author", shown->values[kAuthor]);
      pens.out.key("hides_author").boolean(pens.sent("notices", notice.id) && pens.view.request.form("field-author") == "1");
      pens.out.end_object();
    }
    write_fault(pens, "notices", {"words", "hide"}, notice.id);
    write_codes(pens, pens.sent("notices", notice.id) ? pens.view.request.form("code") : notice.code);
    pens.out.end_object();
  }
  pens.out.end_array();
  return {};
}

Result<void> write_appeals(const Pens& pens, const std::vector<Appeal>& appeals, Store& store) {
  const Wording& w = pens.w;
  pens.out.key("appeals").begin_array();
  for (const Appeal& appeal : appeals) {
    TRY(const std::optional<Review> review, store.reviews().review(appeal.review));
    if (!review) continue;
    const std::string other = somebody_else(pens.view.settings, appeal.decided_by);
    pens.out.begin_object().member("action", concat(kPages, "/appeals/", std::to_string(appeal.id)));
    pens.out.member("name", w.say("queue.review", {{"number", std::to_string(review->leaf)},
                                                   {"brand", pens.view.brand_name(review->brand)}}));
    pens.out.member("href", href_of(pens.view, review->brand, review->leaf)).member("words", appeal.words);
    pens.out.member("received", w.say("queue.received", {{"when", ago(pens.view, appeal.at)}}));
    pens.out.member("who", other.empty() || appeal.decided_by.empty()
                               ? w.say("queue.appeal_nobody")
                               : w.say("queue.appeal_by", {{"who", appeal.decided_by}, {"other", other}}));
    write_fault(pens, "appeals", {"words"}, appeal.id);
    pens.out.key("id").integer(appeal.id).end_object();
  }
  pens.out.end_array();
  return {};
}

Result<void> write_improvements(const Pens& pens, Store& store) {
  const Wording& w = pens.w;
  pens.out.key("improvements").begin_array();
  for (const BrandSettings& brand : pens.view.settings.brands) {
    TRY(const std::vector<Improvement> found, store.moderation().improvements(brand.id, kShown));
    for (const Improvement& one : found) {
      std::string refs;
      for (const std::int64_t ref : one.refs) refs += concat(refs.empty() ? "" : ", ", std::to_string(ref));
      pens.out.begin_object().member("title", one.title()).member_if("words", one.words());
      pens.out.member("brand", brand.name).member("state", w.say(concat("improvement.state.", to_text(one.state))));
      pens.out.member("after", w.say("improvement.after", {{"refs", refs}}));
      if (one.asked > 0) {
        pens.out.member("answers", w.say("improvement.answers", {{"worked", w.number(one.worked)},
                                                                 {"did_not", w.number(one.did_not)},
                                                                 {"asked", w.number(one.asked)}}));
      }
      pens.out.key("id").integer(one.id).member("action", concat(kPages, "/improvements/", std::to_string(one.id)));
      write_fault(pens, "improvements", {"words"}, one.id);
      pens.out.key("steps").begin_array();
      for (const ImprovementState state :
           {ImprovementState::doing, ImprovementState::done, ImprovementState::measured}) {
        const bool allowed =
            state > one.state && (state <= ImprovementState::done || one.state >= ImprovementState::done);
        if (!allowed) continue;
        pens.out.begin_object().member("value", to_text(state));
        pens.out.member("text", w.say(concat("improvement.state.", to_text(state)))).end_object();
      }
      pens.out.end_array().end_object();
    }
  }
  pens.out.end_array();
  return {};
}

void begin(const Pens& pens) {
  pens.out.begin_object().key("t").value(pens.w.catalogue()).member("lang", pens.w.language());
  const std::string lang = carried(pens.view), who = who_looks(pens.view.settings, pens.view.request);
  pens.out.member("home", pens.view.home()).member("waiting_href", concat(kPages, "?", lang));
  pens.out.member("all_href", concat(kPages, "?view=all&", lang));
  pens.out.member("improvements_href", concat(kPages, "?view=improvements&", lang));
  pens.out.key("has_people").boolean(!pens.view.settings.people.empty()).key("people").begin_array();
  for (const PersonSettings& person : pens.view.settings.people) {
    pens.out.begin_object().member("id", person.id).member("name", person.name.empty() ? person.id : person.name);
    pens.out.key("chosen").boolean(person.id == who).end_object();
  }
  pens.out.end_array();
}

Result<std::string> queue_page(const Pens& pens, Store& store) {
  const std::string_view which = pens.view.request.param("view");
  const bool all = which == "all", improvements = which == "improvements";
  begin(pens);
  pens.out.member("title", pens.w.say(all ? "queue.all" : improvements ? "improvement.heading" : "queue.heading"));
  pens.out.key("is_queue").boolean(!all && !improvements).key("is_all").boolean(all);
  pens.out.key("is_improvements").boolean(improvements);
  if (improvements) {
    TRY(write_improvements(pens, store));
  } else {
    const std::string brand(pens.view.request.param("brand"));
    const std::int64_t page = page_in(pens.view.request);
    TRY(const Queue found, queue(store, all, brand, page));
    pens.out.member("count", pens.w.count(all ? "queue.all_count" : "queue.count", found.total));
    pens.out.key("has_reviews").boolean(!found.reviews.empty()).key("reviews").begin_array();
    for (const Review& review : found.reviews) write_row(pens, review);
    pens.out.end_array();
    const std::int64_t last = (found.total + kShown - 1) / kShown;
    if (last > 1) {
      const auto href = [&](std::int64_t to) {
        return concat(kPages, "?", all ? "view=all&" : "", brand.empty() ? "" : "brand=", url_encode(brand),
                      brand.empty() ? "" : "&", "page=", std::to_string(to), "&", carried(pens.view));
      };
      pens.out.key("pages").begin_object();
      pens.out.member("where", pens.w.say("queue.page", {{"page", pens.w.number(page)}, {"last", pens.w.number(last)}}));
      if (page > 1) pens.out.member("previous", href(std::min(page - 1, last)));
      if (page < last) pens.out.member("next", href(page + 1));
      pens.out.end_object();
    }
    if (!all) {
      TRY(const std::vector<Notice> notices, store.moderation().notices(true, kShown));
      TRY(write_notices(pens, notices, store));
      TRY(const std::vector<Appeal> appeals, store.moderation().appeals(true, kShown));
      TRY(write_appeals(pens, appeals, store));
    }
  }
  pens.out.end_object();
  return fill_template("console/assets/reviews.mustache", pens.out);
}

// --- one review

std::string join_fields(unsigned masked, const Wording& w) {
  std::string out;
  for (std::size_t i = 0; i < kReviewFields; ++i) {
    if (masked & (1u << i)) out += concat(out.empty() ? "" : ", ", w.name("field", kReviewFieldNames[i]));
  }
  return out;
}

void write_version(const Pens& pens, const Review& review, const ReviewVersion& version) {
  const Wording& w = pens.w;
  pens.out.begin_object();
  pens.out.member("heading", w.say("review.version", {{"leaf", std::to_string(version.leaf)},
                                                      {"time", w.date_time(version.at)},
                                                      {"state", w.name("state", to_text(version.state))}}));
  if (!version.code.empty()) pens.out.member("code", concat(version.code, ": ", w.name("code", version.code)));
  if (version.state == ReviewState::waiting)
    pens.out.member("deadline", w.say("review.deadline", {{"time", w.date_time(version.deadline)}}));
  pens.out.member("rating", version.rating ? w.say("review.rating", {{"value", std::to_string(*version.rating)},
                                                                     {"scale", review.scale}})
                                           : w.say("review.no_rating"));
  pens.out.member("text", version.values[kText]).member_if("masked_text", version.masked_text);
  pens.out.member_if("masked", join_fields(version.masked, w)).member_if("lang", review.lang);
  pens.out.key("fields").begin_array();
  for (std::size_t i = 1; i < kReviewFields; ++i) {
    if (version.values[i].empty()) continue;
    pens.out.begin_object().member("name", w.name("field", kReviewFieldNames[i])).member("value", version.values[i]);
    pens.out.end_object();
  }
  pens.out.end_array().end_object();
}

void write_acts(const Pens& pens, const std::vector<ReviewAct>& acts) {
  const Wording& w = pens.w;
  pens.out.key("history").begin_array();
  for (const ReviewAct& act : acts) {
    pens.out.begin_object().member("what", w.name("act", act.act)).member("by", w.say(concat("review.by.", act.by)));
    pens.out.member_if("who", act.who).member("time", w.date_time(act.at)).key("leaf").integer(act.leaf);
    if (!act.code.empty()) pens.out.member("code", w.name("code", act.code));
    pens.out.member_if("words", act.words).end_object();
  }
  pens.out.end_array();
}

Result<void> write_mask(const Pens& pens, const Review& review, const ReviewVersion& version, Store& store,
                        const std::optional<ReviewOrder>& preview) {
  const bool sent = preview.has_value() || pens.sent("mask");
  TRY(const std::vector<ReviewCheck> checks, store.moderation().checks(review.id));
  pens.out.key("mask").begin_object();
  write_fault(pens, "mask", {});
  pens.out.member("words", sent ? to_valid_utf8(pens.view.request.form("hide")) : "");
  pens.out.key("spans").begin_array();
  for (const ReviewCheck& check : checks) {
    if (check.version != version.leaf) continue;
    for (std::size_t i = 0; i < check.spans.size(); ++i) {
      const FoundSpan& span = check.spans[i];
      const std::string& value = version.values[span.field];
      if (span.to > value.size()) continue;
      const std::string name = concat("span", std::to_string(i));
      pens.out.begin_object().member("name", name).key("chosen").boolean(!sent || pens.view.request.form(name) == "1");
      pens.out.member("text", value.substr(span.from, span.to - span.from));
      pens.out.member("field", pens.w.name("field", kReviewFieldNames[span.field])).end_object();
    }
  }
  pens.out.end_array().key("fields").begin_array();
  for (const ReviewField field : {kAuthor, kPlace, kOrder}) {
    if (version.values[field].empty()) continue;
    pens.out.begin_object().member("name", kReviewFieldNames[field]);
    const std::string name = concat("field-", kReviewFieldNames[field]);
    pens.out.key("chosen").boolean(sent && pens.view.request.form(name) == "1");
    pens.out.member("label",
                    concat(pens.w.say("review.mask_field"), pens.w.say("colon"), pens.w.name("field", kReviewFieldNames[field])));
    pens.out.end_object();
  }
  pens.out.end_array();
  if (preview) {
    pens.out.key("previewed").begin_object();
    pens.out.member("text", blacked_out(kText, version.values[kText], preview->spans));
    pens.out.member_if("hidden", join_fields(preview->fields, pens.w)).end_object();
  }
  pens.out.end_object();
  return {};
}

void write_decisions(const Pens& pens, const Review& review, const ReviewVersion& version) {
  const Wording& w = pens.w;
  const bool over = is_over(review.state), waits = version.state == ReviewState::waiting;
  const bool shown = version.state == ReviewState::published;
  const bool withheld = version.state == ReviewState::refused || version.state == ReviewState::hidden;
  pens.out.key("can_decide").boolean(!over);
  pens.out.key("can_publish").boolean(!over && waits).key("can_restore").boolean(!over && withheld);
  pens.out.key("can_lift").boolean(!over && shown && version.masked != 0);
  pens.out.key("can_mask").boolean(!over && (waits || shown) && !version.keys[kText].empty());
  for (const std::string_view act : {"publish", "restore"}) {
    if (pens.sent(act)) pens.out.member("act_fault", fault_in_words(w, pens.refused->what));
  }
  if (!over && (waits || shown)) {
    const std::string_view act = waits ? "refuse" : "hide";
    pens.out.key("withhold").begin_object().member("act", act);
    pens.out.member("name", w.say(waits ? "review.refuse" : "review.hide"));
    write_fault(pens, act, {"words"});
    pens.out.key("by_court").boolean(pens.sent(act) && pens.view.request.form("court") == "1");
    write_codes(pens, pens.sent(act) ? pens.view.request.form("code") : std::string());
    pens.out.end_object();
  }
  const bool reached = !review.contact.empty() || !review.receipt.empty();
  pens.out.member("told", w.say(!reached                 ? "review.nobody"
                                : review.contact.empty() ? "review.no_contact"
                                                         : "review.contact"));
  pens.out.key("reached").boolean(reached);
}

Result<void> write_answer(const Pens& pens, const Review& review, Store& store) {
  TRY(const std::optional<Reply> reply, store.moderation().reply_to(review.id));
  if (reply) {
    pens.out.key("reply").begin_object().member("text", reply->text()).member("author", reply->author());
    pens.out.member("time", pens.w.say("review.replied", {{"time", pens.w.date_time(reply->at)}}));
    pens.out.member_if("link", reply->link()).end_object();
  }
  if (review.shown() != nullptr) {
    pens.out.key("can_reply").begin_object();
    write_fault(pens, "reply", {"text", "link"});
    pens.out.end_object();
  }
  if (!is_over(review.state)) {
    pens.out.key("can_improve").begin_object();
    write_fault(pens, "improve", {"title", "words", "refs"});
    const std::string chosen = pens.sent("improve") ? pens.view.request.form("theme") : std::string();
    pens.out.key("themes").begin_array();
    for (const std::string& theme : pens.view.themes) {
      pens.out.begin_object().member("id", theme).member("name", pens.view.wording.name("themes", theme));
      pens.out.key("chosen").boolean(theme == chosen).end_object();
    }
    pens.out.end_array();
    pens.out.end_object();
  }
  TRY(const std::vector<Improvement> improvements, store.moderation().improvements_of(review.id));
  pens.out.key("led_to").begin_array();
  for (const Improvement& one : improvements) {
    pens.out.begin_object().member("title", one.title());
    pens.out.member("state", pens.w.say(concat("improvement.state.", to_text(one.state)))).end_object();
  }
  pens.out.end_array();
  return {};
}

Result<std::optional<std::string>> review_page(const Pens& pens, Store& store, const std::string& brand,
                                               std::int64_t number, const std::optional<ReviewOrder>& preview) {
  TRY(const std::optional<Review> review, store.reviews().review_at(brand, number));
  if (!review) return std::nullopt;
  const Wording& w = pens.w;
  begin(pens);
  pens.out.member("title",
                  w.say("review.of", {{"brand", pens.view.brand_name(brand)}, {"number", std::to_string(number)}}));
  pens.out.member("action", concat(kPages, "/", url_encode(brand), "/", std::to_string(number), "/act"));
  pens.out.member("wall",
                  concat(pens.view.settings.serve.public_url, "/wall/", brand, "?review=", std::to_string(number)));
  pens.out.key("on_wall").boolean(review->shown() != nullptr);
  pens.out.member("state", w.name("state", to_text(review->state)));
  pens.out.member("received", w.say("review.received", {{"time", w.date_time(review->received)},
                                                        {"channel", w.name("channel", review->channel)}}));
  write_marks(pens, review->marks);
  pens.out.key("has_marks").boolean(!review->marks.empty());
  pens.out.key("versions").begin_array();
  for (auto version = review->versions.rbegin(); version != review->versions.rend(); ++version)
    write_version(pens, *review, *version);
  pens.out.end_array();
  const ReviewVersion& version = at_hand(*review);
  write_decisions(pens, *review, version);
  TRY(write_mask(pens, *review, version, store, preview));
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(review->id));
  write_acts(pens, acts);
  TRY(write_answer(pens, *review, store));
  TRY(const std::vector<Notice> notices, store.moderation().notices_of(review->id));
  TRY(write_notices(pens, notices, store));
  pens.out.key("has_notices").boolean(!notices.empty());
  pens.out.end_object();
  TRY(std::string body, fill_template("console/assets/review.mustache", pens.out));
  return body;
}

// --- orders

// Spans ticked (spanN), words written (one a line), whole fields (field-NAME).
Result<void> read_mask(const std::function<bool(const std::string&)>& ticked, const std::vector<std::string>& hide,
                       const Review& review, const ReviewVersion& version, Store& store, ReviewOrder& order) {
  order.version = version.leaf;  // places are those of its text
  TRY(const std::vector<ReviewCheck> checks, store.moderation().checks(review.id));
  for (const ReviewCheck& check : checks) {
    if (check.version != version.leaf) continue;
    for (std::size_t i = 0; i < check.spans.size(); ++i) {
      if (!ticked(concat("span", std::to_string(i)))) continue;
      if (check.spans[i].field == kText)
        order.spans.push_back(check.spans[i]);
      else
        order.fields |= 1u << check.spans[i].field;
    }
  }
  for (const std::string& words : hide) {
    const std::string wanted(trim(words));
    if (wanted.empty()) continue;
    const std::vector<FoundSpan> places = places_of(kText, version.values[kText], wanted);
    if (places.empty()) return fail(ErrorKind::bad_data, concat("hide: the text has no \"", wanted, "\""));
    order.spans.insert(order.spans.end(), places.begin(), places.end());
  }
  for (const ReviewField field : {kAuthor, kPlace, kOrder}) {
    if (ticked(concat("field-", kReviewFieldNames[field]))) order.fields |= 1u << field;
  }
  return {};
}

std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<std::int64_t> numbers;
  std::string digits;
  for (const char c : concat(text, " ")) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (!digits.empty()) {
      if (const auto number = whole_number(digits)) numbers.push_back(*number);
      digits.clear();
    }
  }
  return numbers;
}

std::optional<std::int64_t> number_in(std::string_view step) {
  const auto number = whole_number(step);
  return number && *number >= 0 ? number : std::nullopt;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(trim(line));
  return lines;
}

std::string person_in(const ConsoleView& view) {
  const std::string who = who_looks(view.settings, view.request);
  return who.empty() ? "console" : who;
}

// The source that it was collected from, the survey that asked for it: ids for programs, names for people.
void write_whence(json::Writer& out, const Settings& settings, const Review& review) {
  if (review.channel == "import")
    out.member("source", review.source).member("source_name", source_name(settings, review.source));
  for (const SurveySettings& survey : settings.surveys) {
    if (survey.id == review.survey) out.member("survey", survey.id).member("survey_name", survey_name(survey));
  }
}

}  // namespace

bool is_reviews_path(std::string_view path) { return below(path, kPages); }
bool is_reviews_api(std::string_view path) { return below(path, kApi); }

Result<std::optional<std::string>> reviews_page(const ConsoleView& view, Store& store,
                                                const std::optional<ReviewOrder>& preview,
                                                const std::optional<RefusedForm>& refused) {
  TRY(const Wording w, Wording::load("moderation", view.wording.language()));
  json::Writer out;
  const Pens pens{out, w, view, refused};
  const std::vector<std::string_view> steps = steps_of(view.request.path, kPages);
  std::optional<std::string> body;
  std::string title = w.say("queue.title");
  if (steps.empty()) {
    TRY(body, queue_page(pens, store));
  } else if (steps.size() >= 2) {
    const auto number = number_in(steps[1]);
    if (!number) return std::nullopt;
    TRY(body, review_page(pens, store, std::string(steps[0]), *number, preview));
    title = w.say("review.title", {{"number", std::string(steps[1])}});
  }
  if (!body) return std::nullopt;
  TRY(std::string framed, console_frame(view, title, *body, true));
  return framed;
}

bool wants_preview(const ServerRequest& request) { return request.form("preview") == "1"; }

Result<std::optional<ReviewOrder>> order_of_form(const ConsoleView& view, Store& store) {
  const ServerRequest& request = view.request;
  const std::vector<std::string_view> steps = steps_of(request.path, kPages);
  ReviewOrder order;
  order.who = person_in(view);
  order.code = request.form("code");
  order.words = request.form("words");
  order.text = request.form("text");
  order.link = request.form("link");
  if (steps.size() == 2) {
    const auto id = number_in(steps[1]);
    const bool accepts = request.form("answer") == "accept";
    if (!id) return std::nullopt;
    order.id = *id;
    if (steps[0] == "notices" && request.form("answer") == "mask") {
      order.act = "mask-notice";
      TRY(const std::optional<Notice> notice, store.moderation().notice(*id));
      if (!notice) return std::nullopt;
      TRY(const std::optional<Review> review, store.reviews().review(notice->review));
      if (review && review->shown() != nullptr) {
        TRY(read_mask([&](const std::string& name) { return name == "field-author" && request.form(name) == "1"; },
                      lines_of(request.form("hide")), *review, *review->shown(), store, order));
      }
    } else if (steps[0] == "notices")
      order.act = accepts ? "accept-notice" : "reject-notice";
    else if (steps[0] == "appeals")
      order.act = accepts ? "accept-appeal" : "reject-appeal";
    else if (steps[0] == "improvements")
      order.act = "step";
    else
      return std::nullopt;
    order.state = request.form("state");
    return order;
  }
  if (steps.size() != 3 || steps[2] != "act") return std::nullopt;
  const auto number = number_in(steps[1]);
  if (!number) return std::nullopt;
  order.brand = steps[0];
  order.number = *number;
  order.act = request.form("act");
  order.court = request.form("court");
  TRY(const std::optional<Review> review, store.reviews().review_at(order.brand, order.number));
  if (!review) return std::nullopt;
  if (order.act == "mask") {
    TRY(read_mask([&](const std::string& name) { return request.form(name) == "1"; }, lines_of(request.form("hide")), *review,
                  at_hand(*review), store, order));
  }
  if (order.act == "improve") {
    order.title = request.form("title");
    order.theme = trim(request.form("theme"));
    order.refs = numbers_in(request.form("refs"));
    order.refs.push_back(order.number);
  }
  return order;
}

std::string back_from(const ConsoleView& view, const ReviewOrder& order) {
  if (order.act == "step") return concat(kPages, "?view=improvements&", carried(view));
  if (order.number < 0) return concat(kPages, "?", carried(view));
  return concat(href_of(view, order.brand, order.number), "#history");
}

Result<std::optional<std::string>> refused_form_page(const ConsoleView& view, Store& store, const Error& why) {
  const std::vector<std::string_view> steps = steps_of(view.request.path, kPages);
  ServerRequest page = view.request;
  RefusedForm refused;
  refused.what = why.what;
  if (steps.size() == 2) {
    refused.act = steps[0];
    refused.id = number_in(steps[1]).value_or(0);
    page.path = kPages;
    page.query.clear();
    if (refused.act == "improvements") page.query.emplace_back("view", refused.act);
  } else {
    refused.act = view.request.form("act");
    page.path = page.path.substr(0, page.path.rfind('/'));
  }
  return reviews_page({view.settings, page, view.wording, view.now, view.themes}, store, std::nullopt, refused);
}

Result<std::optional<std::string>> reviews_json(const Settings& settings, const ServerRequest& request, Store& store) {
  const std::vector<std::string_view> steps = steps_of(request.path, kApi);
  json::Writer out;
  const auto write = [&](const Review& review, bool whole) {
    const ReviewVersion& version = at_hand(review);
    out.begin_object().member("brand", review.brand).key("number").integer(review.leaf);
    out.member("state", to_text(review.state)).member("received", format_rfc3339(review.received));
    out.member("channel", review.channel).member("verified", review.verified).member_if("lang", review.lang);
    write_whence(out, settings, review);
    out.key("marks").begin_array();
    for (const std::string& mark : review.marks) out.string(mark);
    out.end_array().key("versions").begin_array();
    for (const ReviewVersion& one : review.versions) {
      if (!whole && one.leaf != version.leaf) continue;
      out.begin_object()
          .key("entry")
          .integer(one.leaf)
          .member("state", to_text(one.state))
          .member("at", format_rfc3339(one.at));
      if (one.rating) out.key("rating").integer(*one.rating);
      out.member("deadline", format_rfc3339(one.deadline))
          .member_if("code", one.code)
          .member("text", one.values[kText]);
      out.member_if("shown_as", one.masked_text).end_object();
    }
    out.end_array();
  };
  if (steps.empty()) {
    TRY(const Queue found, queue(store, request.param("view") == "all", std::string(request.param("brand")),
                                 page_in(request)));
    out.begin_object().key("total").integer(found.total).key("reviews").begin_array();
    for (const Review& review : found.reviews) {
      write(review, false);
      out.end_object();
    }
    out.end_array().end_object();
    return out.take();
  }
  const auto number = steps.size() == 2 ? number_in(steps[1]) : std::nullopt;
  if (!number) return std::nullopt;
  TRY(const std::optional<Review> review, store.reviews().review_at(std::string(steps[0]), *number));
  if (!review) return std::nullopt;
  write(*review, true);
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(review->id));
  out.key("history").begin_array();
  for (const ReviewAct& act : acts) {
    out.begin_object().member("act", act.act).member("at", format_rfc3339(act.at)).member("by", act.by);
    out.member_if("who", act.who).member_if("code", act.code).member_if("words", act.words);
    out.key("entry").integer(act.leaf).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

Result<std::optional<ReviewOrder>> order_of_json(const ServerRequest& request, Store& store) {
  const std::vector<std::string_view> steps = steps_of(request.path, kApi);
  const auto number = steps.size() == 3 ? number_in(steps[1]) : std::nullopt;
  constexpr std::string_view kActs[] = {"publish", "refuse", "mask", "hide", "restore", "reply", "unreply", "improve"};
  if (!number || std::find(std::begin(kActs), std::end(kActs), steps[2]) == std::end(kActs)) return std::nullopt;
  TRY(const json::Document body,
      json::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body)));
  if (body.duplicate_keys() > 0) return fail(ErrorKind::bad_data, "expected each name once");
  const json::Value said = body.root();
  ReviewOrder order;
  order.act = steps[2];
  order.brand = steps[0];
  order.number = *number;
  order.code = said.text_or("code", "");
  order.words = said.text_or("words", "");
  order.text = said.text_or("text", "");
  order.link = said.text_or("link", "");
  order.title = said.text_or("title", "");
  order.theme = said.text_or("theme", "");
  order.who = said.text_or("who", "api");
  TRY(const std::optional<Review> review, store.reviews().review_at(order.brand, order.number));
  if (!review) return std::nullopt;
  const auto list = [&](std::string_view name) {
    std::vector<std::string> items;
    const json::Value values = said.find(name);
    for (std::size_t i = 0; i < values.size(); ++i) items.emplace_back(values[i].raw());
    return items;
  };
  if (order.act == "mask") {
    const std::vector<std::string> fields = list("fields");
    const bool found = said.boolean_or("found", false);  // what the checks found
    TRY(read_mask(
        [&](const std::string& name) {
          if (name.starts_with("span")) return found;
          return std::find(fields.begin(), fields.end(), name.substr(std::string_view("field-").size())) !=
                 fields.end();
        },
        list("hide"), *review, at_hand(*review), store, order));
  }
  if (order.act == "improve") {
    for (const std::string& ref : list("refs")) {
      if (const auto one = number_in(ref)) order.refs.push_back(*one);
    }
    order.refs.push_back(order.number);
  }
  return order;
}

}  // namespace vigie
