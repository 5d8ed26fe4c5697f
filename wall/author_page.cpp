#include "wall/author_page.h"

#include "base/page.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/reviews.h"
#include "wall/author_frame.h"
#include "wall/log/publisher.h"
#include "wall/log_place.h"

namespace vigie {
namespace {

constexpr std::string_view kWalls = "/wall/", kReceipt = "/receipt/", kProofFile = "vigie.tlog-proof",
                           kExportFile = "review.json";
constexpr int kAtOnce = 60;  // of all addresses together, from one network
constexpr Duration kOneMore = seconds(2);

std::string base_of(const std::string& brand, const std::string& token) {
  return concat(kWalls, brand, kReceipt, token);
}

const ReviewAct* last_act(const std::vector<ReviewAct>& acts, std::int64_t version, std::string_view what) {
  for (auto act = acts.rbegin(); act != acts.rend(); ++act) {
    if (act->version == version && act->act == what) return &*act;
  }
  return nullptr;
}

// What became of one wording.
std::vector<std::string> says(const Wording& w, const Settings& settings, const ReviewVersion& version,
                              const std::vector<ReviewAct>& acts) {
  std::vector<std::string> lines;
  switch (version.state) {
    case ReviewState::waiting:
      lines.push_back(w.say("states.waiting", {{"date", w.date_time(version.deadline)}}));
      break;
    case ReviewState::published:
      lines.push_back(w.say("states.published", {{"date", w.date_time(version.published.value_or(version.at))}}));
      break;
    default: {
      const bool refused = version.state == ReviewState::refused;
      lines.push_back(w.say(refused ? "states.refused" : "states.hidden", {{"reason", w.name("codes", version.code)}}));
      const ReviewAct* act = last_act(acts, version.leaf, refused ? "refuse" : "hide");
      if (act != nullptr && !act->words.empty()) lines.push_back(w.say("states.words", {{"words", act->words}}));
      if (act != nullptr) lines.push_back(w.say(act->by == "auto" ? "states.by_program" : "states.by_person"));
      lines.push_back(settings.wall.contact.empty()
                          ? w.say("states.redress")
                          : w.say("states.redress_contact", {{"contact", settings.wall.contact}}));
    }
  }
  std::string masked;
  for (std::size_t field = 0; field < kReviewFields; ++field) {
    if ((version.masked >> field & 1u) != 0)
      masked += concat(masked.empty() ? "" : ", ", w.name("fields", kReviewFieldNames[field]));
  }
  if (!masked.empty()) lines.push_back(w.say("states.masked", {{"fields", masked}}));
  return lines;
}

// In one sentence, what the whole review is.
std::string state_sentence(const Wording& w, const Review& review) {
  switch (review.state) {
    case ReviewState::withdrawn: return w.say("states.withdrawn");
    case ReviewState::erased: return w.say("states.erased");
    case ReviewState::expired: return w.say("states.expired");
    default: return w.say(review.shown() != nullptr ? "states.on_the_wall" : "states.not_on_the_wall");
  }
}

// What its author may contest: that a wording is refused, taken off, or else shown in part. Null: nothing.
const ReviewAct* decision_on(const ReviewVersion& version, const std::vector<ReviewAct>& acts) {
  if (version.state == ReviewState::refused) return last_act(acts, version.leaf, "refuse");
  if (version.state == ReviewState::hidden) return last_act(acts, version.leaf, "hide");
  return version.masked == 0 ? nullptr : last_act(acts, version.leaf, "mask");
}

void write_versions(json::Writer& data, const Wording& w, const Settings& settings, const AuthorLinks& links,
                    const Review& review, const std::vector<ReviewAct>& acts) {
  data.key("versions").begin_array();
  for (std::size_t i = review.versions.size(); i-- > 0;) {
    const ReviewVersion& version = review.versions[i];
    data.begin_object().member("heading",
                               w.say(i == 0 ? "page.first" : "page.changed", {{"date", w.date_time(version.at)}}));
    const std::string rating = version.rating ? std::to_string(*version.rating) : "-";
    const bool destroyed = review.state == ReviewState::erased || review.state == ReviewState::expired;
    if (!destroyed) {
      data.member("facts",
                  w.say("page.facts", {{"rating", rating},
                                       {"best", review.scale.substr(review.scale.find('-') + 1)},
                                       {"when", version.values[kWhen].empty() ? "-" : version.values[kWhen]},
                                       {"author", version.values[kAuthor].empty() ? "-" : version.values[kAuthor]}}));
    }
    data.key("says").begin_array();
    if (!is_over(review.state)) {
      for (const std::string& line : says(w, settings, version, acts)) data.string(line);
    }
    data.end_array().member_if("text", version.values[kText]);
    const ReviewAct* decision = decision_on(version, acts);
    if (!is_over(review.state) && decision != nullptr) {
      const std::string contest = links.url(review.brand, {"decision", review.id, decision->number});
      data.member("contest", concat(contest, "?lang=", w.language()));
    }
    data.end_object();
  }
  data.end_array();
}

}  // namespace

AuthorPage::AuthorPage(const Settings& settings, OpenStore open, AuthorLinks links, const Clock& clock,
                       std::function<void()> acted)
    : settings_(settings),
      open_(std::move(open)),
      links_(std::move(links)),
      clock_(clock),
      acted_(std::move(acted)),
      buckets_(kAtOnce, kOneMore) {}

std::optional<ServerReply> AuthorPage::answer(const ServerRequest& request) {
  if (!request.path.starts_with(kWalls)) return std::nullopt;
  const std::string_view rest = std::string_view(request.path).substr(kWalls.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || !rest.substr(slash).starts_with(kReceipt)) return std::nullopt;
  if (const std::optional<Duration> wait = buckets_.take(visitor_network(request.remote), clock_.now())) {
    ServerReply reply = author_message(settings_, request, nullptr, 429, "often");
    reply.headers.emplace_back("Retry-After",
                               std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<seconds>(*wait).count())));
    return reply;
  }
  const std::string_view below = rest.substr(slash + kReceipt.size());
  const std::size_t end = below.find('/');
  Asked asked;
  asked.brand = find_brand(settings_, rest.substr(0, slash));
  asked.token = below.substr(0, end);
  asked.what = end == std::string_view::npos ? "" : below.substr(end + 1);
  Result<ServerReply> reply = answer(request, asked);
  return reply ? *std::move(reply) : author_failure(reply.error());
}

// One way for every address that leads nowhere, whatever is wrong with it: the store is asked, the same page is given.
Result<ServerReply> AuthorPage::answer(const ServerRequest& request, const Asked& asked) {
  TRY(const std::unique_ptr<Store> store, open_());
  TRY(const std::optional<Review> review, store->reviews().review_of_receipt(receipt_hash(asked.token)));
  const bool known = review && asked.brand != nullptr && review->brand == asked.brand->id;
  if (!known) return author_message(settings_, request, nullptr, 404, "nothing");
  if (request.method == "POST") return act(request, asked, *review, *store);
  if (request.method != "GET") {
    ServerReply reply = author_message(settings_, request, asked.brand, 405, "method");
    reply.headers.emplace_back("Allow", "GET, HEAD, POST");
    return reply;
  }
  if (asked.what.empty()) return show(request, asked, review->id, *store, "", "");
  if (asked.what == kProofFile) return receipt(asked, *review, *store);
  if (asked.what == kExportFile) {
    TRY(const std::vector<ReviewAct> acts, store->reviews().acts(review->id));
    ServerReply reply = json_answer(200, export_review(*review, acts));
    reply.headers.emplace_back("Content-Disposition", concat("attachment; filename=\"", kExportFile, "\""));
    return reply;
  }
  return author_message(settings_, request, nullptr, 404, "nothing");
}

Result<ServerReply> AuthorPage::receipt(const Asked& asked, const Review& review, Store& store) const {
  TRY(const WallLogPlace place, wall_log_place(settings_, asked.brand->id));
  std::optional<std::string> extra;
  const ReviewVersion& first = review.versions.front();
  if (!first.keys[kText].empty()) {
    tlog::Fields fields;
    for (std::size_t i = 0; i < kReviewFields; ++i) fields[i] = {first.values[i], first.keys[i], std::nullopt};
    extra = to_json(fields);
  }
  TRY(const std::optional<std::string> text,
      tlog::receipt_of(store, place.folder, asked.brand->id, review.leaf, std::move(extra)));
  ServerReply reply =
      author_reply(text ? 200 : 503, text.value_or("no checkpoint covers it yet; ask again in a minute\n"));
  reply.content_type = "text/plain; charset=utf-8";
  if (text) reply.headers.emplace_back("Content-Disposition", concat("attachment; filename=\"", kProofFile, "\""));
  return reply;
}

Result<ServerReply> AuthorPage::act(const ServerRequest& request, const Asked& asked, const Review& review,
                                    Store& store) {
  if (!is_same_origin(request, settings_.serve.public_url))
    return author_message(settings_, request, asked.brand, 403, "origin");
  if (asked.what == "update") return update(request, asked, review, store);
  const bool withdraws = asked.what == "withdraw";
  if (!withdraws && asked.what != "erase") return author_message(settings_, request, nullptr, 404, "nothing");
  const std::string typed = request.form("secret");
  const std::optional<std::string> secret = read_secret(typed);
  const bool needed = withdraws || !trim(typed).empty();
  if (needed && !secret) return show(request, asked, review.id, store, "", "page.not_the_secret", 422);
  Book book(settings_, store, clock_);
  const Result<std::int64_t> done = withdraws ? book.withdraw(review, *secret) : book.erase(review, "gdpr", "", secret);
  if (!done && done.error().kind == ErrorKind::denied)
    return show(request, asked, review.id, store, "", "page.not_the_secret", 403);
  if (!done && done.error().kind == ErrorKind::gone) return show(request, asked, review.id, store, "page.was_over", "");
  if (!done) return fail(done.error());
  if (acted_) acted_();
  return show(request, asked, review.id, store, withdraws ? "page.withdrawn" : "page.erased", "");
}

Result<ServerReply> AuthorPage::update(const ServerRequest& request, const Asked& asked, const Review& review,
                                       Store& store) {
  SubmissionRules rules;
  rules.scale = review.scale;
  rules.needs_rating = review.versions.front().rating.has_value();
  rules.needs_when = !review.versions.front().values[kWhen].empty();
  const Checked<FilledForm> form = FilledForm::read(request);
  const Checked<NewWording> read = form ? read_update(*form, rules, clock_.now()) : tl::unexpected(form.error());
  if (!read) {
    TRY(const Wording w, author_wording(request, *asked.brand));
    return show(request, asked, review.id, store, "", fault_sentence(w, read.error()), read.error().status);
  }
  NewWording wording = *read;
  wording.values[kOrder] = review.newest().values[kOrder];  // what was bought does not change with the wording
  if (wording.values[kPlace].empty()) wording.values[kPlace] = review.newest().values[kPlace];
  const ReviewVersion& newest = review.newest();
  if (newest.rating == wording.rating && newest.values == wording.values)
    return show(request, asked, review.id, store, "page.unchanged", "");
  Book book(settings_, store, clock_);
  const Result<std::int64_t> done = book.update(review, wording.rating, wording.values);
  if (!done && done.error().kind == ErrorKind::gone) return show(request, asked, review.id, store, "page.was_over", "");
  if (!done) return fail(done.error());
  if (acted_) acted_();
  return show(request, asked, review.id, store, "page.updated", "");
}

// `problem`: a place in the catalogue, or a sentence.
Result<ServerReply> AuthorPage::show(const ServerRequest& request, const Asked& asked, std::int64_t id, Store& store,
                                     std::string_view done, std::string_view problem, int status) const {
  TRY(const std::optional<Review> review, store.reviews().review(id));
  if (!review) return fail(ErrorKind::bug, "a review is gone between two looks");
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(id));
  TRY(const Wording w, author_wording(request, *asked.brand));
  const std::string base = base_of(asked.brand->id, asked.token);
  json::Writer data;
  begin_author_page(data, w, *asked.brand, w.say("page.title", {{"brand", asked.brand->name}}), base);
  data.member("base", base);
  if (!done.empty()) data.member("done", w.say(done));
  if (!problem.empty()) data.member("problem", problem.starts_with("page.") ? w.say(problem) : std::string(problem));
  data.key("state").begin_array().string(state_sentence(w, *review)).end_array();
  if (review->shown() != nullptr)
    data.member("link",
                concat(kWalls, asked.brand->id, "?review=", std::to_string(review->leaf), "&lang=", w.language()));
  write_versions(data, w, settings_, links_, *review, acts);
  data.member("entry",
              w.say("page.entry", {{"entry", std::to_string(review->leaf)}, {"date", w.date_time(review->received)}}));
  data.member("receipt", concat(base, "/", kProofFile)).member("export", concat(base, "/", kExportFile));
  const bool destroyed = review->versions.front().keys[kText].empty();
  data.key("may_act").boolean(!destroyed).key("may_update").boolean(!is_over(review->state));
  data.member("lock", to_base64url(review->lock));
  const ReviewVersion& newest = review->newest();
  write_ratings(data, w, review->scale, newest.rating);
  data.member("current_text", newest.values[kText]).member("current_when", newest.values[kWhen]);
  data.member("current_author", newest.values[kAuthor]).end_object();
  TRY(std::string html, fill_template("wall/assets/author.mustache", data));
  return author_reply(status, std::move(html));
}

std::string export_review(const Review& review, const std::vector<ReviewAct>& acts) {
  json::Writer out;
  out.begin_object().member("brand", review.brand).key("review").integer(review.leaf);
  out.member("received", format_rfc3339(review.received)).member("state", to_text(review.state));
  out.member_if("survey", review.survey).member("origin", review.origin).member("channel", review.channel);
  out.member("scale", review.scale).member("lang", review.lang).member("incentive", review.incentive);
  out.member("verified", review.verified).member_if("contact", review.contact).key("tell").boolean(review.tell);
  out.member("lock", to_base64url(review.lock)).member("secret_by", review.secret_by);
  out.key("marks").begin_array();
  for (const std::string& mark : review.marks) out.string(mark);
  out.end_array().key("versions").begin_array();
  for (const ReviewVersion& version : review.versions) {
    out.begin_object().key("entry").integer(version.leaf).member("at", format_rfc3339(version.at));
    if (version.rating) out.key("rating").integer(*version.rating);
    out.member("state", to_text(version.state)).member("decided_by", format_rfc3339(version.deadline));
    if (version.published) out.member("published", format_rfc3339(*version.published));
    out.member_if("code", version.code).key("fields").begin_object();
    for (std::size_t field = 0; field < kReviewFields; ++field) {
      if (version.keys[field].empty()) continue;
      out.key(kReviewFieldNames[field]).begin_object().member("value", version.values[field]);
      out.member("key", to_base64url(version.keys[field])).key("masked").boolean((version.masked >> field & 1u) != 0);
      out.end_object();
    }
    out.end_object().end_object();
  }
  out.end_array().key("acts").begin_array();
  for (const ReviewAct& act : acts) {
    out.begin_object().key("entry").integer(act.leaf).member("act", act.act).member("at", format_rfc3339(act.at));
    out.member_if("code", act.code).member_if("words", act.words).member("by", act.by).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace vigie
