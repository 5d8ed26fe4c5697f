#include "app/author_letters.h"

#include <algorithm>

#include "app/own_secret.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/page.h"
#include "base/secret.h"
#include "base/template.h"
#include "base/wording.h"
#include "wall/book.h"

namespace vigie {
namespace {

constexpr std::string_view kHtml = "alerts/templates/notice.html", kText = "alerts/templates/notice.txt";

bool is_mail(std::string_view address) { return address.find('@') != std::string_view::npos; }

// The first that reaches such an address: the survey's, any mail.
std::string endpoint_for(const Settings& settings, const std::string& survey, std::string_view address) {
  std::vector<std::string> wanted;
  for (const SurveySettings& one : settings.surveys) {
    if (one.id == survey) wanted.push_back(one.endpoint);
  }
  const auto reaches = [&](const EndpointSettings& endpoint) {
    const bool sms = endpoint.kind == "ovh" || endpoint.kind == "twilio";
    return endpoint.kind == "file" || (is_mail(address) ? endpoint.kind == "email" : sms);
  };
  for (const std::string& id : wanted) {
    for (const EndpointSettings& endpoint : settings.endpoints) {
      if (!id.empty() && endpoint.id == id && reaches(endpoint)) return id;
    }
  }
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (is_mail(address) && endpoint.kind == "email") return endpoint.id;
  }
  return "";
}

struct Address {
  std::string to, survey;
};

// Whom a word is owed to; an empty address when nobody can be reached.
Result<Address> address_of(const std::string& what, std::int64_t id, std::int64_t review, Store& store) {
  if (what.starts_with("notice")) {
    TRY(const std::optional<Notice> notice, store.moderation().notice(id));
    return Address{notice ? notice->mail : "", ""};
  }
  TRY(const std::optional<Review> found, store.reviews().review(review));
  return found ? Address{found->contact, found->survey} : Address{};
}

Notification message(std::string what, std::int64_t id, std::int64_t review, std::string endpoint, Time now) {
  Notification owed;
  owed.subject_kind = "author";
  owed.subject_id = concat("review-", std::to_string(review));
  owed.purpose = what;
  owed.endpoint = std::move(endpoint);
  owed.id = to_hex(sha256(concat("author|", what, "|", std::to_string(id), "|", std::to_string(review)))).substr(0, 32);
  json::Writer document;
  document.begin_object().member("what", what).key("id").integer(id).key("review").integer(review).end_object();
  owed.document = document.take();
  owed.created = owed.due = owed.ripe = now;
  return owed;
}

// A letter as paragraphs and one address to follow.
struct Said {
  std::string subject, brief;
  std::vector<std::string> lines;
  std::string link_label{}, link{};
  std::vector<std::string> after{};
};

class Writer {
 public:
  Writer(const Settings& settings, Store& store, AuthorLinks links)
      : settings_(settings), store_(store), links_(std::move(links)) {}

  Result<Letters::Written> write(const std::string& what, std::int64_t id, std::int64_t review) {
    if (what.starts_with("notice")) return about_notice(what, id);
    TRY(const std::optional<Review> found, store_.reviews().review(review));
    if (!found || found->contact.empty()) return none("forgotten");
    TRY(const Wording w, words(found->lang, found->brand));
    if (what == "act") return about_act(*found, id, w);
    if (what == "appeal") return about_appeal(*found, id, w);
    return about_improvement(*found, id, w);
  }

 private:
  static Letters::Written none(std::string reason) { return {std::nullopt, std::move(reason)}; }

  const BrandSettings* brand_of(const std::string& id) const {
    for (const BrandSettings& brand : settings_.brands) {
      if (brand.id == id) return &brand;
    }
    return nullptr;
  }
  std::string brand_name(const std::string& id) const {
    const BrandSettings* brand = brand_of(id);
    return brand == nullptr ? id : brand->name;
  }
  Result<Wording> words(const std::string& lang, const std::string& brand) const {
    const BrandSettings* known = brand_of(brand);
    return Wording::load("moderation", is_page_language(lang) ? lang : known == nullptr ? "en" : known->language);
  }

  Result<Letters::Written> about_act(const Review& review, std::int64_t number, const Wording& w) {
    TRY(const std::optional<ReviewAct> act, store_.moderation().act(number));
    if (!act) return none("forgotten");
    const std::string key = concat("letter.", act->act), brand = brand_name(review.brand);
    Said said;
    said.subject = w.say(concat(key, ".subject"), {{"brand", brand}});
    said.brief = said.subject;
    said.lines.push_back(w.say(concat(key, ".what"), {{"brand", brand}, {"date", w.date(review.received)}}));
    said.lines.push_back(w.say("letter.ground", {{"code", concat(act->code, " (", w.name("code", act->code), ")")},
                                                 {"rules", charter_url(settings_, review.brand)}}));
    if (!act->words.empty())
      said.lines.push_back(w.say("letter.facts", {{"words", act->words}}));
    else if (act->act == "mask")
      said.lines.push_back(w.say("letter.facts_mask"));
    const std::string how = act->by == "auto"                           ? "automatic"
                            : act->by == "notice" || act->by == "court" ? act->by
                                                                        : "human";
    said.lines.push_back(w.say(concat("letter.", how)));
    said.link_label = w.say(settings_.people.size() > 1 ? "letter.appeal" : "letter.appeal_alone");
    said.link = links_.url(review.brand, {"decision", review.id, act->number});
    said.after = {w.say("letter.elsewhere")};
    return letter(review.contact, said, w);
  }

  Result<Letters::Written> about_appeal(const Review& review, std::int64_t id, const Wording& w) {
    TRY(const std::vector<Appeal> appeals, store_.moderation().appeals_of(review.id));
    const auto appeal = std::find_if(appeals.begin(), appeals.end(), [&](const Appeal& one) { return one.id == id; });
    if (appeal == appeals.end()) return none("forgotten");
    Said said;
    said.subject = w.say("letter.appeal_decided.subject", {{"brand", brand_name(review.brand)}});
    said.brief = said.subject;
    said.lines = {w.say(concat("letter.appeal_decided.", appeal->outcome)),
                  w.say("letter.why", {{"words", appeal->answer}})};
    said.after = {w.say("letter.elsewhere")};
    return letter(review.contact, said, w);
  }

  Result<Letters::Written> about_improvement(const Review& review, std::int64_t id, const Wording& w) {
    TRY(const std::optional<Improvement> improvement, store_.moderation().improvement(id));
    if (!improvement || !review.tell) return none("forgotten");
    Said said;
    said.subject = w.say("letter.improvement.subject", {{"brand", brand_name(review.brand)}});
    said.brief = concat(said.subject, ". ", improvement->title());
    said.lines = {w.say("letter.improvement.what", {{"brand", brand_name(review.brand)}}), improvement->title()};
    if (!improvement->words().empty()) said.lines.push_back(improvement->words());
    said.link_label = w.say("letter.improvement.worked");
    said.link = links_.url(review.brand, {"worked", review.id, id});
    return letter(review.contact, said, w);
  }

  Result<Letters::Written> about_notice(const std::string& what, std::int64_t id) {
    TRY(const std::optional<Notice> notice, store_.moderation().notice(id));
    if (!notice || notice->mail.empty()) return none("forgotten");
    TRY(const Wording w, words(notice->language, notice->brand));
    const bool decided = what == "notice-decided";
    const std::string key = decided ? "letter.notice_decided" : "letter.notice_received";
    Said said;
    said.subject = w.say(concat(key, ".subject"), {{"brand", brand_name(notice->brand)}});
    said.brief = said.subject;
    said.lines.push_back(w.say("letter.notice_received.what", {{"date", w.date(notice->at)}, {"url", notice->url}}));
    if (decided) {
      said.lines.push_back(w.say(concat(key, ".", notice->outcome)));
      if (!notice->words.empty()) said.lines.push_back(w.say("letter.why", {{"words", notice->words}}));
      said.after = {w.say("letter.notice_decided.redress", {{"contact", settings_.wall.contact}})};
    } else {
      said.lines.push_back(w.say("letter.notice_received.next"));
    }
    return letter(notice->mail, said, w);
  }

  Result<Letters::Written> letter(const std::string& to, const Said& said, const Wording& w) const {
    CustomerLetter letter;
    letter.to = to;
    letter.lang = w.language();
    letter.from_name = settings_.organisation;
    letter.subject = said.subject;
    letter.brief =
        w.say("letter.sms", {{"organisation", settings_.organisation}, {"what", said.brief}, {"link", said.link}});
    json::Writer data;
    data.begin_object()
        .member("lang", w.language())
        .member("title", said.subject)
        .member("hello", w.say("letter.hello"));
    data.key("lines").begin_array();
    for (const std::string& line : said.lines) data.string(line);
    data.end_array().member_if("link", said.link).member_if("link_label", said.link_label).key("after").begin_array();
    for (const std::string& line : said.after) data.string(line);
    data.end_array().member("organisation", settings_.organisation).member_if("address", settings_.wall.address);
    data.end_object();
    TRY(letter.html, fill_template(kHtml, data));
    TRY(const json::Document document, json::parse(data.text()));
    TRY(letter.text, render(embedded(kText).value_or(""), document.root(), Escape::text, /*trusted=*/true));
    return Letters::Written{std::move(letter), ""};
  }

  const Settings& settings_;
  Store& store_;
  const AuthorLinks links_;
};

}  // namespace

Result<AuthorLinks> author_links(const Settings& settings) {
  TRY(std::string key, own_secret(settings, "authors"));
  return AuthorLinks(std::move(key), settings.serve.public_url);
}

Result<std::optional<Notification>> owed_to_author(const Untold& untold, const Settings& settings, Store& store,
                                                   Time now) {
  TRY(const Address address, address_of(untold.what, untold.id, untold.review, store));
  if (address.to.empty()) return std::nullopt;
  std::string endpoint = endpoint_for(settings, address.survey, address.to);
  if (endpoint.empty()) return std::nullopt;
  return message(untold.what, untold.id, untold.review, std::move(endpoint), now);
}

Result<std::optional<Notification>> owed_about_improvement(std::int64_t improvement, std::int64_t review,
                                                           const Settings& settings, Store& store, Time now) {
  TRY(const Address address, address_of("improvement", improvement, review, store));
  std::string endpoint = endpoint_for(settings, address.survey, address.to);
  if (address.to.empty() || endpoint.empty()) return std::nullopt;
  return message("improvement", improvement, review, std::move(endpoint), now);
}

Result<Letters::Written> write_to_author(const Notification& owed, const Settings& settings, Store& store) {
  TRY(const json::Document document, json::parse(owed.document));
  TRY(const std::string what, document.root().text("what"));
  TRY(const std::int64_t id, document.root().integer("id"));
  TRY(const std::int64_t review, document.root().integer("review"));
  TRY(AuthorLinks links, author_links(settings));
  return Writer(settings, store, std::move(links)).write(what, id, review);
}

}  // namespace vigie
