#include "wall/notice_pages.h"

#include <algorithm>

#include "base/json.h"
#include "base/log.h"
#include "base/page.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/frame.h"
#include "wall/log/leaf.h"
#include "wall/survey_pages.h"

namespace vigie {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr std::size_t kLongestReason = 2000, kLongestName = 100, kLongestMail = 254, kQuoted = 300, kLongestUrl = 300;
constexpr std::size_t kLeastReason = 20;  // "it is false" gives nobody anything to look at
constexpr std::size_t kTokenBytes = 16;

using Faults = std::vector<std::pair<std::string, std::string>>;  // field, key of what is wrong

struct Field {
  enum class Kind { choice, area, line, tick };
  Kind kind = Kind::line;
  std::string name, label{}, help{}, value{}, complete{};
  bool required = false, readonly = false, fault = false;
  std::vector<std::pair<std::string, std::string>> options{};
};

struct Button {
  std::string name, value, text;
};

void write(json::Writer& out, const Field& field) {
  constexpr std::string_view kKinds[] = {"choice", "area", "line", "tick"};
  out.begin_object().key(kKinds[static_cast<std::size_t>(field.kind)]).boolean(true);
  out.member("id", concat("f-", field.name)).member("name", field.name).member("label", field.label);
  out.member_if("help", field.help).member("value", field.value).member_if("complete", field.complete);
  out.key("required").boolean(field.required).key("readonly").boolean(field.readonly);
  out.key("fault").boolean(field.fault).key("chosen").boolean(field.kind == Field::Kind::tick && field.value == "1");
  out.key("options").begin_array();
  for (const auto& [value, text] : field.options) {
    out.begin_object().member("value", value).member("text", text).key("chosen").boolean(value == field.value);
    out.end_object();
  }
  out.end_array().end_object();
}

bool reads(const ServerRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

bool is_plain(std::string_view text, bool several_lines) {
  return is_valid_utf8(text) && std::none_of(text.begin(), text.end(), [&](char c) {
           const bool line = several_lines && (c == '\n' || c == '\r' || c == '\t');
           return (static_cast<unsigned char>(c) < 0x20 && !line) || c == 0x7f;
         });
}

bool is_mail(std::string_view address) {
  const std::size_t at = address.find('@');
  return address.size() <= kLongestMail && at != std::string_view::npos && at > 0 && at == address.rfind('@') &&
         address.find('.', at) != std::string_view::npos && address.back() != '.' &&
         std::all_of(address.begin(), address.end(), [](char c) {
           return c > 0x20 && c < 0x7f && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
         });
}

}  // namespace

struct NoticePages::Page {
  std::string title, done{};
  std::vector<std::string> lead{}, after{};
  std::string quoted{}, quoted_author{};
  std::vector<std::pair<std::string, std::string>> faults{};  // field, in words
  std::string action{};                                       // "" = no form
  std::vector<Field> fields{};
  std::vector<Button> buttons{};
  std::string keep{};  // an address to keep
  std::string back{};
};

std::optional<NoticePages::Place> NoticePages::place_of(const std::string& path) const {
  constexpr std::string_view kWall = "/wall/";
  if (!path.starts_with(kWall)) return std::nullopt;
  const std::vector<std::string_view> steps = split(std::string_view(path).substr(kWall.size()), '/');
  if (steps.size() < 3 || steps.size() > 4) return std::nullopt;
  Place place;
  place.what = steps[1];
  if (place.what == "report" && steps.size() == 4) {
    if (steps[2] != "status") return std::nullopt;
    place.what = "status";
  } else if (steps.size() == 4 || (place.what != "report" && place.what != "appeal" && place.what != "worked")) {
    return std::nullopt;
  }
  place.rest = steps.back();
  const auto brand = std::find_if(settings_.brands.begin(), settings_.brands.end(),
                                  [&](const BrandSettings& one) { return one.id == steps[0]; });
  if (brand == settings_.brands.end()) return std::nullopt;
  place.brand = &*brand;
  return place;
}

std::optional<ServerReply> NoticePages::answer(const ServerRequest& request) {
  const std::optional<Place> place = place_of(request.path);
  if (!place) return std::nullopt;
  const std::string asked = request.method == "POST" ? request.form("lang") : std::string(request.param("lang"));
  const auto words =
      Wording::load("moderation", choose_language(asked, request.header("Accept-Language"), place->brand->language));
  const auto done = [&]() -> Result<ServerReply> {
    TRY(const Wording said, words);
    if (!reads(request) && request.method != "POST") {
      ServerReply reply = message(405, *place, said, "method");
      reply.headers.emplace_back("Allow", "GET, HEAD, POST");
      return reply;
    }
    if (request.method == "POST" && too_many(request)) {
      ServerReply reply = message(429, *place, said, "too_many");
      reply.headers.emplace_back("Retry-After", "60");
      return reply;
    }
    TRY(const std::unique_ptr<Store> store, open_());
    if (place->what == "report") return report(request, *place, said, *store);
    if (place->what == "status") return status(*place, said, *store);
    if (place->what == "appeal") return appeal(request, *place, said, *store);
    return worked(request, *place, said, *store);
  }();
  if (done) return *done;
  if (words && done.error().kind == ErrorKind::gone) return message(404, *place, *words, "gone");
  log::error("notice", done.error().what, {{"path", request.path}});
  if (words) return message(503, *place, *words, "error");
  return ServerReply{503, "unavailable\n", "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

bool NoticePages::too_many(const ServerRequest& request) {
  return posts_.take(visitor_network(request.remote), clock_.now()).has_value();
}

Result<ServerReply> NoticePages::page(int status, const Place& place, const Wording& words, const Page& page) const {
  const std::string wall = concat("/wall/", place.brand->id);
  const std::string own =
      concat(wall, "/", place.what == "status" ? "report/status" : place.what, "/", url_encode(place.rest));
  json::Writer data;
  data.begin_object().member("lang", words.language()).member("form_lang", words.language());
  data.member("title", page.title).member("brand", place.brand->name);
  data.member("style", survey_assets()[0].path).member("icon", wall_assets()[1].path);
  data.member("wall", concat(wall, "?lang=", words.language())).member("languages_label", words.say("languages"));
  data.key("languages").begin_array();
  for (const auto& [lang, name] : {std::pair("fr", "Français"), std::pair("en", "English")}) {
    data.begin_object().member("lang", lang).member("name", name).member("href", concat(own, "?lang=", lang));
    data.key("current").boolean(words.language() == lang).end_object();
  }
  data.end_array().member_if("done", page.done).key("lead").begin_array();
  for (const std::string& line : page.lead) data.string(line);
  data.end_array();
  if (!page.quoted.empty() || !page.quoted_author.empty())
    data.key("quote").begin_object().member("text", page.quoted).member("author", page.quoted_author).end_object();
  data.key("has_faults").boolean(!page.faults.empty()).member("faults_title", words.say("report.faults"));
  data.key("faults").begin_array();
  for (const auto& [field, what] : page.faults)
    data.begin_object().member("field", concat("f-", field)).member("what", what).end_object();
  data.end_array().key("form").boolean(!page.action.empty()).member("action", page.action).key("fields").begin_array();
  for (const Field& field : page.fields) write(data, field);
  data.end_array().key("buttons").begin_array();
  for (const Button& button : page.buttons) {
    data.begin_object().member_if("name", button.name).member("value", button.value).member("text", button.text);
    data.end_object();
  }
  data.end_array().key("after").begin_array();
  for (const std::string& line : page.after) data.string(line);
  data.end_array().member_if("keep", page.keep).member("keep_label", words.say("report.keep"));
  data.member("back", page.back.empty() ? concat(wall, "?lang=", words.language()) : page.back);
  data.member("back_label", words.say(page.back.empty() ? "back_wall" : "back_review")).end_object();
  TRY(std::string body, fill_template("wall/assets/notice.mustache", data));
  ServerReply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = {{"Cache-Control", "no-store"},
                   {"Content-Language", words.language()},
                   {"Content-Security-Policy", std::string(kPolicy)},
                   {"Referrer-Policy", "no-referrer"}};
  return reply;
}

ServerReply NoticePages::message(int status, const Place& place, const Wording& words, std::string_view key) const {
  Page said;
  said.title = words.say(concat("message.", key, "_title"));
  said.lead = {words.say(concat("message.", key))};
  const auto reply = page(status, place, words, said);
  if (reply) return *reply;
  log::error("notice", reply.error().what);
  return {500, "unavailable\n", "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

// --- reporting

NoticePages::Page NoticePages::report_form(const ServerRequest& request, const Place& place, const Review& review,
                                           const Wording& words, const Faults& faults) const {
  const auto field = [&](Field::Kind kind, std::string name, bool required) {
    Field one;
    one.kind = kind;
    one.name = std::move(name);
    one.label = words.say(concat("report.", one.name));
    one.required = required;
    one.value = to_valid_utf8(request.form(one.name));
    one.fault = std::any_of(faults.begin(), faults.end(), [&](const auto& fault) { return fault.first == one.name; });
    return one;
  };
  Page form;
  form.title = words.say("report.title");
  form.lead = {words.say("report.lead"), words.say("report.not_by_itself")};
  const ReviewVersion* shown = review.shown();
  if (shown != nullptr) {
    form.quoted = shorten(shown->masked_text.empty() ? shown->values[kText] : shown->masked_text, kQuoted);
    form.quoted_author = shown->masked & (1u << kAuthor) ? "" : shown->values[kAuthor];
  }
  for (const auto& [name, key] : faults) form.faults.emplace_back(name, words.say(concat("report.fault.", key)));
  form.action = concat("/wall/", place.brand->id, "/report/", std::to_string(review.leaf));
  Field kind = field(Field::Kind::choice, "kind", true);
  kind.options = {{"illegal", words.say("report.kind_illegal")}, {"doubt", words.say("report.kind_doubt")}};
  Field code = field(Field::Kind::choice, "code", false);
  code.options.emplace_back("", words.say("report.code_none"));
  for (const std::string_view one : kReportCodes) code.options.emplace_back(one, words.name("code", one));
  Field reason = field(Field::Kind::area, "reason", true);
  reason.help = words.say("report.reason_help");
  Field url = field(Field::Kind::line, "url", true);
  url.value = concat(settings_.serve.public_url, "/wall/", place.brand->id, "?review=", std::to_string(review.leaf));
  url.readonly = true;
  Field name = field(Field::Kind::line, "name", true);
  name.complete = "name";
  Field mail = field(Field::Kind::line, "mail", true);
  mail.complete = "email";
  mail.help = words.say("report.mail_help");
  form.fields = {kind, code, reason, url, name, mail, field(Field::Kind::tick, "faith", true)};
  form.buttons = {{"", "", words.say("report.button")}};
  form.after = {words.say("report.automation"), words.say("report.privacy")};
  form.back = concat("/wall/", place.brand->id, "?review=", std::to_string(review.leaf), "&lang=", words.language());
  return form;
}

Result<ServerReply> NoticePages::report(const ServerRequest& request, const Place& place, const Wording& words,
                                        Store& store) {
  const std::optional<std::int64_t> number = tlog::from_strict_decimal(place.rest);
  if (!number) return message(404, place, words, "gone");
  TRY(const std::optional<Review> review, store.reviews().review_at(place.brand->id, *number));
  if (!review || review->shown() == nullptr) return message(404, place, words, "gone");
  if (request.method == "POST") return take_report(request, place, *review, words, store);
  return page(200, place, words, report_form(request, place, *review, words, {}));
}

Result<ServerReply> NoticePages::take_report(const ServerRequest& request, const Place& place, const Review& review,
                                             const Wording& words, Store& store) {
  Notice notice;
  notice.brand = place.brand->id;
  notice.review = review.id;
  notice.ref = review.leaf;
  notice.kind = request.form("kind");
  notice.code = request.form("code");
  notice.reason = trim(request.form("reason"));
  notice.name = trim(request.form("name"));
  notice.mail = trim(request.form("mail"));
  notice.url = concat(settings_.serve.public_url, "/wall/", place.brand->id, "?review=", std::to_string(review.leaf));
  notice.language = words.language();
  notice.at = clock_.now();
  Faults faults;
  if (notice.kind != "illegal" && notice.kind != "doubt") faults.emplace_back("kind", "kind");
  const bool known = notice.code.empty() ||
                     std::find(std::begin(kReportCodes), std::end(kReportCodes), notice.code) != std::end(kReportCodes);
  if (!known) faults.emplace_back("code", "code");
  const std::size_t length = is_plain(notice.reason, true) ? count_code_points(notice.reason) : 0;
  if (length < kLeastReason || length > kLongestReason) faults.emplace_back("reason", "reason");
  const bool named =
      is_plain(notice.name, false) && !notice.name.empty() && count_code_points(notice.name) <= kLongestName;
  if (!named) faults.emplace_back("name", "name");
  if (!is_mail(notice.mail)) faults.emplace_back("mail", "mail");
  if (request.form("faith") != "1") faults.emplace_back("faith", "faith");
  if (!faults.empty()) return page(422, place, words, report_form(request, place, review, words, faults));

  const std::string token = to_base64url(random_bytes(kTokenBytes));
  notice.status = sha256(token);
  TRY(store.moderation().add_notice(notice));
  Page done;
  done.title = words.say("report.taken_title");
  done.done = words.say("report.taken", {{"time", words.date_time(notice.at)}});
  done.lead = {words.say("report.next"), words.say("report.not_by_itself"), words.say("report.automation")};
  done.keep = concat(settings_.serve.public_url, "/wall/", place.brand->id, "/report/status/", token);
  return page(201, place, words, done);
}

Result<ServerReply> NoticePages::status(const Place& place, const Wording& words, Store& store) const {
  TRY(const std::optional<Notice> notice, store.moderation().notice_of_status(sha256(place.rest)));
  if (!notice || notice->brand != place.brand->id) return message(404, place, words, "gone");
  Page said;
  said.title = words.say("status.title");
  said.lead = {words.say("status.received", {{"time", words.date_time(notice->at)}, {"url", notice->url}})};
  if (notice->outcome.empty()) {
    said.lead.push_back(words.say("status.waits"));
  } else {
    said.done = words.say(concat("status.", notice->outcome));
    if (!notice->words.empty()) said.lead.push_back(words.say("status.why", {{"words", notice->words}}));
    said.lead.push_back(words.say("status.redress", {{"contact", settings_.wall.contact}}));
  }
  said.after = {words.say("report.automation")};
  return page(200, place, words, said);
}

// --- an author contests

// The decision that withholds a version as it stands, of its acts; null: none does.
const ReviewAct* NoticePages::standing(const Review& review, std::int64_t leaf, const std::vector<ReviewAct>& acts) {
  const auto version = std::find_if(review.versions.begin(), review.versions.end(),
                                    [&](const ReviewVersion& one) { return one.leaf == leaf; });
  if (version == review.versions.end()) return nullptr;
  const std::string_view what = version->state == ReviewState::refused  ? "refuse"
                                : version->state == ReviewState::hidden ? "hide"
                                : version->masked != 0                  ? "mask"
                                                                        : "";
  const auto last = std::find_if(acts.rbegin(), acts.rend(),
                                 [&](const ReviewAct& one) { return one.version == leaf && one.act == what; });
  return last == acts.rend() ? nullptr : &*last;
}

// Links name the decision; older ones its version, and mean the last decision on it.
Result<std::optional<NoticePages::Contested>> NoticePages::contested_by(const Place& place, Store& store) const {
  auto link = links_.read("decision", place.rest);
  const bool by_version = !link;
  if (by_version) link = links_.read("appeal", place.rest);
  if (!link) return std::nullopt;
  TRY(std::optional<Review> review, store.reviews().review(link->review));
  if (!review || review->brand != place.brand->id || is_over(review->state)) return std::nullopt;
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(review->id));
  const auto act = std::find_if(acts.rbegin(), acts.rend(), [&](const ReviewAct& one) {
    const bool withholds = one.act == "refuse" || one.act == "hide" || one.act == "mask";
    return withholds && (by_version ? one.version : one.number) == link->about;
  });
  if (act == acts.rend()) return std::nullopt;
  const ReviewAct* now = standing(*review, act->version, acts);
  Contested contested{*std::move(review), *act, now != nullptr && now->number == act->number, 0};
  if (now != nullptr && now->number > act->number) contested.later = now->number;
  return contested;
}

Result<ServerReply> NoticePages::appeal(const ServerRequest& request, const Place& place, const Wording& words,
                                        Store& store) {
  TRY(const std::optional<Contested> contested, contested_by(place, store));
  if (!contested) return message(404, place, words, "gone");
  const ReviewAct& act = contested->act;
  Page said;
  said.title = words.say("appeal.title");
  said.lead = {words.say(concat("appeal.", act.act), {{"code", words.name("code", act.code)}})};
  if (!act.words.empty()) said.lead.push_back(words.say("appeal.words", {{"words", act.words}}));
  TRY(const std::vector<Appeal> known, store.moderation().appeals_of(contested->review.id));
  const auto mine =
      std::find_if(known.rbegin(), known.rend(), [&](const Appeal& one) { return one.act == act.number; });
  if (mine != known.rend()) {
    said.done = words.say(concat("appeal.", mine->outcome.empty() ? "waits" : mine->outcome));
    if (!mine->answer.empty()) said.lead.push_back(words.say("appeal.answer", {{"words", mine->answer}}));
  } else if (!contested->stands) {
    said.done = words.say("appeal.over");
  }
  if (!said.done.empty()) {
    if (contested->later != 0) {
      const AuthorLink link{"decision", contested->review.id, contested->later};
      said.lead.push_back(words.say("appeal.later", {{"url", links_.url(place.brand->id, link)}}));
    }
    return page(200, place, words, said);
  }
  int status = 200;
  if (request.method == "POST") {
    Appeal one;
    one.review = contested->review.id;
    one.version = act.version;
    one.act = act.number;
    one.words = trim(request.form("words"));
    one.decided_by = act.who;
    one.at = clock_.now();
    if (is_plain(one.words, true) && !one.words.empty() && count_code_points(one.words) <= kLongestReason) {
      TRY(store.moderation().add_appeal(one));
      said.done = words.say("appeal.taken");
      return page(201, place, words, said);
    }
    status = 422;
    said.faults = {{"words", words.say("appeal.fault")}};
  }
  Field area;
  area.kind = Field::Kind::area;
  area.name = "words";
  area.label = words.say("appeal.label");
  area.required = true;
  area.fault = status == 422;
  said.lead.push_back(words.say(settings_.people.size() > 1 ? "appeal.lead" : "appeal.lead_alone"));
  said.fields = {area};
  said.buttons = {{"", "", words.say("appeal.button")}};
  said.action = concat("/wall/", place.brand->id, "/appeal/", place.rest);
  said.after = {words.say("appeal.elsewhere")};
  return page(status, place, words, said);
}

// --- whether it worked

Result<ServerReply> NoticePages::worked(const ServerRequest& request, const Place& place, const Wording& words,
                                        Store& store) {
  const auto link = links_.read("worked", place.rest);
  if (!link) return message(404, place, words, "gone");
  TRY(const std::optional<Improvement> improvement, store.moderation().improvement(link->about));
  if (!improvement || improvement->brand != place.brand->id) return message(404, place, words, "gone");
  Page said;
  said.title = words.say("worked.title");
  said.lead = {improvement->title()};
  if (!improvement->words().empty()) said.lead.push_back(improvement->words());
  if (request.method == "POST") {
    const std::string answer = request.form("answer");
    if (answer == "yes" || answer == "no") {
      TRY(store.moderation().answered(link->about, link->review, answer == "yes", clock_.now()));
      said.done = words.say(concat("worked.taken_", answer));
      return page(201, place, words, said);
    }
    if (answer == "stop") {
      TRY(store.moderation().stop_telling(link->review));
      said.done = words.say("worked.taken_stop");
      return page(201, place, words, said);
    }
    return message(422, place, words, "error");
  }
  said.lead.push_back(words.say("worked.lead"));
  said.buttons = {{"answer", "yes", words.say("worked.yes")},
                  {"answer", "no", words.say("worked.no")},
                  {"answer", "stop", words.say("worked.stop")}};
  said.action = concat("/wall/", place.brand->id, "/worked/", place.rest);
  said.after = {words.say("worked.shown")};
  return page(200, place, words, said);
}

}  // namespace vigie
