#include "wall/privacy.h"

#include "base/json.h"
#include "store/moderation.h"
#include "store/privacy.h"
#include "store/reviews.h"
#include "store/surveys.h"

namespace vigie {
namespace {

void write_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, format_rfc3339(*time));
}

void write_version(json::Writer& out, const ReviewVersion& version) {
  out.begin_object();
  out.key("entry").integer(version.leaf);
  out.member("written", format_rfc3339(version.at));
  if (version.rating) out.key("rating").integer(*version.rating);
  for (std::size_t field = 0; field < kReviewFields; ++field)
    out.member_if(kReviewFieldNames[field], version.values[field]);
  out.member("state", to_text(version.state)).member_if("reason", version.code);
  out.member_if("shown_instead", version.masked_text);
  write_time(out, "decided", version.decided);
  write_time(out, "published", version.published);
  out.end_object();
}

// Who of the team decided is theirs, not the author's, to know.
void write_acts(json::Writer& out, const std::vector<ReviewAct>& acts) {
  out.key("decisions").begin_array();
  for (const ReviewAct& act : acts) {
    out.begin_object().member("at", format_rfc3339(act.at)).member("act", act.act).member_if("reason", act.code);
    out.member_if("in_words", act.words).member("by", act.by);
    out.key("entry").integer(act.leaf).end_object();
  }
  out.end_array();
}

void write_judgement(json::Writer& out, const Judgement& judgement) {
  out.begin_object();
  out.member_if("language", judgement.lang).member("opinion", to_text(judgement.effective()));
  out.key("by_a_person").boolean(judgement.human.has_value());
  out.key("negative").number(judgement.p_neg).key("neutral").number(judgement.p_neu);
  out.key("positive").number(judgement.p_pos).key("themes").begin_array();
  for (const std::string& theme : judgement.themes) out.string(theme);
  out.end_array().key("words_that_moved_it").begin_array();
  for (const DrivingWord& driver : judgement.drivers) out.string(driver.word);
  out.end_array().member_if("model", judgement.model).end_object();
}

void write_mention(json::Writer& out, const StoredMention& stored) {
  out.begin_object().key("mention");
  write_json(out, stored.mention);
  out.member("received", format_rfc3339(stored.ingested)).key("analysis");
  write_judgement(out, stored.judgement);
  out.end_object();
}

Result<std::optional<StoredMention>> mention_of(Store& store, const Review& review) {
  if (review.mention.empty()) return std::optional<StoredMention>();
  TRY(const std::optional<std::int64_t> seq, store.seq_of(review.source, review.mention));
  return seq ? store.mention(*seq) : Result<std::optional<StoredMention>>(std::nullopt);
}

Result<void> write_review(json::Writer& out, Store& store, const Review& review) {
  out.begin_object().member("kind", "review").member("wall", review.brand);
  out.key("entry").integer(review.leaf);
  out.member("received", format_rfc3339(review.received)).member("state", to_text(review.state));
  out.member_if("survey", review.survey).member("origin", review.origin).member("channel", review.channel);
  out.member("scale", review.scale).member_if("language", review.lang).member("incentive", review.incentive);
  out.member("verified_by", review.verified).member_if("contact", review.contact);
  out.key("wants_to_hear_of_improvements").boolean(review.tell).key("noticed").begin_array();
  for (const std::string& mark : review.marks) out.string(mark);
  out.end_array().key("versions").begin_array();
  for (const ReviewVersion& version : review.versions) write_version(out, version);
  out.end_array();
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(review.id));
  write_acts(out, acts);
  TRY(const std::vector<SealedEvidence> sealed, store.moderation().evidence(review.id));
  out.key("sealed_as_evidence").begin_array();
  for (const SealedEvidence& one : sealed)
    out.begin_object().member("reason", one.code).member("until", format_rfc3339(one.until)).end_object();
  out.end_array();
  TRY(const std::optional<StoredMention> mention, mention_of(store, review));
  if (mention) write_mention(out.key("analysed_as"), *mention);
  out.end_object();
  return {};
}

void write_invitation(json::Writer& out, const Invitation& one) {
  out.begin_object().member("survey", one.survey).member("channel", one.channel).member_if("order", one.order);
  out.member_if("place", one.place).member("experience", format_rfc3339(one.when));
  out.member("invited", format_rfc3339(one.created)).member("expires", format_rfc3339(one.expires));
  write_time(out, "sent", one.sent);
  write_time(out, "reminded", one.reminded);
  write_time(out, "bounced", one.bounced);
  write_time(out, "started", one.started);
  write_time(out, "answered", one.answered);
  write_time(out, "opted_out", one.opted_out);
  out.end_object();
}

Result<void> write_customer(json::Writer& out, Store& store, std::int64_t id) {
  TRY(const std::optional<SurveyContact> contact, store.surveys().contact(id));
  if (!contact) return {};
  out.begin_object().member("kind", "customer").member("brand", contact->brand);
  out.member_if("number", contact->reference).member_if("address", contact->address).member_if("name", contact->name);
  out.member_if("language", contact->lang).key("invitations").begin_array();
  TRY(const std::vector<Invitation> all, store.reviews().privacy().invitations_of(id));
  for (const Invitation& one : all) write_invitation(out, one);
  out.end_array().end_object();
  return {};
}

Result<void> write_answer(json::Writer& out, Store& store, std::int64_t id) {
  TRY(const std::vector<PrivateAnswer> versions, store.reviews().privacy().answer(id));
  out.begin_object().member("kind", "answer").key("versions").begin_array();
  for (const PrivateAnswer& one : versions) {
    out.begin_object()
        .member("survey", one.survey)
        .member("at", format_rfc3339(one.at))
        .key("rating")
        .integer(one.rating);
    out.member("scale", one.scale).member_if("text", one.text).member_if("author", one.author);
    out.member_if("when", one.when).member_if("place", one.place).member_if("contact", one.contact);
    out.key("wants_to_hear_of_improvements").boolean(one.tell).end_object();
  }
  out.end_array().end_object();
  return {};
}

Result<void> write_notice(json::Writer& out, Store& store, std::int64_t id) {
  TRY(const std::optional<Notice> notice, store.moderation().notice(id));
  if (!notice) return {};
  out.begin_object().member("kind", "notice").member("wall", notice->brand).member("sent", format_rfc3339(notice->at));
  out.member("reason_code", notice->code).member("reason", notice->reason).member("name", notice->name);
  out.member("mail", notice->mail).member_if("outcome", notice->outcome).member_if("in_words", notice->words);
  out.end_object();
  return {};
}

Result<void> write_trace(json::Writer& out, Store& store, const Trace& trace) {
  if (trace.kind == "review") {
    TRY(const std::optional<Review> review, store.reviews().review(trace.id));
    if (review) TRY(write_review(out, store, *review));
  } else if (trace.kind == "mention") {
    TRY(const std::optional<StoredMention> mention, store.mention(trace.id));
    if (mention) write_mention(out, *mention);
  } else if (trace.kind == "customer") {
    TRY(write_customer(out, store, trace.id));
  } else if (trace.kind == "notice") {
    TRY(write_notice(out, store, trace.id));
  } else if (trace.kind == "answer") {
    TRY(write_answer(out, store, trace.id));
  }
  return {};
}

}  // namespace

Result<std::string> export_of(Store& store, const Review& review) {
  json::Writer out;
  TRY(write_review(out, store, review));
  return out.take();
}

Result<std::string> export_of(Store& store, const std::string& who, const std::vector<Trace>& traces, Time now) {
  json::Writer out;
  out.begin_object().member("asked_for", who).member("made", format_rfc3339(now)).key("held").begin_array();
  for (const Trace& trace : traces) TRY(write_trace(out, store, trace));
  out.end_array().end_object();
  return out.take();
}

Result<void> erase_review(Book& book, const Review& review, const std::string& who,
                          const std::optional<std::string>& secret, const std::string& basis) {
  TRY(book.erase(review, basis, who, secret));
  return {};
}

}  // namespace vigie
