#include "wall/invite.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/wording.h"
#include "wall/book.h"
#include "wall/log/commitment.h"
#include "wall/log/tree.h"

namespace vigie {
namespace {

constexpr std::size_t kMostAtOnce = 5000;
constexpr std::size_t kLongestWord = 100, kLongestAddress = 254;
constexpr std::size_t kLeastDigits = 8, kMostDigits = 15;  // E.164
constexpr Duration kClockApart = kDay;

Error wrong(std::string_view field, std::string_view expected, std::string_view found) {
  return {ErrorKind::bad_data,
          concat(field, ": expected ", expected, ", found \"", first_code_points(to_valid_utf8(found), 40), "\""),
          std::nullopt};
}

// A name, an order, a place: one short line.
Result<std::string> word(std::string_view field, std::string_view text) {
  if (!is_valid_utf8(text)) return fail(wrong(field, "UTF-8", text));
  const std::string_view trimmed = trim(text);
  if (count_code_points(trimmed) > kLongestWord) return fail(wrong(field, "at most 100 characters", trimmed));
  const bool controls = std::any_of(trimmed.begin(), trimmed.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (controls) return fail(wrong(field, "one line without control characters", trimmed));
  return std::string(trimmed);
}

const EndpointSettings* endpoint_of(const Settings& settings, const SurveySettings& survey) {
  for (const EndpointSettings& endpoint : settings.endpoints) {
    if (!survey.endpoint.empty() && endpoint.id == survey.endpoint) return &endpoint;
  }
  return nullptr;
}

// The tree over the batch's nullifiers, sorted: an answer's own can be shown to be of it.
std::string batch_root(std::vector<std::string> nullifiers) {
  std::sort(nullifiers.begin(), nullifiers.end());
  tlog::RightEdge edge;
  for (const std::string& one : nullifiers) edge.append(tlog::leaf_hash(one));
  return std::string(tlog::bytes_of(edge.root()));
}

Notification message(const SurveySettings& survey, const Invitation& invitation, std::string_view purpose,
                     std::int64_t seq, Time due) {
  Notification owed;
  owed.subject_kind = "survey";
  owed.subject_id = concat("survey-", std::to_string(invitation.id));
  owed.seq = seq;
  owed.purpose = purpose;
  owed.endpoint = survey.endpoint;
  owed.id =
      to_hex(sha256(concat("survey|", survey.id, "|", std::to_string(invitation.id), "|", purpose))).substr(0, 32);
  json::Writer document;
  document.begin_object().member("survey", survey.id).key("invitation").integer(invitation.id).end_object();
  owed.document = document.take();
  owed.created = invitation.created;
  owed.due = owed.ripe = due;
  return owed;
}

}  // namespace

std::vector<std::string> missing_to_invite(const Settings& settings, const SurveySettings& survey) {
  std::vector<std::string> missing;
  if (trim(settings.organisation).empty()) missing.emplace_back("organisation (who asks)");
  if (trim(survey.subject).empty()) missing.emplace_back("survey.subject (about what)");
  if (settings.serve.public_url.empty()) missing.emplace_back("serve.public_url (where it is answered and shown)");
  const EndpointSettings* const endpoint = endpoint_of(settings, survey);
  if (endpoint != nullptr && endpoint->kind == "email" && settings.mail.from.empty())
    missing.emplace_back("mail.from (who writes)");
  return missing;
}

Result<std::string> read_phone(std::string_view text) {
  std::string number;
  for (const char c : trim(text)) {
    if (c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '/') continue;
    number.push_back(c);
  }
  if (number.starts_with("00")) number = concat("+", number.substr(2));
  const std::string_view digits = std::string_view(number).substr(number.empty() ? 0 : 1);
  const bool right = number.starts_with('+') && digits.size() >= kLeastDigits && digits.size() <= kMostDigits &&
                     digits.find_first_not_of("0123456789") == std::string_view::npos && digits.front() != '0';
  if (!right) return fail(wrong("phone", "a number with its country, such as +33612345678", text));
  return number;
}

Result<std::string> read_address(std::string_view text) {
  const std::string address = ascii_lower(trim(text));
  const std::size_t at = address.find('@');
  const bool right =
      address.size() <= kLongestAddress && at != std::string::npos && at > 0 && at == address.rfind('@') &&
      address.find('.', at) != std::string::npos && address.back() != '.' && address.back() != '@' &&
      std::all_of(address.begin(), address.end(), [](char c) {
        return c > 0x20 && c < 0x7f && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
      });
  if (!right) return fail(wrong("email", "an address such as name@example.org", text));
  return address;
}

bool is_staff(const WallSettings& wall, std::string_view address) {
  return std::any_of(wall.staff.begin(), wall.staff.end(), [&](const std::string& one) {
    const std::string staff = ascii_lower(trim(one));
    if (!staff.starts_with('@')) return staff == address;
    const std::size_t at = address.find('@');
    if (at == std::string_view::npos) return false;
    const std::string_view domain = address.substr(at + 1), own = std::string_view(staff).substr(1);
    return domain == own ||
           (domain.size() > own.size() && domain.ends_with(own) && domain[domain.size() - own.size() - 1] == '.');
  });
}

std::string survey_link(const Settings& settings, std::string_view token) {
  return concat(settings.serve.public_url, "/survey/", token);
}

std::vector<Notification> messages_owed(const SurveySettings& survey, const Invitation& invitation) {
  std::vector<Notification> owed;
  if (invitation.channel == "link") return owed;
  owed.push_back(message(survey, invitation, "invite", 0, invitation.due));
  if (survey.remind_after > Duration::zero())
    owed.push_back(message(survey, invitation, "remind", 1, invitation.due + survey.remind_after));
  return owed;
}

Result<std::string> Inviter::channel_of(const SurveySettings& survey, const InviteLine& line) const {
  const EndpointSettings* const endpoint = endpoint_of(settings_, survey);
  const std::string kind = endpoint == nullptr ? "" : endpoint->kind;
  const bool mails = kind == "email" || kind == "file", texts = kind == "ovh" || kind == "twilio" || kind == "file";
  std::string channel = ascii_lower(trim(line.channel));
  if (channel.empty()) {
    channel = endpoint == nullptr ? "link" : texts && !line.phone.empty() ? "sms" : mails ? "email" : "sms";
  }
  if (channel != "email" && channel != "sms" && channel != "link")
    return fail(wrong("channel", "email, sms or link", line.channel));
  if (channel == "email" && !mails)
    return fail(ErrorKind::bad_data, "channel: email needs an endpoint of kind email: set `endpoint` of the survey");
  if (channel == "sms" && !texts)
    return fail(ErrorKind::bad_data,
                "channel: sms needs an endpoint of kind ovh or twilio: set `endpoint` of the survey");
  if (channel == "email" && line.email.empty()) return fail(wrong("email", "an address to write to", line.email));
  if (channel == "sms" && line.phone.empty()) return fail(wrong("phone", "a number to write to", line.phone));
  return channel;
}

Result<SurveyContact> Inviter::contact_of(const SurveySettings& survey, const InviteLine& line) const {
  SurveyContact contact;
  contact.brand = survey.brand;
  TRY(contact.reference, word("id", line.reference));
  TRY(contact.name, word("name", line.name));
  if (!line.email.empty() && !line.phone.empty())
    return fail(ErrorKind::bad_data, "expected an email or a phone, found both: give each a line of its own");
  if (!line.email.empty() || !line.phone.empty()) {
    TRY(contact.address, line.phone.empty() ? read_address(line.email) : read_phone(line.phone));
    if (is_staff(settings_.wall, contact.address))
      return fail(ErrorKind::bad_data, "the address is the staff's (wall.staff), who may not review");
    contact.keys.push_back(tokens_.address_key(contact.address));
  }
  if (!contact.reference.empty()) contact.keys.push_back(tokens_.reference_key(survey.brand, contact.reference));
  if (contact.keys.empty()) return fail(ErrorKind::bad_data, "expected an id, an email or a phone, found none");
  const std::string lang = ascii_lower(trim(line.lang)).substr(0, 2);
  contact.lang = is_page_language(lang) ? lang : survey.language;
  return contact;
}

Result<Inviter::Numbered> Inviter::draft_of(const SurveySettings& survey, const InviteLine& line, Time now) const {
  Numbered out;
  out.number = line.number;
  TRY(out.draft.contact, contact_of(survey, line));
  Invitation& invitation = out.draft.invitation;
  TRY(invitation.channel, channel_of(survey, line));
  TRY(invitation.order, word("order", line.order));
  TRY(invitation.place, word("place", line.place));
  TRY(invitation.exempt, word("exempt", line.exempt));
  TRY(const std::string event, word("event", line.event));
  invitation.lang = out.draft.contact.lang;
  invitation.when = now;
  if (!trim(line.when).empty()) {
    const auto when = parse_loose_time(trim(line.when));
    if (!when) return fail(wrong("when", "a day or a time, such as 2026-11-20", line.when));
    invitation.when = when->time;
    if (invitation.when > now + kClockApart) return fail(wrong("when", "a time that has been", line.when));
    if (now - invitation.when > survey.expires)
      return fail(wrong("when", "a time within `expires` of the survey", line.when));
  }
  const std::string who = out.draft.contact.reference.empty() ? out.draft.contact.address : out.draft.contact.reference;
  const std::string what = !event.empty()              ? concat("event ", event)
                           : !invitation.order.empty() ? concat("order ", invitation.order)
                                                       : concat("who ", who, " at ", trim(line.when));
  invitation.event = tokens_.event_key(what);
  invitation.due = std::max<Time>(now, invitation.when + survey.wait);
  invitation.expires = invitation.due + survey.expires;
  invitation.seed = random_bytes(16);
  const std::string token = tokens_.token(invitation.seed);
  invitation.token = sha256(token);
  invitation.nullifier = tlog::nullifier(token);
  out.link = survey_link(settings_, token);
  return out;
}

Result<void> Inviter::send(const SurveySettings& survey, const std::string& channel, std::vector<Numbered> numbered,
                           InviteSummary& summary) {
  Book book(settings_, store_, clock_);
  InvitationBatch batch;
  batch.brand = survey.brand;
  batch.survey = survey.id;
  batch.channel = channel;
  batch.created = clock_.now();
  batch.quarantine = survey.quarantine;
  for (Numbered& one : numbered) batch.drafts.push_back(std::move(one.draft));
  batch.owed = [&](const Invitation& invitation) { return messages_owed(survey, invitation); };
  if (survey.wall) {
    batch.leaf = [&](const std::vector<std::string>& nullifiers, std::int64_t eligible) -> Result<LeafToAppend> {
      tlog::InvitationLeaf leaf;
      leaf.survey = survey.id;
      leaf.channel = channel;
      leaf.sent = static_cast<std::int64_t>(nullifiers.size());
      leaf.eligible = eligible;
      leaf.root = batch_root(nullifiers);
      return book.entry(survey.brand, leaf);
    };
  }
  TRY(const BatchOutcome outcome, store_.surveys().invite(batch));
  if (outcome.leaf >= 0) summary.leaves.push_back(outcome.leaf);
  for (std::size_t i = 0; i < outcome.outcomes.size(); ++i) {
    switch (outcome.outcomes[i]) {
      case InviteOutcome::invited:
        summary.invited.push_back({numbered[i].number, outcome.invitations[i], channel, numbered[i].link});
        break;
      case InviteOutcome::known: ++summary.known; break;
      case InviteOutcome::suppressed: ++summary.suppressed; break;
      case InviteOutcome::too_soon: ++summary.too_soon; break;
    }
  }
  return {};
}

Result<InviteSummary> Inviter::invite(const SurveySettings& survey, const std::vector<InviteLine>& lines) {
  if (const auto missing = missing_to_invite(settings_, survey); !missing.empty()) {
    std::string list;
    for (const std::string& one : missing) list += concat(list.empty() ? "" : ", ", one);
    return fail(ErrorKind::bad_config, concat("nobody is invited: an invitation must say what is not set: ", list));
  }
  InviteSummary summary;
  const Time now = clock_.now();
  std::map<std::string, std::vector<Numbered>> by_channel;
  for (const InviteLine& line : lines) {
    Result<Numbered> draft = draft_of(survey, line, now);
    if (!draft) {
      summary.refused.push_back({line.number, draft.error().what});
      continue;
    }
    by_channel[draft->draft.invitation.channel].push_back(*std::move(draft));
  }
  if (survey.wall && !by_channel.empty()) {
    Book book(settings_, store_, clock_);
    TRY(book.policy(survey.brand));  // invitations are judged by the rules of their day
  }
  for (auto& [channel, all] : by_channel) {
    for (std::size_t from = 0; from < all.size(); from += kMostAtOnce) {
      const std::size_t to = std::min(all.size(), from + kMostAtOnce);
      TRY(send(survey, channel,
               {std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(from)),
                std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(to))},
               summary));
    }
  }
  return summary;
}

}  // namespace vigie
