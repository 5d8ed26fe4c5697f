#include "app/data_register.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/wording.h"

namespace vigie {
namespace {

constexpr std::string_view kActivities[] = {"reviews", "surveys", "moderation", "mentions",
                                            "alerts",  "team",    "log",        "erasures"};

std::string days(const Wording& words, Duration duration) {
  return words.count("days", std::chrono::floor<std::chrono::days>(duration).count());
}

// The longest that an invitation may be answered.
Duration longest_invitation(const Settings& settings) {
  Duration longest{};
  for (const SurveySettings& survey : settings.surveys) longest = std::max(longest, survey.expires);
  return longest;
}

std::string kept(const Wording& words, const Settings& settings, std::string_view activity) {
  const std::string path = concat(activity, ".kept");
  if (activity == "reviews") return words.say(path, {{"keep", days(words, settings.wall.keep)}});
  if (activity == "surveys") return words.say(path, {{"expires", days(words, longest_invitation(settings))}});
  return words.say(path);
}

std::string recipients(const Wording& words, const Settings& settings, std::string_view activity) {
  std::set<std::string> who;
  const bool told = activity == "alerts", asked = activity == "surveys" || activity == "reviews";
  for (const EndpointSettings& endpoint : settings.endpoints) {
    const bool invites = std::any_of(settings.surveys.begin(), settings.surveys.end(),
                                     [&](const SurveySettings& survey) { return survey.endpoint == endpoint.id; });
    if (told || (asked && invites)) who.insert(concat(endpoint.id, " (", endpoint.kind, ")"));
  }
  if (activity == "reviews" || activity == "log") who.insert(words.say("public"));
  std::string all;
  for (const std::string& one : who) all += concat(all.empty() ? "" : ", ", one);
  return all.empty() ? words.say("nobody") : all;
}

std::string columns(std::string_view activity) {
  std::string lines;
  for (const HeldColumns& table : held_columns()) {
    if (table.activity != activity || table.personal.empty()) continue;
    std::string names;
    for (const std::string_view column : split(table.personal, ' '))
      names += concat(names.empty() ? "" : ", ", "`", column, "`");
    lines += concat("  - `", table.table, "`: ", names, "\n");
  }
  return lines;
}

std::string line(const Wording& words, std::string_view label, const std::string& text) {
  return concat("- **", words.say(concat("labels.", label)), "** ", text, "\n");
}

std::string section(const Wording& words, const Settings& settings, std::string_view activity) {
  const auto say = [&](std::string_view what) { return words.say(concat(activity, ".", what)); };
  std::string out = concat("## ", say("title"), "\n\n");
  out += line(words, "purpose", say("purpose"));
  out += line(words, "basis", say("basis"));
  out += line(words, "people", say("people"));
  out += line(words, "kept", kept(words, settings, activity));
  out += line(words, "recipients", recipients(words, settings, activity));
  const std::string held = columns(activity);
  out += line(words, "columns", held.empty() ? words.say("no_columns") : "");
  return concat(out, held, "\n");
}

}  // namespace

const std::vector<HeldColumns>& held_columns() {
  static const std::vector<HeldColumns> all = {
      {"reviews", "reviews", "contact receipt invitation mention lock",
       "brand survey origin channel scale lang incentive verified state secret_by marks source"},
      {"reviews", "review_versions", "masked_text", "state code"},
      {"reviews", "review_values", "value", ""},
      {"reviews", "review_keys", "key", ""},
      {"reviews", "review_acts", "words masked_text who", "act code by"},
      {"reviews", "wall_snapshots", "", "brand json"},
      {"mentions", "mentions",
       "author_id author_name author_handle title text url reply_text drivers ext_id native parent thread place "
       "human_by",
       "brands label human lang themes cues model source kind declared_lang version aspects"},
      {"mentions", "mention_brand", "", "brand"},
      {"mentions", "versions", "title text reply_text", "label human"},
      {"mentions", "mention_words", "title text", ""},
      {"mentions", "rejected", "bytes", "source reason"},
      {"mentions", "corrections", "by", "machine model label"},
      {"mentions", "watch", "state", ""},
      {"mentions", "cursors", "", "source value"},
      {"mentions", "sources", "", "source state error network attribution notices"},
      {"mentions", "arrivals", "", "source"},
      {"mentions", "allowances", "", "name"},
      {"mentions", "spending", "", "name"},
      {"mentions", "moves", "", "source old_url new_url"},
      {"mentions", "looks", "", "source"},
      {"mentions", "hurried", "", "source"},
      {"mentions", "hourly", "", "brand"},
      {"mentions", "hour_authors", "", "brand"},
      {"alerts", "incidents", "body", "id brand kind state"},
      {"alerts", "transitions", "actor reason", "incident event from_state to_state"},
      {"alerts", "signals", "body", "id brand"},
      {"alerts", "notifications", "recipient document last_error detail",
       "id subject_kind subject_id purpose endpoint state remote_id reason last_code stands_for"},
      {"alerts", "payloads", "bytes", "notification"},
      {"alerts", "outbox_acts", "by", "notification act reason"},
      {"alerts", "verdicts", "by", "incident word"},
      {"alerts", "acts", "by reason value", "id incident kind outcome"},
      {"alerts", "silences", "body", ""},
      {"alerts", "held_back", "person", "notification endpoint incident brand purpose reason digest"},
      {"alerts", "digests", "person", ""},
      {"alerts", "buckets", "name", "body"},
      {"alerts", "passed", "", "notification"},
      {"alerts", "unsubscribed", "by", "endpoint brand"},
      {"alerts", "endpoints", "address", "id circuit reason"},
      {"alerts", "paced_sends", "", "endpoint"},
      {"team", "tokens", "hash", "purpose"},
      {"team", "settings", "", "key value"},
      {"surveys", "survey_contacts", "reference address name", "brand lang"},
      {"surveys", "survey_contact_keys", "key", ""},
      {"surveys", "survey_batches", "", "survey channel"},
      {"surveys", "survey_invitations", "order_number place exempt event token seed nullifier", "survey channel lang"},
      {"surveys", "survey_suppressions", "key", "brand why"},
      {"surveys", "survey_consents", "key evidence by", "brand basis wording version how"},
      {"surveys", "survey_answers", "body author experienced place contact invitation",
       "survey origin channel lang scale marks"},
      {"moderation", "review_checks", "spans", "marks"},
      {"moderation", "replies", "by", "brand source"},
      {"moderation", "improvements", "", "brand theme state effect"},
      {"moderation", "improvement_steps", "by", "state"},
      {"moderation", "wall_fields", "value key", "brand"},
      {"moderation", "notices", "reason name mail words by status", "brand kind code url language outcome"},
      {"moderation", "appeals", "words decided_by by answer", "outcome"},
      {"moderation", "evidence", "box", "brand code"},
      {"moderation", "told", "", "about how"},
      {"log", "log_walls", "", "wall promised_root"},
      {"log", "log_leaves", "", "bytes hash"},
      {"log", "log_once", "", "mark"},
      {"log", "log_checkpoints", "", "note"},
      {"log", "log_cosignatures", "", "witness line"},
      {"erasures", "erasures", "mention", "brand source messages step"},
      {"erasures", "unwelcome", "ext_id", "source"},
  };
  return all;
}

Result<std::string> data_register(const Settings& settings, const std::string& language) {
  TRY(const Wording words, Wording::load("privacy", language));
  std::string out = concat("# ", words.say("title"), "\n\n");
  out += line(words, "controller", settings.organisation.empty() ? words.say("not_said") : settings.organisation);
  out += line(words, "address", settings.wall.address.empty() ? words.say("not_said") : settings.wall.address);
  out += line(words, "contact", settings.wall.contact.empty() ? words.say("not_said") : settings.wall.contact);
  out += line(words, "where", words.say("where", {{"folder", settings.data}}));
  out += line(words, "rights", words.say("rights"));
  out += line(words, "logs", words.say("logs"));
  out += "\n";
  for (const std::string_view activity : kActivities) out += section(words, settings, activity);
  return out;
}

}  // namespace vigie
