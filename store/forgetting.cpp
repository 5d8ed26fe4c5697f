#include "store/forgetting.h"

#include <algorithm>

#include "base/json.h"
#include "store/erasing.h"
#include "store/owed_letters.h"
#include "store/privacy.h"
#include "store/rows.h"
#include "store/scrubbing.h"

namespace vigie {
namespace {

constexpr Duration kAskedBefore = 400 * kDay;  // an invitation's link lives a year at most
constexpr std::size_t kShortestMark = 6;       // bytes: a shorter id or address may stand in anything

template <class Bind>
Result<void> run(Driver& driver, std::string_view sql, const Bind& bind) {
  TRY(const Query query, driver.prepare(sql));
  Parameters to(*query);
  bind(to);
  TRY(query->step());
  return {};
}

// As a string stands inside a JSON document, without its quotes.
std::string inside_json(std::string_view text) {
  json::Writer out;
  out.string(text);
  const std::string quoted = out.take();
  return quoted.substr(1, quoted.size() - 2);
}

struct MentionRow {
  std::int64_t seq = 0;
  bool deleted = false;
  Time event{};
  std::string source, id, title, text, author, handle, author_id, reply;
};

constexpr std::string_view kMentionRow =
    "select seq, deleted, event, source, ext_id, title, text, author_name, author_handle, author_id, "
    "coalesce(reply_text, '') from mentions where ";

template <class Bind>
Result<std::optional<MentionRow>> read_mention_where(Driver& driver, std::string_view condition, const Bind& bind) {
  TRY(const Query query, driver.prepare(concat(kMentionRow, condition)));
  Parameters to(*query);
  bind(to);
  TRY(const bool found, query->step());
  if (!found) return std::optional<MentionRow>();
  Columns row(*query);
  MentionRow mention;
  mention.seq = row.integer();
  mention.deleted = row.flag();
  mention.event = row.time();
  for (std::string* field : {&mention.source, &mention.id, &mention.title, &mention.text, &mention.author,
                             &mention.handle, &mention.author_id, &mention.reply}) {
    *field = row.text();
  }
  return std::optional(std::move(mention));
}

Result<std::optional<MentionRow>> mention_of(Driver& driver, const std::string& source, const std::string& id) {
  return read_mention_where(driver, "source = ? and ext_id = ?", [&](Parameters& to) { to.text(source).text(id); });
}

Result<void> refuse_from_now_on(Driver& driver, const std::string& source, const std::string& id, Time at) {
  if (source.empty() || id.empty()) return {};
  return run(driver, "insert into unwelcome (source, ext_id, at) values (?, ?, ?) on conflict do nothing",
             [&](Parameters& to) { to.text(source).text(id).time(at); });
}

Result<void> erase_row(Driver& driver, const MentionRow& mention) {
  if (mention.deleted) return {};
  return erase_mention(driver, {mention.seq, mention.title, mention.text}, Erasure::deleted);
}

// The records put aside that hold one of the marks, as it was written or inside JSON.
Result<void> drop_rejected(Driver& driver, const std::vector<std::string>& marks) {
  for (const std::string& mark : marks) {
    for (const std::string& form : {mark, inside_json(mark)}) {
      TRY(run(driver, "delete from rejected where instr(bytes, ?) > 0", [&](Parameters& to) { to.blob(form); }));
    }
  }
  return {};
}

struct Message {
  std::string id, document;
};

// Those that may tell of it, oldest first: parsing every document of years would take long.
Result<std::vector<Message>> messages_with(Driver& driver, Time since, const Scrub& scrub) {
  std::vector<std::string> marks;
  for (const std::string& words : scrub.words) marks.push_back(inside_json(words));
  if (scrub.mention) marks.push_back(concat("\"time\":\"", format_rfc3339(scrub.mention->event), "\""));
  std::vector<Message> found;
  if (marks.empty()) return found;
  std::string any;
  for (std::size_t i = 0; i < marks.size(); ++i) any += any.empty() ? "instr(document, ?)" : " or instr(document, ?)";
  TRY(const Query query, driver.prepare(concat("select id, document from notifications where created >= ? and (", any,
                                               ") order by created")));
  Parameters to(*query);
  to.time(since);
  for (const std::string& mark : marks) to.text(mark);
  for (;;) {
    TRY(const bool more, query->step());
    if (!more) return found;
    found.push_back({std::string(query->text(0)), std::string(query->text(1))});
  }
}

// Returns the ids of the messages that changed. What was rendered and not sent yet is rendered anew, without it.
Result<std::vector<std::string>> scrub_messages(Driver& driver, Time since, const Scrub& scrub) {
  TRY(const std::vector<Message> all, messages_with(driver, since, scrub));
  std::vector<std::string> changed;
  for (const Message& message : all) {
    TRY(const std::optional<std::string> clean, scrubbed(message.document, scrub));
    if (!clean) continue;
    TRY(run(driver, "update notifications set document = ? where id = ?",
            [&](Parameters& to) { to.text(*clean).text(message.id); }));
    TRY(run(driver, "delete from payloads where notification = ?", [&](Parameters& to) { to.text(message.id); }));
    changed.push_back(message.id);
  }
  return changed;
}

// The invitation that a review or an answer followed, and whom it went to.
Result<void> wipe_contact(Driver& driver, std::int64_t contact, Time at) {
  TRY(run(driver, "update survey_invitations set expires = min(expires, ?) where contact = ?",
          [&](Parameters& to) { to.time(at).integer(contact); }));
  for (const std::string_view sql :
       {"update survey_contacts set reference = '', address = '', name = '' where id = ?",
        "update survey_answers set body = '', author = '', place = '', experienced = '', contact = '', tell = 0 where "
        "invitation in (select token from survey_invitations where contact = ?)",
        "update survey_invitations set place = '', order_number = '' where contact = ?"}) {
    TRY(run(driver, sql, [&](Parameters& to) { to.integer(contact); }));
  }
  return {};
}

Result<std::optional<std::int64_t>> contact_of(Driver& driver, const std::string& token_hash) {
  if (token_hash.empty()) return std::optional<std::int64_t>();
  TRY(const Query query, driver.prepare("select contact from survey_invitations where token = ?"));
  query->bind_blob(1, token_hash);
  TRY(const bool found, query->step());
  return found ? std::optional(query->integer(0)) : std::nullopt;
}

// The letters are followed with the erasure: those that were written as files are still to go.
Result<void> add_letters(Driver& driver, ErasureWork& work, const std::vector<std::string>& letters) {
  TRY(empty_letters(driver, letters));
  work.messages.insert(work.messages.end(), letters.begin(), letters.end());
  return {};
}

Result<void> forget_customer(Driver& driver, ErasureWork& work, std::int64_t contact, Time at) {
  TRY(const std::vector<std::string> letters, letters_to_customer(driver, contact));
  TRY(add_letters(driver, work, letters));
  return wipe_contact(driver, contact, at);
}

// What keeps one form from being recorded twice is a digest of its content; that of an invitation is in the log itself.
Result<void> forget_marks(Driver& driver, const Review& review) {
  return run(driver,
             "delete from log_once where wall = (select number from log_walls where wall = ?) and idx = ? and mark not "
             "like 'k:%'",
             [&](Parameters& to) { to.text(review.brand).integer(review.leaf); });
}

// What servers and providers answered may repeat the address.
Result<void> forget_address(Driver& driver, const std::string& contact) {
  if (contact.size() < kShortestMark) return {};
  TRY(run(driver, "update notifications set recipient = '' where recipient = ?",
          [&](Parameters& to) { to.text(contact); }));
  for (const std::string_view column : {"last_error", "detail", "remote_id"}) {
    TRY(run(driver, concat("update notifications set ", column, " = '' where instr(", column, ", ?) > 0"),
            [&](Parameters& to) { to.text(contact); }));
  }
  return {};
}

Result<void> follow(Driver& driver, ErasureWork work, Time at) {
  const std::string messages = join_lines(work.messages);
  return run(
      driver,
      "insert into erasures (asked, brand, leaf, source, mention, seq, event, messages) values (?, ?, ?, ?, ?, ?, "
      "?, ?)",
      [&](Parameters& to) {
        to.time(at).text(work.brand).integer_or_null(work.leaf).text(work.source).text(work.mention);
        to.integer_or_null(work.seq).time_or_null(work.event).text(messages);
      });
}

void add_mention(Scrub& scrub, const MentionRow& mention) {
  scrub.mention = QuotedMention{mention.source, mention.event};
  for (const std::string* text : {&mention.text, &mention.title, &mention.reply}) add_words(scrub, *text);
}

}  // namespace

Result<void> forget_review(Driver& driver, const Review& review, Time at) {
  ErasureWork work;
  work.brand = review.brand;
  work.leaf = review.leaf;
  work.source = review.source;
  work.mention = review.mention;
  Scrub scrub;
  for (const ReviewVersion& version : review.versions) {
    for (const std::string& value : version.values) add_words(scrub, value);
    add_words(scrub, version.masked_text);
  }
  if (review.contact.size() >= kShortestMark) scrub.words.push_back(review.contact);
  TRY(const std::optional<MentionRow> mention, mention_of(driver, review.source, review.mention));
  if (mention) {
    work.seq = mention->seq;
    work.event = mention->event;
    add_mention(scrub, *mention);
    TRY(erase_row(driver, *mention));
  } else {
    TRY(refuse_from_now_on(driver, review.source, review.mention, at));
  }
  std::vector<std::string> marks = scrub.words;
  if (review.mention.size() >= kShortestMark) marks.push_back(review.mention);
  TRY(drop_rejected(driver, marks));
  TRY(work.messages, scrub_messages(driver, review.received - kAskedBefore, scrub));
  TRY(const std::vector<std::string> letters, letters_about_review(driver, review.id));
  TRY(add_letters(driver, work, letters));
  TRY(forget_address(driver, review.contact));
  TRY(const std::optional<std::int64_t> invited, contact_of(driver, review.invitation));
  if (invited) TRY(forget_customer(driver, work, *invited, at));
  TRY(forget_marks(driver, review));
  return follow(driver, std::move(work), at);
}

Result<void> forget_mention(Driver& driver, std::int64_t seq, Time at) {
  TRY(const std::optional<MentionRow> mention,
      read_mention_where(driver, "seq = ?", [&](Parameters& to) { to.integer(seq); }));
  if (!mention || mention->deleted)
    return fail(ErrorKind::gone, concat("nothing is left of mention ", std::to_string(seq)));
  ErasureWork work;
  work.source = mention->source;
  work.mention = mention->id;
  work.seq = seq;
  work.event = mention->event;
  Scrub scrub;
  add_mention(scrub, *mention);
  TRY(erase_row(driver, *mention));
  std::vector<std::string> marks = scrub.words;
  if (mention->id.size() >= kShortestMark) marks.push_back(mention->id);
  TRY(drop_rejected(driver, marks));
  TRY(work.messages, scrub_messages(driver, mention->event - kDay, scrub));
  return follow(driver, std::move(work), at);
}

Result<void> forget_contact(Driver& driver, std::int64_t contact, Time at) {
  TRY(const Query query,
      driver.prepare("select address from survey_contacts where id = ? and reference || address || name <> ''"));
  query->bind_integer(1, contact);
  TRY(const bool found, query->step());
  if (!found) return fail(ErrorKind::gone, concat("nothing is left of customer ", std::to_string(contact)));
  const std::string address(query->text(0));
  query->reset();
  Scrub scrub;
  if (address.size() >= kShortestMark) scrub.words.push_back(address);
  ErasureWork work;
  TRY(work.messages, scrub_messages(driver, at - kAskedBefore, scrub));
  TRY(drop_rejected(driver, scrub.words));
  TRY(forget_address(driver, address));
  TRY(forget_customer(driver, work, contact, at));
  return follow(driver, std::move(work), at);
}

Result<void> forget_answer(Driver& driver, std::int64_t answer, Time at) {
  TRY(run(
      driver,
      "update survey_answers set body = '', author = '', place = '', experienced = '', contact = '', tell = 0 where "
      "id = ? and body || author || place || experienced || contact <> ''",
      [&](Parameters& to) { to.integer(answer); }));
  if (driver.changes() == 0) return fail(ErrorKind::gone, concat("nothing is left of answer ", std::to_string(answer)));
  return follow(driver, {}, at);
}

Result<void> forget_sender(Driver& driver, std::int64_t notice, Time at) {
  TRY(const Query query, driver.prepare("select mail from notices where id = ? and name || mail <> ''"));
  query->bind_integer(1, notice);
  TRY(const bool found, query->step());
  if (!found) return fail(ErrorKind::gone, concat("nobody is named by notice ", std::to_string(notice)));
  const std::string mail(query->text(0));
  query->reset();
  TRY(run(driver, "update notices set name = '', mail = '' where id = ?", [&](Parameters& to) { to.integer(notice); }));
  TRY(forget_address(driver, mail));
  ErasureWork work;
  TRY(const std::vector<std::string> letters, letters_to_sender(driver, notice));
  TRY(add_letters(driver, work, letters));
  return follow(driver, std::move(work), at);
}

Result<void> purge_later(Driver& driver, Time at) { return follow(driver, {}, at); }

Result<bool> forget_again(Driver& driver, const ErasureWork& work) {
  bool found = false;
  ErasureWork now = work;
  TRY(const std::optional<MentionRow> mention, mention_of(driver, work.source, work.mention));
  if (mention && !mention->deleted) {
    TRY(erase_row(driver, *mention));
    now.seq = mention->seq;
    now.event = mention->event;
    found = true;
  }
  if (now.event) {
    Scrub scrub;
    scrub.mention = QuotedMention{work.source, *now.event};
    TRY(const std::vector<std::string> changed, scrub_messages(driver, *now.event - kDay, scrub));
    for (const std::string& id : changed) {
      if (std::find(now.messages.begin(), now.messages.end(), id) == now.messages.end()) now.messages.push_back(id);
    }
    found = found || !changed.empty();
  }
  // A letter that was on its way has put its bytes down again, for another try.
  TRY(const bool waited, empty_letters(driver, now.messages));
  if (!found) return waited;
  const std::string messages = join_lines(now.messages);
  TRY(run(driver, "update erasures set seq = ?, event = ?, messages = ? where number = ?", [&](Parameters& to) {
    to.integer_or_null(now.seq).time_or_null(now.event).text(messages).integer(work.number);
  }));
  return true;
}

}  // namespace vigie
