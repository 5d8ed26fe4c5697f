#include "wall/survey_pages.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "wall/frame.h"

namespace vigie {
namespace {

constexpr std::string_view kPath = "/survey/";
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";
constexpr int kMostMisses = 20;  // a minute and network
constexpr int kMonthsOffered = 13;
constexpr std::string_view kKioskAgain = "20";  // seconds
// Answers that nobody was invited to give, from one network: a shop's customers and its kiosk share one.
constexpr int kAtOnce = 30;
constexpr Duration kOneMore = seconds(20);
constexpr int kPosterBurst = 5, kKioskBurst = 60;  // more in an hour are marked

bool reads(const ServerRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

std::vector<Header> page_headers(std::string_view lang) {
  return {{"Cache-Control", "no-store"},
          {"Content-Language", std::string(lang)},
          {"Content-Security-Policy", std::string(kPolicy)},
          {"Referrer-Policy", "same-origin"},  // the address is a key; none at all would make a form's Origin null
          {"X-Robots-Tag", "noindex"}};
}

std::string month_text(int months) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d", months / 12, months % 12 + 1);
  return text;
}

int months_since_zero(Time time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return static_cast<int>(day.year()) * 12 + static_cast<int>(static_cast<unsigned>(day.month())) - 1;
}

// "de" before a name, as French joins them: d’Acme, du service, des conseils. Before h and y usage is divided; "de"
// stands.
std::string of_in_french(const std::string& name) {
  if (name.starts_with("le ")) return concat("du ", name.substr(3));
  if (name.starts_with("les ")) return concat("des ", name.substr(4));
  constexpr std::string_view kVowels[] = {"a", "e", "i", "o", "u", "à", "â", "é", "è", "ê", "ë", "î", "ï", "ô", "œ", "û",
                                          "A", "E", "I", "O", "U", "À", "Â", "É", "È", "Ê", "Ë", "Î", "Ï", "Ô", "Œ", "Û"};
  const bool vowel = std::any_of(std::begin(kVowels), std::end(kVowels),
                                 [&](std::string_view letter) { return name.starts_with(letter); });
  return concat(vowel ? "d’" : "de ", name);
}

bool says_the_same(const ReviewVersion& version, const Submission& said) {
  return version.rating == said.rating && version.values == said.values;
}

}  // namespace

const std::vector<Asset>& survey_assets() {
  static const std::vector<Asset> assets = {make_asset("wall/assets/survey.css", "text/css; charset=utf-8"),
                                            make_asset("wall/assets/survey.js", "text/javascript; charset=utf-8")};
  return assets;
}

std::string survey_question(const Wording& wording, const SurveySettings& survey) {
  std::string question = wording.say(concat("question.", to_text(survey.measure)), {{"subject", survey.subject}});
  if (wording.language() != "fr") return question;
  const std::string plain = concat(" de ", survey.subject);
  if (const std::size_t at = question.find(plain); at != std::string::npos)
    question.replace(at, plain.size(), concat(" ", of_in_french(survey.subject)));
  return question;
}

std::string poster_path(const SurveyTokens& tokens, std::string_view survey, std::string_view place) {
  return concat(kPath, survey, "/", place, "/", tokens.place_key(survey, place));
}

SurveyPages::SurveyPages(SurveyContext context) : context_(std::move(context)), buckets_(kAtOnce, kOneMore) {}

const SurveySettings* SurveyPages::survey_of(std::string_view id) const {
  for (const SurveySettings& survey : context_.settings.surveys) {
    if (survey.id == id) return &survey;
  }
  return nullptr;
}

std::string SurveyPages::brand_name(const std::string& id) const {
  for (const BrandSettings& brand : context_.settings.brands) {
    if (brand.id == id) return brand.name;
  }
  return id;
}

std::optional<ServerReply> SurveyPages::answer(const ServerRequest& request) {
  for (const Asset& asset : survey_assets()) {
    if (asset.path == request.path && reads(request)) return asset_reply(asset);
  }
  if (!request.path.starts_with(kPath)) return std::nullopt;
  if (!reads(request) && request.method != "POST") {
    ServerReply reply = message("", 405, "method");
    reply.headers.emplace_back("Allow", "GET, HEAD, POST");
    return reply;
  }
  Asked asked{request, {}};
  if (request.method == "POST") {
    Checked<FilledForm> form = FilledForm::read(request);
    if (!form) return message("", form.error().status, "utf8");
    asked.form = *std::move(form);
  }
  const std::string_view rest = std::string_view(request.path).substr(kPath.size());
  const std::size_t slash = rest.find('/');
  const std::string_view first = rest.substr(0, slash);
  const std::string_view second = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  const bool stops = second == "stop";  // which mail programs send by themselves
  if (asked.posts() && !stops && !is_same_origin(request, context_.settings.serve.public_url))
    return message("", 403, "method");
  const SurveySettings* const survey = survey_of(first);
  if (survey == nullptr && !second.empty() && !stops) return gone_poster(asked, "");
  const Result<ServerReply> done =
      survey != nullptr && !second.empty() ? open_to_all(asked, *survey, second) : invited(asked, first, stops);
  return done ? *done : failure(request, done.error());
}

ServerReply SurveyPages::message(std::string_view lang, int status, std::string_view key) const {
  const std::string_view own =
      context_.settings.surveys.empty() ? "en" : std::string_view(context_.settings.surveys.front().language);
  const auto said = Wording::load("survey", is_page_language(lang) ? lang : own);
  ServerReply reply;
  reply.status = status;
  reply.headers = page_headers(said ? said->language() : "en");
  const auto body = [&]() -> Result<std::string> {
    if (!said) return fail(said.error());
    json::Writer data;
    data.begin_object().key("t").value(said->catalogue()).member("lang", said->language());
    data.member("icon", wall_assets()[1].path)
        .member("style", survey_assets()[0].path)
        .member("title", said->say(concat("message.", key, ".title")));
    data.key("message").begin_object().member("heading", said->say(concat("message.", key, ".title")));
    data.member("text", said->say(concat("message.", key, ".text"))).end_object().end_object();
    return fill_template("wall/assets/survey.mustache", data);
  }();
  if (body) {
    reply.body = *body;
    return reply;
  }
  log::error("survey", body.error().what);
  return {500, "unavailable\n", "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

// One page for a token that never was, one that is over, and one that was taken back: nobody learns which.
ServerReply SurveyPages::gone(const ServerRequest& request) const {
  return message(choose_language(request.param("lang"), request.header("Accept-Language"), ""), 404, "gone");
}

// Whoever stands before a poster has no message to open again: they can scan it once more, or ask for the one in force.
ServerReply SurveyPages::gone_poster(const Asked& asked, std::string_view language) const {
  const std::string chosen = asked.posts() ? asked.field("lang") : std::string(asked.request.param("lang"));
  return message(choose_language(chosen, asked.request.header("Accept-Language"), language), 404, "poster");
}

ServerReply SurveyPages::failure(const ServerRequest& request, const Error& error) const {
  log::error("survey", error.what);  // without the path: it is a key
  ServerReply reply =
      message(choose_language(request.param("lang"), request.header("Accept-Language"), ""), 503, "error");
  reply.headers.emplace_back("Retry-After", "5");
  return reply;
}

Result<ServerReply> SurveyPages::invited(const Asked& asked, std::string_view text, bool stops) {
  const ServerRequest& request = asked.request;
  const Time now = context_.clock.now();
  const std::uint64_t network = hash64(visitor_network(request.remote));
  if (misses_.before(network, now) >= kMostMisses) {
    ServerReply reply = message(choose_language("", request.header("Accept-Language"), ""), 429, "slow");
    reply.headers.emplace_back("Retry-After", "60");
    return reply;
  }
  TRY(const std::unique_ptr<Store> store, context_.open());
  // The same two questions whatever the token is worth.
  const std::optional<std::string> token = read_survey_token(text.substr(0, 64));
  const std::string hash = sha256(token ? *token : std::string(text.substr(0, 64)));
  Visit visit;
  TRY(visit.invitation, store->surveys().invitation_of_token(hash));
  TRY(visit.review, store->reviews().review_of_invitation(hash));
  if (!visit.invitation) misses_.add(network, now);
  if (stops) return stop(asked, visit.invitation, *store);
  visit.survey = visit.invitation ? survey_of(visit.invitation->survey) : nullptr;
  const bool closed = !visit.invitation || visit.survey == nullptr || visit.invitation->opted_out ||
                      visit.invitation->expires <= now || (visit.review && is_over(visit.review->state));
  if (closed) return gone(request);
  visit.token = *token;
  visit.place = visit.invitation->place;
  visit.action = concat(kPath, visit.token);
  const std::string lang = asked.posts() ? asked.field("lang") : std::string(request.param("lang"));
  visit.lang = is_page_language(lang) ? lang : visit.invitation->lang;
  return step(asked, visit, *store);
}

// `where`: PLACE/KEY. Whoever has not seen the poster does not know the key.
Result<ServerReply> SurveyPages::open_to_all(const Asked& asked, const SurveySettings& survey, std::string_view where) {
  const ServerRequest& request = asked.request;
  const std::string_view place = where.substr(0, where.find('/'));
  const bool known = std::find(survey.places.begin(), survey.places.end(), place) != survey.places.end();
  const std::string path = poster_path(context_.tokens, survey.id, place);
  if (!known || !equal_constant_time(path, request.path)) return gone_poster(asked, survey.language);
  TRY(const std::unique_ptr<Store> store, context_.open());
  Visit visit;
  visit.survey = &survey;
  visit.place = place;
  visit.kiosk = (asked.posts() ? asked.field("kiosk") : std::string(request.param("kiosk"))) == "1";
  visit.action = path;
  visit.lang = choose_language(asked.posts() ? asked.field("lang") : std::string(request.param("lang")),
                               request.header("Accept-Language"), survey.language);
  return step(asked, visit, *store);
}

Result<ServerReply> SurveyPages::step(const Asked& asked, const Visit& visit, Store& store) {
  if (!asked.posts()) return screen(asked, visit, "rating");
  if (!read_rating(visit.survey->measure, asked.field("rating")))
    return screen(asked, visit, "rating", Wrong{"rating", "rating"});
  if (visit.invitation && !visit.invitation->started)
    TRY(store.surveys().note(visit.invitation->id, InvitationStep::started, context_.clock.now()));
  const std::string step = asked.field("step");
  if (step == "words") return screen(asked, visit, "words");
  if (step != "about") return take(asked, visit, store);
  const auto fault = fault_of_text(asked.form, *visit.survey, context_.clock.now());
  return fault ? screen(asked, visit, "words", Wrong{fault->field, std::string(words_for(*fault))})
               : screen(asked, visit, "about");
}

std::vector<std::string> SurveyPages::marks_of(const ServerRequest& request, const Visit& visit, bool bot) {
  std::vector<std::string> marks;
  if (bot) marks.emplace_back("bot");
  if (visit.invitation) return marks;
  // A device that answers again and again is shown as such, and so are many that share a network; nothing is dropped.
  const std::string where = concat(visitor_network(request.remote), "|", visit.survey->id, "|", visit.place);
  const std::uint64_t network = hash64(where), device = hash64(concat(where, "|", request.header("User-Agent")));
  Sightings& seen = visit.kiosk ? at_kiosk_ : at_poster_;
  const Time now = context_.clock.now();
  const bool crowd = networks_.before(network, now) >= (visit.kiosk ? kKioskBurst : kPosterBurst);
  if (crowd || seen.before(device, now) > 0) marks.emplace_back("burst");
  seen.add(device, now);
  networks_.add(network, now);
  return marks;
}

Result<ServerReply> SurveyPages::take(const Asked& asked, const Visit& visit, Store& store) {
  Checked<SurveyAnswer> answer = read_survey_answer(asked.form, *visit.survey, context_.clock.now());
  if (!answer) {
    const SubmissionFault& fault = answer.error();
    return screen(asked, visit, fault.field == "text" ? "words" : "about",
                  Wrong{fault.field, std::string(words_for(fault))});
  }
  if (!visit.invitation) {
    if (const auto wait = buckets_.take(visitor_network(asked.request.remote), context_.clock.now())) {
      ServerReply reply = message(visit.lang, 429, "often");
      const auto whole = std::chrono::ceil<seconds>(*wait).count();
      reply.headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(1, whole)));
      return reply;
    }
  }
  Submission& said = answer->said;
  said.survey = visit.survey->id;
  said.origin = visit.invitation ? "inv" : "qr";
  said.channel = visit.invitation ? visit.invitation->channel : visit.kiosk ? "kiosk" : "qr";
  said.lang = visit.lang;
  said.values[kPlace] = visit.place;
  said.values[kOrder] = visit.invitation ? visit.invitation->order : "";
  said.invitation = visit.token;
  said.contact.clear();  // the address they were asked at, never one from the form
  said.tell = false;
  if (visit.invitation) {
    TRY(const std::optional<SurveyContact> contact, store.surveys().contact(visit.invitation->contact));
    if (contact) said.contact = contact->address;
    said.tell = answer->tell && !said.contact.empty();
  }
  said.marks = marks_of(asked.request, visit, answer->bot);
  // What stands on the wall is changed there, whatever is ticked: taking it down is the receipt's page.
  if (answer->publish || visit.review) return take_for_wall(visit, *std::move(answer), store);
  return take_privately(visit, *answer, store);
}

Result<ServerReply> SurveyPages::take_for_wall(const Visit& visit, SurveyAnswer answer, Store& store) {
  Submission& said = answer.said;
  const std::string receipt =
      visit.token.empty() ? to_base64url(random_bytes(16)) : context_.tokens.receipt(visit.token);
  if (visit.review) {
    if (!says_the_same(visit.review->newest(), said)) {
      Book book(context_.settings, store, context_.clock);
      TRY(book.update(*visit.review, said.rating, said.values));
      if (context_.logged) context_.logged();
    }
    return thanks(visit, receipt, "", true, true);
  }
  said.incentive = visit.survey->incentive;
  said.verified = !visit.invitation ? "none" : said.values[kOrder].empty() ? "invitation" : "order";
  said.receipt = sha256(receipt);
  TRY(const Answered answered, context_.hand_in(std::move(said)));
  if (visit.invitation) TRY(store.surveys().note(visit.invitation->id, InvitationStep::answered, context_.clock.now()));
  return thanks(visit, receipt, answered.received.secret, true, false);
}

Result<ServerReply> SurveyPages::take_privately(const Visit& visit, const SurveyAnswer& answer, Store& store) {
  const Submission& said = answer.said;
  PrivateAnswer one;
  one.survey = said.survey;
  one.origin = said.origin;
  one.channel = said.channel;
  one.place = visit.place;
  one.lang = said.lang;
  one.scale = said.scale;
  if (!visit.token.empty()) one.invitation = sha256(visit.token);
  one.rating = said.rating.value_or(0);
  one.text = said.values[kText];
  one.author = said.values[kAuthor];
  one.when = said.values[kWhen];
  one.marks = said.marks;
  one.tell = said.tell;
  if (said.tell) one.contact = said.contact;
  one.at = context_.clock.now();
  TRY(one.id, store.surveys().add_private_answer(one));
  if (visit.invitation) TRY(store.surveys().note(visit.invitation->id, InvitationStep::answered, context_.clock.now()));
  if (context_.private_answer) context_.private_answer(one);
  return thanks(visit, "", "", false, false);
}

// A token that is not ours is thanked like the others: nobody learns whether an address was invited.
Result<ServerReply> SurveyPages::stop(const Asked& asked, const std::optional<Invitation>& invitation, Store& store) {
  const ServerRequest& request = asked.request;
  const std::string chosen = asked.posts() ? asked.field("lang") : std::string(request.param("lang"));
  const std::string lang = is_page_language(chosen) ? chosen
                           : invitation             ? invitation->lang
                                                    : choose_language("", request.header("Accept-Language"), "");
  if (!reads(request)) {
    const SurveySettings* const survey = invitation ? survey_of(invitation->survey) : nullptr;
    if (survey != nullptr) TRY(store.surveys().opt_out(invitation->id, survey->brand, context_.clock.now()));
    return message(lang, 200, "stopped");
  }
  TRY(const Wording said, Wording::load("survey", is_page_language(lang) ? lang : "en"));
  json::Writer data;
  data.begin_object().key("t").value(said.catalogue()).member("lang", said.language());
  data.member("icon", wall_assets()[1].path)
      .member("style", survey_assets()[0].path)
      .member("title", said.say("stop.title"));
  data.key("stop").begin_object().member("action", request.path).end_object().end_object();
  ServerReply reply;
  reply.headers = page_headers(said.language());
  TRY(reply.body, fill_template("wall/assets/survey.mustache", data));
  return reply;
}

void SurveyPages::write_rating(json::Writer& data, const Wording& said, const Visit& visit,
                               std::string_view rating) const {
  const SurveySettings& survey = *visit.survey;
  const std::string measure(to_text(survey.measure));
  data.member("question", survey_question(said, survey)).member("kind", measure);
  data.member("asks",
              said.say("asks", {{"organisation", context_.settings.organisation}, {"subject", survey.subject}}));
  if (visit.invitation && !visit.invitation->order.empty())
    data.member("about_order", said.say("about_order", {{"order", visit.invitation->order}}));
  data.member("low", said.say(concat("ends.", measure, ".low")));
  data.member("high", said.say(concat("ends.", measure, ".high"))).key("values").begin_array();
  for (std::int64_t value = least_of(survey.measure); value <= most_of(survey.measure); ++value) {
    const std::string number = std::to_string(value);
    data.begin_object().member("value", number).key("chosen").boolean(number == rating);
    if (survey.measure == SurveySettings::Measure::csat) data.member("label", said.say(concat("satisfied.", number)));
    data.key("first").boolean(value == least_of(survey.measure));
    data.key("last").boolean(value == most_of(survey.measure)).end_object();
  }
  data.end_array();
  if (visit.review) data.member("again", said.say("again"));
}

void SurveyPages::write_about(json::Writer& data, const Wording& said, const Visit& visit, const Asked& asked) const {
  const SurveySettings& survey = *visit.survey;
  data.key("wall").boolean(survey.wall && !visit.review).key("stands").boolean(visit.review.has_value());
  const std::string before = visit.review ? visit.review->newest().values[kAuthor] : "";
  data.member("name", asked.form.has("author") ? asked.field("author") : before);
  const int now = months_since_zero(context_.clock.now());
  std::string chosen = asked.field("when").substr(0, 7);
  if (chosen.empty()) chosen = month_text(visit.invitation ? months_since_zero(visit.invitation->when) : now);
  data.key("months").begin_array();
  for (int month = now; month > now - kMonthsOffered; --month) {
    const std::string text = month_text(month);
    data.begin_object().member("value", text).key("chosen").boolean(text == chosen);
    data.member("name", concat(said.say(concat("month.", text.substr(5))), " ", text.substr(0, 4))).end_object();
  }
  data.end_array();
  for (const std::string_view tick : {"publish", "tell", "experienced"})
    data.key(concat(tick, "_on")).boolean(asked.form.ticked(tick));
  data.key("can_tell").boolean(visit.invitation.has_value() && visit.invitation->channel != "link");
  data.member("shown", said.say("about.shown")).member("where", concat("/wall/", survey.brand));
  data.member("rules", concat("/wall/", survey.brand, "/method"));
  data.member("lived_text", said.say("about.lived", {{"subject", survey.subject}}));
}

Result<ServerReply> SurveyPages::screen(const Asked& asked, const Visit& visit, std::string_view name,
                                        const std::optional<Wrong>& wrong) const {
  TRY(const Wording said, Wording::load("survey", visit.lang));
  const SurveySettings& survey = *visit.survey;
  std::string rating = asked.posts() ? asked.field("rating") : std::string(asked.request.param("r"));
  if (!read_rating(survey.measure, rating)) rating.clear();  // a tap only preselects
  json::Writer data;
  data.begin_object().key("t").value(said.catalogue()).member("lang", said.language());
  data.member("icon", wall_assets()[1].path)
      .member("style", survey_assets()[0].path)
      .member("script", survey_assets()[1].path);
  data.member("title", survey_question(said, survey)).member("brand", brand_name(survey.brand));
  data.member("action", visit.action).key("kiosk").boolean(visit.kiosk);
  data.key("has_languages").boolean(name == "rating").key("languages").begin_array();
  for (const std::string_view lang : {"fr", "en"}) {
    const std::string query =
        concat("?lang=", lang, rating.empty() ? "" : "&r=", rating, visit.kiosk ? "&kiosk=1" : "");
    data.begin_object().member("lang", lang).member("name", said.say(concat("language.", lang)));
    data.member("href", concat(visit.action, query)).key("current").boolean(lang == said.language()).end_object();
  }
  data.end_array();
  if (visit.invitation) data.member("stop_href", concat(visit.action, "/stop?lang=", said.language()));
  const std::string opened = asked.field("t");
  data.member("t_opened", opened.empty() ? std::to_string(to_epoch(context_.clock.now())) : opened);
  data.key("has_faults").boolean(wrong.has_value()).key("wrong").begin_object();
  if (wrong) data.key(wrong->field).boolean(true);
  data.end_object().key("faults").begin_array();
  if (wrong) {
    data.begin_object().member("field", wrong->field);
    data.member("text", said.say(concat("wrong.", wrong->key))).end_object();
  }
  data.end_array().key(name).begin_object();
  if (name == "rating") {
    write_rating(data, said, visit, rating);
  } else {
    const std::string label = survey.measure == SurveySettings::Measure::csat && !rating.empty()
                                  ? said.say(concat("satisfied.", rating))
                                  : concat(rating, " / ", std::to_string(most_of(survey.measure)));
    data.member("rating", rating).member("chosen", said.say("chosen", {{"answer", label}}));
    const std::string before = visit.review ? visit.review->newest().values[kText] : "";
    data.member("text", asked.form.has("text") ? asked.field("text") : before);
    data.member("most", std::to_string(limits::kReviewCodePoints));
  }
  if (name == "about") write_about(data, said, visit, asked);
  data.end_object().end_object();
  ServerReply reply;
  reply.status = wrong ? 422 : 200;
  reply.headers = page_headers(said.language());
  TRY(reply.body, fill_template("wall/assets/survey.mustache", data));
  return reply;
}

Result<ServerReply> SurveyPages::thanks(const Visit& visit, const std::string& receipt, const std::string& secret,
                                        bool published, bool changed) const {
  TRY(const Wording said, Wording::load("survey", visit.lang));
  const Settings& settings = context_.settings;
  json::Writer data;
  data.begin_object().key("t").value(said.catalogue()).member("lang", said.language());
  data.member("icon", wall_assets()[1].path)
      .member("style", survey_assets()[0].path)
      .member("script", survey_assets()[1].path);
  data.member("title", said.say("done.title")).member("brand", brand_name(visit.survey->brand));
  if (visit.kiosk) {
    const std::string next = concat(visit.action, "?kiosk=1&lang=", said.language());
    data.member("refresh", concat(kKioskAgain, "; url=", next)).member("next", next);
  }
  data.key("done").begin_object().member("heading", said.say(changed ? "done.changed" : "done.title"));
  data.key("published").boolean(published);
  if (published) {
    data.member("receipt", concat("/wall/", visit.survey->brand, "/receipt/", receipt));
    data.member("wall", concat("/wall/", visit.survey->brand, "?lang=", said.language()));
    const Time by = context_.clock.now() + settings.wall.decide_within;
    data.member("next",
                said.say("done.next", {{"by", said.date(by)}, {"within", said.span(settings.wall.decide_within)}}));
    if (!secret.empty()) data.member("secret", to_base64url(secret));
    data.key("kept_secret").boolean(secret.empty() && !changed);
  } else {
    data.member("private", said.say(visit.survey->wall ? "done.not_shown" : "done.private"));
  }
  if (visit.invitation) data.member("until", said.say("done.until", {{"date", said.date(visit.invitation->expires)}}));
  data.end_object().end_object();
  ServerReply reply;
  reply.headers = page_headers(said.language());
  TRY(reply.body, fill_template("wall/assets/survey.mustache", data));
  return reply;
}

}  // namespace vigie
