#include "store/privacy.h"

#include <algorithm>
#include <array>

#include "store/forgetting.h"
#include "store/rows.h"

namespace vigie {
namespace {

constexpr int kMostWork = 1000;
constexpr std::array<std::string_view, 5> kSteps = {"watch", "files", "bytes", "look", "done"};

constexpr std::string_view kWork =
    "select number, asked, brand, leaf, source, mention, seq, event, messages, step from erasures where ";

Result<ErasureWork> read_work(const Statement& statement) {
  Columns row(statement);
  ErasureWork work;
  work.number = row.integer();
  work.asked = row.time();
  work.brand = row.text();
  work.leaf = row.integer_or_null();
  work.source = row.text();
  work.mention = row.text();
  work.seq = row.integer_or_null();
  work.event = row.time_or_null();
  work.messages = split_lines(row.view());
  const std::string_view step = row.view();
  for (std::size_t i = 0; i < kSteps.size(); ++i) {
    if (kSteps[i] != step) continue;
    work.step = static_cast<ErasureStep>(i);
    return work;
  }
  return fail(ErrorKind::bug, concat("erasures: expected a step, found \"", step, "\""));
}

// Where people stand, each with how its rows are named.
struct Place {
  std::string_view kind, where, sql;  // id, reference, time
};
constexpr Place kPlaces[] = {
    {"review", "contact",
     "select id, brand || '/' || leaf, received from reviews where contact <> '' and lower(contact) = lower(?)"},
    {"review", "author",
     "select r.id, r.brand || '/' || r.leaf, r.received from reviews r join review_values v on v.review = r.id "
     "where v.field = 1 and lower(v.value) = lower(?) group by r.id"},
    {"mention", "author",
     "select seq, 'mention/' || seq, event from mentions where deleted = 0 and erased = 0 and (author_name = ?1 "
     "collate "
     "nocase or author_handle = ?1 collate nocase or author_handle = '@' || ?1 collate nocase or author_id = ?1)"},
    {"customer", "address",
     "select id, 'customer/' || id, asked from survey_contacts where address <> '' and lower(address) = lower(?)"},
    {"customer", "name",
     "select id, 'customer/' || id, asked from survey_contacts where name <> '' and lower(name) = lower(?)"},
    {"customer", "number",
     "select id, 'customer/' || id, asked from survey_contacts where reference <> '' and reference = ?"},
    {"answer", "contact",
     "select id, 'answer/' || id, min(received) from survey_answers where contact <> '' and lower(contact) = lower(?) "
     "group by id"},
    {"answer", "author",
     "select id, 'answer/' || id, min(received) from survey_answers where author <> '' and lower(author) = lower(?) "
     "group by id"},
    {"notice", "sender",
     "select id, 'notice/' || id, at from notices where (mail <> '' and lower(mail) = lower(?1)) or (name <> '' and "
     "lower(name) = lower(?1))"},
};

class SqlPrivacyStore final : public PrivacyStore {
 public:
  explicit SqlPrivacyStore(Driver& driver) : driver_(driver) {}

  Result<std::vector<ErasureWork>> unfinished() override {
    return work_where("step <> 'done' order by number limit ?", kMostWork);
  }

  Result<std::vector<ErasureWork>> erased_after(std::int64_t number) override {
    return work_where("number > ? and seq is not null order by number limit 1000", number);
  }

  Result<void> advance(std::int64_t number, ErasureStep from, ErasureStep to) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(const Query query, driver_.prepare("update erasures set step = ? where number = ? and step = ?"));
    Parameters(*query).text(to_text(to)).integer(number).text(to_text(from));
    TRY(query->step());
    return transaction.commit();
  }

  Result<bool> look_again(std::int64_t number) override {
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(const std::vector<ErasureWork> work, work_where("number = ?", number));
    if (work.empty()) return false;
    TRY(const bool found, forget_again(driver_, work.front()));
    TRY(transaction.commit());
    return found;
  }

  Result<void> purge() override { return driver_.purge(); }

  Result<std::vector<Trace>> find(const std::string& who) override {
    std::vector<Trace> found;
    for (const Place& place : kPlaces) {
      TRY(const Query query, driver_.prepare(place.sql));
      query->bind_text(1, who);
      for (;;) {
        TRY(const bool more, query->step());
        if (!more) break;
        Columns row(*query);
        Trace& trace = found.emplace_back();
        trace.kind = place.kind;
        trace.where = place.where;
        trace.id = row.integer();
        trace.ref = row.text();
        trace.at = row.time();
      }
    }
    return found;
  }

  Result<std::vector<Invitation>> invitations_of(std::int64_t contact) override {
    TRY(const Query query,
        driver_.prepare(
            "select id, survey, channel, order_number, place, experienced, created, expires, sent, reminded, "
            "bounced, started, answered, opted_out from survey_invitations where contact = ? order by id"));
    query->bind_integer(1, contact);
    std::vector<Invitation> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      Invitation& one = found.emplace_back();
      one.id = row.integer();
      for (std::string* field : {&one.survey, &one.channel, &one.order, &one.place}) *field = row.text();
      for (Time* time : {&one.when, &one.created, &one.expires}) *time = row.time();
      for (std::optional<Time>* time :
           {&one.sent, &one.reminded, &one.bounced, &one.started, &one.answered, &one.opted_out})
        *time = row.time_or_null();
    }
  }

  Result<std::vector<PrivateAnswer>> answer(std::int64_t id) override {
    TRY(const Query query,
        driver_.prepare("select survey, scale, rating, body, author, experienced, place, contact, tell, "
                        "at from survey_answers where id = ? order by number"));
    query->bind_integer(1, id);
    std::vector<PrivateAnswer> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      Columns row(*query);
      PrivateAnswer& one = found.emplace_back();
      one.id = id;
      one.survey = row.text();
      one.scale = row.text();
      one.rating = row.integer();
      for (std::string* field : {&one.text, &one.author, &one.when, &one.place, &one.contact}) *field = row.text();
      one.tell = row.flag();
      one.at = row.time();
    }
  }

  Result<void> erase(const Trace& trace, Time at) override {
    struct Way {
      std::string_view kind;
      Result<void> (*forget)(Driver&, std::int64_t, Time);
    };
    constexpr Way kWays[] = {{"mention", forget_mention},
                             {"customer", forget_contact},
                             {"answer", forget_answer},
                             {"notice", forget_sender}};
    const Way* const way =
        std::find_if(std::begin(kWays), std::end(kWays), [&](const Way& one) { return one.kind == trace.kind; });
    if (way == std::end(kWays)) return fail(ErrorKind::bug, concat("a ", trace.kind, " is not erased here"));
    TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
    TRY(way->forget(driver_, trace.id, at));
    return transaction.commit();
  }

 private:
  Result<std::vector<ErasureWork>> work_where(std::string_view condition, std::int64_t parameter) {
    TRY(const Query query, driver_.prepare(concat(kWork, condition)));
    query->bind_integer(1, parameter);
    std::vector<ErasureWork> found;
    for (;;) {
      TRY(const bool more, query->step());
      if (!more) return found;
      TRY(ErasureWork work, read_work(*query));
      found.push_back(std::move(work));
    }
  }

  Driver& driver_;
};

}  // namespace

std::string_view to_text(ErasureStep step) { return kSteps[static_cast<std::size_t>(step)]; }

std::unique_ptr<PrivacyStore> make_privacy_store(Driver& driver) { return std::make_unique<SqlPrivacyStore>(driver); }

}  // namespace vigie
