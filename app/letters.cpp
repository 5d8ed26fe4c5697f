#include "app/letters.h"

#include <algorithm>

#include "alerts/gsm7.h"
#include "alerts/text_message.h"
#include "app/author_letters.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/page.h"
#include "base/template.h"
#include "base/wording.h"
#include "wall/book.h"
#include "wall/invite.h"
#include "wall/survey_form.h"
#include "wall/survey_pages.h"

namespace vigie {
namespace {

constexpr std::string_view kHtml = "alerts/templates/letter.html", kText = "alerts/templates/letter.txt";

Letters::Written none(std::string reason) { return {std::nullopt, std::move(reason)}; }

// The longest form that fits one message; the plainest when none does.
std::string text_message_of(const Wording& said, const std::string& organisation, const std::string& subject,
                            const std::string& link) {
  std::string text;
  for (const std::string_view form : {"letter.sms", "letter.sms_short", "letter.sms_shortest"}) {
    text = to_gsm7(said.say(
        form, {{"organisation", organisation}, {"subject", subject}, {"link", link}, {"stop", concat(link, "/stop")}}));
    if (gsm7_length(text) <= kTextMessage) break;
  }
  return text;
}

Result<std::string> fill_text(const json::Writer& data) {
  TRY(const json::Document document, json::parse(data.text()));
  auto text = render(embedded(kText).value_or(""), document.root(), Escape::text, /*trusted=*/true);
  if (!text) return fail(ErrorKind::bug, concat(kText, ":", text.error().what));
  return text;
}

}  // namespace

bool says_no_such_address(const Error& error, bool by_mail) {
  if (error.kind != ErrorKind::bad_data || error.maybe_done) return false;
  if (!by_mail) return true;
  constexpr std::string_view kNobody[] = {"refused with 550", "refused with 551", "refused with 553", " 5.1."};
  return std::any_of(std::begin(kNobody), std::end(kNobody),
                     [&](std::string_view one) { return error.what.find(one) != std::string::npos; });
}

const SurveySettings* Letters::survey_of(std::string_view id) const {
  for (const SurveySettings& survey : settings_.surveys) {
    if (survey.id == id) return &survey;
  }
  return nullptr;
}

Result<Letters::Written> Letters::write(const Notification& owed, Store& store) const {
  if (owed.subject_kind == "author") return write_to_author(owed, settings_, store);
  TRY(const json::Document document, json::parse(owed.document));
  TRY(const std::int64_t id, document.root().integer("invitation"));
  TRY(const std::optional<Invitation> invitation, store.surveys().invitation(id));
  if (!invitation) return none("forgotten");
  const SurveySettings* const survey = survey_of(invitation->survey);
  if (survey == nullptr) return none("no_survey");
  const bool reminder = owed.purpose == "remind";
  if (invitation->answered) return none("answered");
  if (invitation->opted_out) return none("opted_out");
  if (invitation->bounced) return none("bounced");
  if (invitation->expires <= clock_.now()) return none("expired");
  if (reminder && !invitation->sent) return none("not_sent");
  if (!missing_to_invite(settings_, *survey).empty()) return none("incomplete");
  TRY(const std::optional<SurveyContact> contact, store.surveys().contact(invitation->contact));
  if (!contact || contact->address.empty()) return none("forgotten");
  std::vector<std::string> keys = {tokens_.address_key(contact->address)};
  if (!contact->reference.empty()) keys.push_back(tokens_.reference_key(contact->brand, contact->reference));
  TRY(const bool suppressed, store.surveys().is_suppressed(survey->brand, keys));
  if (suppressed) return none("suppressed");
  TRY(CustomerLetter letter, words(*survey, *invitation, *contact, reminder));
  return Written{std::move(letter), ""};
}

Result<void> Letters::went(const Notification& owed, const CustomerLetter& letter, const Result<Sent>& sent,
                           Store& store, Time now) const {
  if (owed.subject_kind == "author") return {};
  TRY(const json::Document document, json::parse(owed.document));
  TRY(const std::int64_t id, document.root().integer("invitation"));
  if (sent)
    return store.surveys().note(id, owed.purpose == "remind" ? InvitationStep::reminded : InvitationStep::sent, now);
  const bool by_mail = letter.to.find('@') != std::string::npos;
  if (!says_no_such_address(sent.error(), by_mail)) return {};
  return store.surveys().note_bounced(id, tokens_.address_key(letter.to), now);
}

Result<CustomerLetter> Letters::words(const SurveySettings& survey, const Invitation& invitation,
                                      const SurveyContact& contact, bool reminder) const {
  TRY(const Wording said, Wording::load("survey", invitation.lang));
  const std::string link = survey_link(settings_, tokens_.token(invitation.seed));
  const std::string& organisation = settings_.organisation;
  const std::string wall = concat(settings_.serve.public_url, "/wall/", survey.brand);
  CustomerLetter letter;
  letter.to = contact.address;
  letter.lang = said.language();
  letter.from_name = organisation;
  letter.subject =
      said.say(reminder ? "letter.subject.remind" : "letter.subject.invite", {{"subject", survey.subject}});
  letter.unsubscribe = concat(link, "/stop");
  letter.brief = text_message_of(said, organisation, survey.subject, link);

  json::Writer data;
  data.begin_object().member("lang", said.language()).member("title", letter.subject);
  data.member("hello", contact.name.empty() ? said.say("letter.hello_nobody")
                                            : said.say("letter.hello", {{"name", contact.name}}));
  data.member("asks", said.say("letter.asks", {{"organisation", organisation}, {"subject", survey.subject}}));
  if (!invitation.order.empty()) data.member("order", said.say("letter.order", {{"order", invitation.order}}));
  if (reminder) data.member("remind", said.say("letter.remind"));
  data.member("question", survey_question(said, survey)).member("tap", said.say("letter.tap"));
  const std::string measure(to_text(survey.measure));
  data.member("low", said.say(concat("ends.", measure, ".low")));
  data.member("high", said.say(concat("ends.", measure, ".high"))).key("values").begin_array();
  for (std::int64_t value = least_of(survey.measure); value <= most_of(survey.measure); ++value) {
    const std::string number = std::to_string(value);
    data.begin_object().member("value", number).member("href", concat(link, "?r=", number));
    if (survey.measure == SurveySettings::Measure::csat) data.member("label", said.say(concat("satisfied.", number)));
    data.end_object();
  }
  data.end_array().key("labelled").boolean(survey.measure == SurveySettings::Measure::csat);
  data.member("link", link).member("open", said.say("letter.open"));
  data.member("use", survey.wall ? said.say("letter.use_wall",
                                            {{"wall", wall}, {"rules", charter_url(settings_, survey.brand)}})
                                 : said.say("letter.use_private", {{"organisation", organisation}}));
  data.member("until", said.say("letter.until", {{"date", said.date(invitation.expires)}}));
  data.member("stop", said.say("letter.stop")).member("stop_line", said.say("letter.stop_line"));
  data.member("stop_href", letter.unsubscribe).member_if("address", settings_.wall.address).end_object();
  TRY(letter.html, fill_template(kHtml, data));
  TRY(letter.text, fill_text(data));
  return letter;
}

}  // namespace vigie
