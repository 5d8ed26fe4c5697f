#include "store/surveys.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "store/forgetting.h"
#include "store/log_leaves.h"
#include "store/owing.h"
#include "store/rows.h"

namespace vigie {
namespace {

constexpr int kMostRead = 10'000;

constexpr std::string_view kInvitation =
    "id, batch, contact, survey, event, token, seed, nullifier, channel, lang, place, order_number, experienced, "
    "exempt, created, due, expires, sent, reminded, bounced, started, answered, opted_out";

Invitation read_invitation(const Statement& statement) {
  Columns row(statement);
  Invitation one;
  one.id = row.integer();
  one.batch = row.integer();
  one.contact = row.integer();
  one.survey = row.text();
  one.event = row.text();
  one.token = row.text();
  one.seed = row.text();
  one.nullifier = row.text();
  one.channel = row.text();
  one.lang = row.text();
  one.place = row.text();
  one.order = row.text();
  one.when = row.time();
  one.exempt = row.text();
  one.created = row.time();
  one.due = row.time();
  one.expires = row.time();
  for (std::optional<Time>* at : {&one.sent, &one.reminded, &one.bounced, &one.started, &one.answered, &one.opted_out})
    *at = row.time_or_null();
  return one;
}

std::string_view column_of(InvitationStep step) {
  switch (step) {
    case InvitationStep::sent: return "sent";
    case InvitationStep::reminded: return "reminded";
    case InvitationStep::started: return "started";
    case InvitationStep::answered: return "answered";
  }
  return "sent";
}

class SqlSurveyStore final : public SurveyStore {
 public:
  explicit SqlSurveyStore(Driver& driver) : driver_(driver) {}

  Result<BatchOutcome> invite(const InvitationBatch& batch) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    BatchOutcome outcome;
    std::vector<std::string> nullifiers;
    std::vector<Notification> owed;
    std::int64_t eligible = 0;
    for (const InvitationDraft& draft : batch.drafts) {
      TRY(const Asked asked, look_at(batch, draft));
      outcome.outcomes.push_back(asked.outcome);
      std::int64_t& id = outcome.invitations.emplace_back(0);
      if (asked.outcome != InviteOutcome::known) ++eligible;
      if (asked.outcome != InviteOutcome::invited) continue;
      if (outcome.batch == 0) {
        TRY(outcome.batch, add_batch(batch));
      }
      Invitation invitation = draft.invitation;
      invitation.batch = outcome.batch;
      invitation.survey = batch.survey;
      invitation.channel = batch.channel;
      invitation.created = batch.created;
      TRY(invitation.contact, keep_contact(draft.contact, asked.contact, batch.created));
      TRY(id, add_invitation(invitation));
      invitation.id = id;
      nullifiers.push_back(invitation.nullifier);
      if (!batch.owed) continue;
      for (Notification& one : batch.owed(invitation)) owed.push_back(std::move(one));
    }
    if (outcome.batch == 0) return outcome;
    TRY(owe(driver_, owed));
    if (batch.leaf) {
      TRY(const LeafToAppend leaf, batch.leaf(nullifiers, eligible));
      TRY(const std::vector<AppendedLeaf> appended, append_to_log(driver_, batch.brand, {leaf}));
      outcome.leaf = appended.front().index;
    }
    TRY(run("update survey_batches set sent = ?, eligible = ?, leaf = ? where id = ?", [&](Parameters& to) {
      to.integer(static_cast<std::int64_t>(nullifiers.size())).integer(eligible);
      to.integer_or_null(outcome.leaf < 0 ? std::nullopt : std::optional(outcome.leaf)).integer(outcome.batch);
    }));
    TRY(transaction.commit());
    return outcome;
  }

  Result<std::optional<Invitation>> invitation(std::int64_t id) override {
    return read_one("id = ?", [&](Parameters& to) { to.integer(id); });
  }
  Result<std::optional<Invitation>> invitation_of_token(const std::string& hash) override {
    return read_one("token = ?", [&](Parameters& to) { to.blob(hash); });
  }

  Result<std::optional<SurveyContact>> contact(std::int64_t id) override {
    TRY(const Query query,
        driver_.prepare("select id, brand, reference, address, name, lang from survey_contacts where id = ?"));
    query->bind_integer(1, id);
    TRY(const bool found, query->step());
    if (!found) return std::optional<SurveyContact>();
    Columns row(*query);
    SurveyContact contact;
    contact.id = row.integer();
    contact.brand = row.text();
    contact.reference = row.text();
    contact.address = row.text();
    contact.name = row.text();
    contact.lang = row.text();
    return std::optional(std::move(contact));
  }

  Result<std::vector<Invitation>> invitations(const std::string& survey, std::int64_t after, int limit) override {
    TRY(const Query query, driver_.prepare(concat("select ", kInvitation,
                                                  " from survey_invitations where survey = ? and id > ? "
                                                  "order by id limit ?")));
    Parameters(*query).text(survey).integer(after).integer(std::clamp(limit, 0, kMostRead));
    std::vector<Invitation> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      found.push_back(read_invitation(*query));
    }
  }

  Result<void> note(std::int64_t invitation, InvitationStep step, Time at) override {
    const std::string_view column = column_of(step);
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
    TRY(run(concat("update survey_invitations set ", column, " = coalesce(", column, ", ?) where id = ?"),
            [&](Parameters& to) { to.time(at).integer(invitation); }));
    return transaction.commit();
  }

  Result<void> note_bounced(std::int64_t id, const std::string& key, Time at) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(run("update survey_invitations set bounced = coalesce(bounced, ?) where id = ?",
            [&](Parameters& to) { to.time(at).integer(id); }));
    TRY(insert_suppression("", key, "bounced", at));
    return transaction.commit();
  }

  Result<void> opt_out(std::int64_t id, const std::string& brand, Time at) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(run("update survey_invitations set opted_out = coalesce(opted_out, ?) where id = ?",
            [&](Parameters& to) { to.time(at).integer(id); }));
    TRY(
        run("insert into survey_suppressions (brand, key, why, at) select ?, k.key, 'opted out', ? from "
            "survey_contact_keys k join survey_invitations i on i.contact = k.contact where i.id = ? "
            "on conflict do nothing",
            [&](Parameters& to) { to.text(brand).time(at).integer(id); }));
    return transaction.commit();
  }

  Result<void> suppress(const std::string& brand, const std::string& key, const std::string& why, Time at) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(insert_suppression(brand, key, why, at));
    return transaction.commit();
  }

  Result<bool> is_suppressed(const std::string& brand, const std::vector<std::string>& keys) override {
    for (const std::string& key : keys) {
      TRY(const Query query,
          driver_.prepare("select 1 from survey_suppressions where key = ? and brand in ('', ?) limit 1"));
      Parameters(*query).blob(key).text(brand);
      TRY(const bool found, query->step());
      if (found) return true;
    }
    return false;
  }

  Result<void> add_consent(const Consent& consent) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(
        run("insert into survey_consents (brand, key, basis, wording, version, how, evidence, by, at) values "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [&](Parameters& to) {
              to.text(consent.brand).blob(consent.key).text(consent.basis).text(consent.wording).text(consent.version);
              to.text(consent.how).text(consent.evidence).text(consent.by).time(consent.at);
            }));
    return transaction.commit();
  }

  Result<std::vector<Consent>> consents(const std::string& key) override {
    TRY(const Query query,
        driver_.prepare("select number, brand, key, basis, wording, version, how, evidence, by, at from "
                        "survey_consents where key = ? order by number"));
    Parameters(*query).blob(key);
    std::vector<Consent> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      Consent& one = found.emplace_back();
      one.number = row.integer();
      one.brand = row.text();
      one.key = row.text();
      one.basis = row.text();
      one.wording = row.text();
      one.version = row.text();
      one.how = row.text();
      one.evidence = row.text();
      one.by = row.text();
      one.at = row.time();
    }
  }

  Result<std::int64_t> add_private_answer(const PrivateAnswer& answer) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    std::int64_t first = 0;
    Time received = answer.at;
    if (!answer.invitation.empty()) {
      TRY(const Query before, driver_.prepare("select id, received from survey_answers where invitation = ? limit 1"));
      Parameters(*before).blob(answer.invitation);
      TRY(const bool found, before->step());
      if (found) {
        first = before->integer(0);
        received = from_epoch_micros(before->integer(1));
      }
    }
    std::string marks;
    for (const std::string& mark : answer.marks) marks += concat(marks.empty() ? "" : " ", mark);
    TRY(const Query query,
        driver_.prepare("insert into survey_answers (id, survey, origin, channel, place, lang, scale, invitation, "
                        "rating, body, author, experienced, tell, contact, marks, at, received) values "
                        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning number"));
    Parameters to(*query);
    to.integer(first).text(answer.survey).text(answer.origin).text(answer.channel).text(answer.place);
    to.text(answer.lang).text(answer.scale);
    to.blob_or_null(answer.invitation);
    to.integer(answer.rating).text(answer.text).text(answer.author).text(answer.when).integer(answer.tell);
    to.text(answer.contact).text(marks).time(answer.at).time(received);
    TRY(query->step());
    const std::int64_t number = query->integer(0);
    query->reset();
    if (first == 0) {
      first = number;
      TRY(run("update survey_answers set id = number where number = ?", [&](Parameters& set) { set.integer(number); }));
    }
    TRY(transaction.commit());
    return first;
  }

  Result<std::optional<PrivateAnswer>> private_answer_of(const std::string& invitation) override {
    TRY(const Query query,
        driver_.prepare("select id, survey, origin, channel, place, lang, scale, invitation, rating, body, author, "
                        "experienced, tell, contact, marks, at from survey_answers where invitation = ? "
                        "order by number desc limit 1"));
    Parameters(*query).blob(invitation);
    TRY(const bool found, query->step());
    if (!found) return std::optional<PrivateAnswer>();
    Columns row(*query);
    PrivateAnswer one;
    one.id = row.integer();
    one.survey = row.text();
    one.origin = row.text();
    one.channel = row.text();
    one.place = row.text();
    one.lang = row.text();
    one.scale = row.text();
    one.invitation = row.text();
    one.rating = row.integer();
    one.text = row.text();
    one.author = row.text();
    one.when = row.text();
    one.tell = row.flag();
    one.contact = row.text();
    one.marks = split_words(row.view());
    one.at = row.time();
    return std::optional(std::move(one));
  }

  Result<std::vector<AnswerCount>> answer_counts(const std::string& survey, Time from, Time to) override {
    // An invitation that was answered privately first and for the wall later is one answer, the wall's.
    TRY(const Query query,
        driver_.prepare(
            "select r.received / 86400000000 as day, r.origin, r.channel, coalesce(p.value, '') as place, 1, "
            "r.shown is not null, v.rating, count(*) from reviews r "
            "join review_versions v on v.review = r.id and v.leaf = (select max(n.leaf) from review_versions n "
            "where n.review = r.id) left join review_values p on p.review = r.id and p.leaf = v.leaf and p.field = 3 "
            "where r.survey = ?1 and r.received >= ?2 and r.received < ?3 group by 1, 2, 3, 4, 6, 7 "
            "union all "
            "select a.received / 86400000000, a.origin, a.channel, a.place, 0, 0, a.rating, count(*) "
            "from survey_answers a where a.survey = ?1 and a.received >= ?2 and a.received < ?3 and "
            "a.number = (select max(l.number) from survey_answers l where l.id = a.id) and (a.invitation is null or "
            "not exists (select 1 from reviews w where w.invitation = a.invitation)) group by 1, 2, 3, 4, 7 "
            "order by 1"));
    Parameters(*query).text(survey).time(from).time(to);
    std::vector<AnswerCount> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      AnswerCount& one = found.emplace_back();
      one.day = row.integer();
      one.origin = row.text();
      one.channel = row.text();
      one.place = row.text();
      one.for_wall = row.flag();
      one.published = row.flag();
      one.rating = row.integer_or_null();
      one.count = row.integer();
    }
  }

  Result<std::vector<InvitationCount>> invitation_counts(const std::string& survey, Time from, Time to) override {
    TRY(const Query query,
        driver_.prepare("select channel, place, created / 86400000000, count(*), "
                        "sum((sent is not null or channel = 'link') and bounced is null), sum(bounced is not null), "
                        "sum(reminded is not null), sum(started is not null), sum(answered is not null), "
                        "sum(opted_out is not null) from survey_invitations where survey = ? and created >= ? and "
                        "created < ? group by 1, 2, 3 order by 3, 1, 2"));
    Parameters(*query).text(survey).time(from).time(to);
    std::vector<InvitationCount> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      InvitationCount& one = found.emplace_back();
      one.channel = row.text();
      one.place = row.text();
      one.day = row.integer();
      for (std::int64_t* count :
           {&one.invited, &one.delivered, &one.bounced, &one.reminded, &one.started, &one.answered, &one.opted_out})
        *count = row.integer();
    }
  }

  Result<std::int64_t> forget_contacts(Time now, Time before) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(
        run("update survey_contacts set address = '', name = '' where (address <> '' or name <> '') and asked < ? and "
            "not exists (select 1 from survey_invitations i where i.contact = survey_contacts.id and i.expires > ?)",
            [&](Parameters& to) { to.time(before).time(now); }));
    const std::int64_t forgotten = driver_.changes();
    TRY(transaction.commit());
    return forgotten;
  }

 private:
  struct Asked {
    InviteOutcome outcome = InviteOutcome::invited;
    std::int64_t contact = 0;  // who it is, when they are known
  };

  template <class Bind>
  Result<void> run(std::string_view sql, Bind bind) {
    TRY(const Query query, driver_.prepare(sql));
    Parameters to(*query);
    bind(to);
    TRY(query->step());
    return {};
  }

  template <class Bind>
  Result<std::optional<Invitation>> read_one(std::string_view condition, Bind bind) {
    TRY(const Query query,
        driver_.prepare(concat("select ", kInvitation, " from survey_invitations where ", condition)));
    Parameters to(*query);
    bind(to);
    TRY(const bool found, query->step());
    return found ? std::optional(read_invitation(*query)) : std::nullopt;
  }

  Result<Asked> look_at(const InvitationBatch& batch, const InvitationDraft& draft) {
    Asked asked;
    TRY(const Query known, driver_.prepare("select 1 from survey_invitations where survey = ? and event = ?"));
    Parameters(*known).text(batch.survey).text(draft.invitation.event);
    TRY(const bool again, known->step());
    if (again) return Asked{InviteOutcome::known, 0};
    TRY(const bool suppressed, is_suppressed(batch.brand, draft.contact.keys));
    if (suppressed) return Asked{InviteOutcome::suppressed, 0};
    std::optional<Time> last;
    for (const std::string& key : draft.contact.keys) {
      TRY(const Query query, driver_.prepare("select c.id, c.asked from survey_contact_keys k join survey_contacts c "
                                             "on c.id = k.contact where k.key = ?"));
      Parameters(*query).blob(key);
      TRY(const bool found, query->step());
      if (!found) continue;
      if (asked.contact == 0) asked.contact = query->integer(0);
      const Time at = from_epoch_micros(query->integer(1));
      last = last ? std::max(*last, at) : at;
    }
    const Duration least =
        draft.invitation.exempt.empty() ? std::max(batch.quarantine, batch.at_least) : batch.at_least;
    if (last && batch.created - *last < least) asked.outcome = InviteOutcome::too_soon;
    return asked;
  }

  Result<std::int64_t> add_batch(const InvitationBatch& batch) {
    TRY(const Query query, driver_.prepare("insert into survey_batches (survey, channel, created, sent, eligible) "
                                           "values (?, ?, ?, 0, 0) returning id"));
    Parameters(*query).text(batch.survey).text(batch.channel).time(batch.created);
    TRY(query->step());
    return query->integer(0);
  }

  Result<std::int64_t> keep_contact(const SurveyContact& contact, std::int64_t known, Time now) {
    std::int64_t id = known;
    if (known == 0) {
      TRY(const Query query, driver_.prepare("insert into survey_contacts (brand, reference, address, name, lang, "
                                             "asked) values (?, ?, ?, ?, ?, ?) returning id"));
      Parameters(*query).text(contact.brand).text(contact.reference).text(contact.address).text(contact.name);
      query->bind_text(5, contact.lang);
      query->bind_integer(6, to_epoch_micros(now));
      TRY(query->step());
      id = query->integer(0);
    } else {
      // What the operator says last of a customer is what holds.
      TRY(
          run("update survey_contacts set address = case ?1 when '' then address else ?1 end, name = ?2, lang = ?3, "
              "asked = ?4 where id = ?5",
              [&](Parameters& to) {
                to.text(contact.address).text(contact.name).text(contact.lang).time(now).integer(known);
              }));
    }
    for (const std::string& key : contact.keys) {
      TRY(run("insert into survey_contact_keys (key, contact) values (?, ?) on conflict do nothing",
              [&](Parameters& to) { to.blob(key).integer(id); }));
      TRY(run("update survey_contacts set asked = ? where id = (select contact from survey_contact_keys where key = ?)",
              [&](Parameters& to) { to.time(now).blob(key); }));
    }
    return id;
  }

  Result<std::int64_t> add_invitation(const Invitation& one) {
    TRY(const Query query,
        driver_.prepare("insert into survey_invitations (batch, contact, survey, event, token, seed, nullifier, "
                        "channel, lang, place, order_number, experienced, exempt, created, due, expires) values "
                        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id"));
    Parameters to(*query);
    to.integer(one.batch).integer(one.contact).text(one.survey).text(one.event).blob(one.token).blob(one.seed);
    to.blob(one.nullifier).text(one.channel).text(one.lang).text(one.place).text(one.order).time(one.when);
    to.text(one.exempt).time(one.created).time(one.due).time(one.expires);
    TRY(query->step());
    return query->integer(0);
  }

  Result<void> insert_suppression(const std::string& brand, const std::string& key, std::string_view why, Time at) {
    return run("insert into survey_suppressions (brand, key, why, at) values (?, ?, ?, ?) on conflict do nothing",
               [&](Parameters& to) { to.text(brand).blob(key).text(why).time(at); });
  }

  Driver& driver_;
};

}  // namespace

std::string_view to_text(InviteOutcome outcome) {
  constexpr std::array<std::string_view, 4> kNames = {"invited", "known", "suppressed", "too_soon"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::unique_ptr<SurveyStore> make_survey_store(Driver& driver) { return std::make_unique<SqlSurveyStore>(driver); }

}  // namespace vigie
