#include "wall/write_page.h"

#include <algorithm>

#include "base/page.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/reviews.h"
#include "wall/author_frame.h"
#include "wall/stamp.h"

namespace vigie {
namespace {

constexpr int kAtOnce = 30;  // from one network; offices and schools share one
constexpr Duration kOneMore = seconds(20);
constexpr Duration kFasterThanPeople = seconds(2);
constexpr int kBurst = 5;  // more than so many in an hour from one network are marked
constexpr Duration kBurstWithin = hours(1);
constexpr std::size_t kTellingText = 20;  // code points: shorter ones are alike by themselves
constexpr Duration kTextsOf = 90 * kDay;
constexpr std::size_t kTextsKept = 50'000;
constexpr int kTextsRead = 2'000;  // of each wall, at the start
constexpr std::size_t kTokenBytes = 16;
constexpr std::string_view kWalls = "/wall/";

SubmissionRules rules_of(const Settings& settings, const BrandSettings& brand, const std::string& lang) {
  SubmissionRules rules;
  rules.brand = brand.id;
  rules.lang = lang;
  rules.staff = settings.wall.staff;
  return rules;
}

bool sends_json(const ServerRequest& request) {
  return iequals(trim(request.header("content-type").substr(0, 16)), "application/json");
}

std::string retry_after(Duration wait) {
  return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<seconds>(wait).count()));
}

std::string filled_text(const FilledForm* form, std::string_view name) {
  return form == nullptr ? "" : form->text(name).value_or("");
}

}  // namespace

WritePage::WritePage(const Settings& settings, HandIn hand_in, const Clock& clock, std::string key)
    : settings_(settings),
      hand_in_(std::move(hand_in)),
      clock_(clock),
      key_(std::move(key)),
      buckets_(kAtOnce, kOneMore),
      networks_(kBurstWithin, kTextsKept),
      texts_(kTextsOf, kTextsKept) {}

Result<void> WritePage::remember(Store& store) {
  for (const BrandSettings& brand : settings_.brands) {
    ReviewFilter lately;
    lately.brand = brand.id;
    lately.received_from = clock_.now() - kTextsOf;
    lately.limit = kTextsRead;
    TRY(std::vector<Review> reviews, store.reviews().reviews(lately));
    std::reverse(reviews.begin(), reviews.end());
    for (const Review& review : reviews) {
      if (const std::uint64_t print = print_of(brand.id, review.versions.front().values[kText]); print != 0)
        texts_.add(print, review.received);
    }
  }
  return {};
}

// The same for texts that read the same, however they are encoded; 0: too short to tell.
std::uint64_t WritePage::print_of(const std::string& brand, const std::string& text) const {
  const std::string folded = squeeze_spaces(fold_blind(text));
  if (count_code_points(folded) < kTellingText) return 0;
  return std::max<std::uint64_t>(1, hash64(concat(brand, "\n", folded)));
}

std::optional<ServerReply> WritePage::answer(const ServerRequest& request) {
  if (std::optional<ServerReply> asset = author_asset(request)) return asset;
  if (!request.path.starts_with(kWalls)) return std::nullopt;
  const std::string_view rest = std::string_view(request.path).substr(kWalls.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view what = rest.substr(slash + 1);
  if (what != "write" && what != "reviews") return std::nullopt;
  const BrandSettings* brand = find_brand(settings_, rest.substr(0, slash));
  if (brand == nullptr) return std::nullopt;  // the wall says that there is none
  if (what == "write" && request.method == "GET") return form(request, *brand, nullptr, nullptr);
  if (what == "reviews" && request.method == "POST") return take(request, *brand);
  ServerReply reply = author_message(settings_, request, brand, 405, "method");
  reply.headers.emplace_back("Allow", what == "write" ? "GET, HEAD" : "POST");
  return reply;
}

ServerReply WritePage::form(const ServerRequest& request, const BrandSettings& brand, const FilledForm* filled,
                            const SubmissionFault* fault) const {
  const auto html = [&]() -> Result<std::string> {
    TRY(const Wording w, author_wording(request, brand));
    json::Writer data;
    begin_author_page(data, w, brand, w.say("write.title", {{"brand", brand.name}}),
                      concat(kWalls, brand.id, "/write"));
    data.member("intro", w.say("write.intro", {{"span", w.span(settings_.wall.decide_within)}}));
    data.member("after", w.say("write.after"));
    data.member("action", concat(kWalls, brand.id, "/reviews"));
    data.member("method", concat(kWalls, brand.id, "/method?lang=", w.language()));
    data.member("stamp", make_stamp(key_, clock_.now()));
    data.member("today", format_rfc3339(clock_.now()).substr(0, 10));
    data.key("has_faults").boolean(fault != nullptr).key("faults").begin_array();
    if (fault != nullptr) data.string(fault_sentence(w, *fault));
    data.end_array();
    const auto rating = filled == nullptr ? std::nullopt : filled->rating("rating", "1-5").value_or(std::nullopt);
    write_ratings(data, w, "1-5", rating);
    for (const std::string_view name : {"text", "when", "author", "contact"})
      data.member(name, filled_text(filled, name));
    data.key("tell").boolean(filled != nullptr && filled->ticked("tell"));
    data.key("experienced").boolean(filled != nullptr && filled->ticked("experienced")).end_object();
    return fill_template("wall/assets/write.mustache", data);
  }();
  return html ? author_reply(fault == nullptr ? 200 : fault->status, *html) : author_failure(html.error());
}

ServerReply WritePage::refuse(const ServerRequest& request, const BrandSettings& brand, bool json,
                              const FilledForm* filled, const SubmissionFault& fault) const {
  if (json) return json_fault(fault.status, fault.field, fault.what());
  return form(request, brand, filled, &fault);
}

ServerReply WritePage::take(const ServerRequest& request, const BrandSettings& brand) {
  const bool json = sends_json(request);
  if (!is_same_origin(request, settings_.serve.public_url)) {
    return json ? json_fault(403, "", "posted from another site")
                : author_message(settings_, request, &brand, 403, "origin");
  }
  const std::string network = visitor_network(request.remote);
  if (const std::optional<Duration> wait = buckets_.take(network, clock_.now())) {
    ServerReply reply = json ? json_fault(429, "", "too many reviews from this network; send it again later")
                             : author_message(settings_, request, &brand, 429, "often");
    reply.headers.emplace_back("Retry-After", retry_after(*wait));
    return reply;
  }
  const Checked<FilledForm> filled = FilledForm::read(request);
  if (!filled) return refuse(request, brand, json, nullptr, filled.error());
  Checked<Submission> read = read_submission(*filled, rules_of(settings_, brand, brand.language), clock_.now());
  if (!read) return refuse(request, brand, json, &*filled, read.error());

  Submission submission = *std::move(read);
  submission.channel = json ? "api" : "web";
  submission.marks = marks(request, *filled, submission);
  // The very same form sent twice, by an impatient finger or a network that failed, is one review and one address.
  const std::string stamp = filled->text("stamp").value_or("");
  std::string token = receipt_token(random_bytes(kTokenBytes));
  if (read_stamp(key_, stamp)) {
    submission.once = to_hex(sha256(request.body));
    token = receipt_token(hmac_sha256(key_, concat("page", submission.once)));
  }
  submission.receipt = receipt_hash(token);
  const Result<Answered> answered = hand_in_(submission);
  if (!answered) return not_taken(request, brand, json, answered.error());
  networks_.add(hash64(network), clock_.now());
  if (const std::uint64_t print = print_of(brand.id, submission.values[kText]); print != 0 && answered->received.fresh)
    texts_.add(print, clock_.now());
  return received(request, brand, json, submission, token, *answered);
}

// By how it came, never by what it says: a program's, a text seen before, many from one place.
std::vector<std::string> WritePage::marks(const ServerRequest& request, const FilledForm& form,
                                          const Submission& submission) {
  std::vector<std::string> marks;
  const Time now = clock_.now();
  const std::optional<Time> made = read_stamp(key_, form.text("stamp").value_or(""));
  const bool too_fast = made && now - *made < kFasterThanPeople;
  if (!form.text("website").value_or("x").empty() || too_fast || (!made && !form.is_json())) marks.emplace_back("bot");
  if (networks_.before(hash64(visitor_network(request.remote)), now) >= kBurst) marks.emplace_back("burst");
  const std::uint64_t print = print_of(submission.brand, submission.values[kText]);
  if (print != 0 && texts_.before(print, now) > 0) marks.emplace_back("duplicate");
  return marks;
}

ServerReply WritePage::not_taken(const ServerRequest& request, const BrandSettings& brand, bool json,
                                 const Error& error) const {
  const bool busy = error.kind == ErrorKind::rate_limited;
  ServerReply reply = json ? json_fault(503, "", busy || error.maybe_done ? error.what : "not recorded; send it again")
                           : author_message(settings_, request, &brand, 503,
                                            busy               ? "busy"
                                            : error.maybe_done ? "unknown"
                                                               : "failed");
  reply.headers.emplace_back("Retry-After", retry_after(error.retry_in.value_or(seconds(10))));
  return reply;
}

ServerReply WritePage::received(const ServerRequest& request, const BrandSettings& brand, bool json,
                                const Submission& submission, const std::string& token,
                                const Answered& answered) const {
  const std::string page = concat(kWalls, brand.id, "/receipt/", token);
  const std::string address = concat(settings_.serve.public_url, page);
  const Received& received = answered.received;
  const std::string secret = received.secret.empty() ? "" : to_base64url(received.secret);
  const Time deadline = clock_.now() + settings_.wall.decide_within;
  if (json) {
    json::Writer out;
    out.begin_object().key("review").integer(received.leaf).key("fresh").boolean(received.fresh);
    out.member("page", address).member_if("secret", secret).member("decided_by", format_rfc3339(deadline));
    out.member_if("receipt", answered.receipt).end_object();
    return json_answer(received.fresh ? 201 : 200, out.take());
  }
  const auto html = [&]() -> Result<std::string> {
    TRY(const Wording w, author_wording(request, brand));
    json::Writer data;
    begin_author_page(data, w, brand, w.say("received.title"), page);
    data.key("sentences").begin_array();
    data.string(
        w.say(received.fresh ? "received.fresh" : "received.before", {{"entry", std::to_string(received.leaf)}}));
    data.string(w.say("received.next", {{"date", w.date_time(deadline)}})).end_array();
    data.key("has_page").boolean(true).member("page", concat(address, "?lang=", w.language()));
    data.key("has_receipt").boolean(!answered.receipt.empty()).member("receipt", concat(page, "/vigie.tlog-proof"));
    data.member_if("secret", secret);
    if (!submission.lock.empty()) data.member("lock", to_base64url(submission.lock));
    data.end_object();
    return fill_template("wall/assets/received.mustache", data);
  }();
  return html ? author_reply(received.fresh ? 201 : 200, *html) : author_failure(html.error());
}

}  // namespace vigie
