#include "store/rows.h"

#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

std::string drivers_json(const std::vector<DrivingWord>& drivers) {
  if (drivers.empty()) return "[]";
  json::Writer out;
  out.begin_array();
  for (const DrivingWord& driver : drivers) {
    out.begin_array().string(driver.word).number(driver.weight).end_array();
  }
  out.end_array();
  return out.take();
}

// Written by drivers_json: anything else is a damaged file, and words that drove a judgement are not worth failing for.
std::vector<DrivingWord> read_drivers(std::string_view text) {
  std::vector<DrivingWord> drivers;
  if (text.size() <= 2) return drivers;
  const auto document = json::parse(text);
  if (!document) return drivers;
  const json::Value list = document->root();
  for (std::size_t i = 0; i < list.size(); ++i) {
    drivers.push_back({std::string(list[i][0].raw()), list[i].number_or("1", 0)});
  }
  return drivers;
}

void write_aspect(json::Writer& out, const Aspect& aspect) {
  out.begin_object().member_if("brand", aspect.brand).member_if("theme", aspect.theme);
  out.key("p_neg").number(aspect.p_neg).key("p_neu").number(aspect.p_neu).key("p_pos").number(aspect.p_pos);
  out.member("label", to_text(aspect.label)).end_object();
}

void bind_judgement(Parameters& row, const Judgement& judgement, const MentionScratch& scratch) {
  row.text(to_text(judgement.label));
  if (judgement.human) {
    row.text(to_text(*judgement.human));
  } else {
    row.null();
  }
  row.real(judgement.p_neg).real(judgement.p_neu).real(judgement.p_pos).integer(judgement.unsure).text(judgement.lang);
  row.text(scratch.themes).text(scratch.cues).text(scratch.drivers).text(judgement.model);
}

Judgement read_judgement(Columns& row) {
  Judgement judgement;
  judgement.label = label_from(row.view()).value_or(Label::neutral);
  judgement.human = label_from(row.view());
  judgement.p_neg = row.real();
  judgement.p_neu = row.real();
  judgement.p_pos = row.real();
  judgement.unsure = row.flag();
  judgement.lang = row.text();
  judgement.themes = split_lines(row.view());
  judgement.cues = split_lines(row.view());
  judgement.drivers = read_drivers(row.view());
  judgement.model = row.text();
  return judgement;
}

void bind_rating(Parameters& row, const std::optional<Rating>& rating) {
  if (rating) {
    row.real(rating->value).real(rating->min).real(rating->max);
  } else {
    row.null().null().null();
  }
  if (const auto stars = stars_of(rating)) {
    row.real(*stars);
  } else {
    row.null();
  }
}

std::optional<Rating> read_rating(Columns& row) {
  const bool none = row.null();
  const Rating rating{row.real(), row.real(), row.real()};
  row.skip_one();  // stars: derived
  return none ? std::nullopt : std::optional(rating);
}

void bind_reply(Parameters& row, const std::optional<OwnReply>& reply) {
  if (reply) {
    row.text(reply->text).time_or_null(reply->created);
  } else {
    row.null().null();
  }
}

std::optional<OwnReply> read_reply(Columns& row) {
  const bool none = row.null();
  OwnReply reply;
  reply.text = row.text();
  reply.created = row.time_or_null();
  return none ? std::nullopt : std::optional(std::move(reply));
}

void bind_content(Parameters& row, const Mention& m) {
  row.text(m.source).text(m.id).text(m.url).text(m.kind);
  row.text(m.author.id).text(m.author.name).text(m.author.handle).integer_or_null(m.author.followers);
  bind_rating(row, m.rating);
  row.text(m.lang).time_or_null(m.created).time_or_null(m.updated);
  row.integer_or_null(m.likes).integer_or_null(m.shares).integer_or_null(m.replies).text(m.parent).text(m.thread);
  bind_reply(row, m.reply);
  row.integer_or_null(m.verified).text(m.place).text(m.version).integer(m.late_zone).text(m.title).text(m.text);
  row.text(m.native);
}

Mention read_content(Columns& row) {
  Mention m;
  m.source = row.text();
  m.id = row.text();
  m.url = row.text();
  m.kind = row.text();
  m.author.id = row.text();
  m.author.name = row.text();
  m.author.handle = row.text();
  m.author.followers = row.integer_or_null();
  m.rating = read_rating(row);
  m.lang = row.text();
  m.created = row.time_or_null();
  m.updated = row.time_or_null();
  m.likes = row.integer_or_null();
  m.shares = row.integer_or_null();
  m.replies = row.integer_or_null();
  m.parent = row.text();
  m.thread = row.text();
  m.reply = read_reply(row);
  if (const auto verified = row.integer_or_null()) m.verified = *verified != 0;
  m.place = row.text();
  m.version = row.text();
  m.late_zone = row.flag();
  m.title = row.text();
  m.text = row.text();
  m.native = row.text();
  return m;
}

}  // namespace

const std::string_view kMentionColumns =
    "seq, ingested, event, exact, near, content, original, history, deleted, edited, brands, "
    "label, human, p_neg, p_neu, p_pos, unsure, lang, themes, cues, drivers, model, "
    "source, ext_id, url, kind, author_id, author_name, author_handle, author_followers, "
    "rating, rating_min, rating_max, stars, declared_lang, created, updated, likes, shares, replies, parent, thread, "
    "reply_text, reply_created, verified, place, version, late_zone, title, text, native, aspects, contradiction";

const std::string_view kNotificationColumns =
    "id, subject_kind, subject_id, seq, purpose, endpoint, recipient, document, state, created, due, attempts, "
    "claim_no, "
    "lease_until, remote_id, last_error, ripe, held_until, reason, detail, first_error, last_code, repeated, "
    "stands_for";

const std::string_view kHealthColumns =
    "circuit, failures, window_start, tried, failed, ill_since, open_for, open_until, blocked_until, reason, changed, "
    "told, diverted, address, id";

const std::string_view kTransitionColumns = "seq, at, event, from_state, to_state, actor, reason";

std::string aspects_json(const std::vector<Aspect>& aspects) {
  if (aspects.empty()) return "[]";
  json::Writer out;
  out.begin_array();
  for (const Aspect& aspect : aspects) write_aspect(out, aspect);
  out.end_array();
  return out.take();
}

// Written by aspects_json: in a damaged file the judgement of the whole text counts.
std::vector<Aspect> read_aspects(std::string_view text) {
  std::vector<Aspect> aspects;
  if (text.size() <= 2) return aspects;
  const auto document = json::parse(text);
  if (!document) return aspects;
  const json::Value list = document->root();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value one = list[i];
    aspects.push_back({one.text_or("brand", ""), one.text_or("theme", ""), one.number_or("p_neg", 0),
                       one.number_or("p_neu", 1), one.number_or("p_pos", 0),
                       label_from(one.text_or("label", "")).value_or(Label::neutral)});
  }
  return aspects;
}

std::string join_lines(const std::vector<std::string>& items) {
  std::string lines;
  for (const std::string& item : items) {
    if (!lines.empty()) lines += '\n';
    lines += item;
  }
  return lines;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    items.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return items;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += concat(out.empty() ? "" : " ", word);
  return out;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Time event_time(const Mention& mention, Time ingested) {
  return mention.created && *mention.created <= ingested + kDay ? *mention.created : ingested;
}

std::optional<double> stars_of(const std::optional<Rating>& rating) {
  if (!rating || !(rating->max > rating->min) || !std::isfinite(rating->value)) return std::nullopt;
  return 1 + 4 * std::clamp(rating->fraction(), 0.0, 1.0);
}

bool is_review(const Mention& mention) { return mention.kind == "review" || mention.kind == "survey"; }

std::string mention_columns_of(std::string_view alias) {
  std::string columns;
  for (const std::string_view name : split(kMentionColumns, ',')) {
    columns += concat(columns.empty() ? "" : ", ", alias, ".", trim(name));
  }
  return columns;
}

std::string mention_placeholders() {
  std::string marks = "?";
  for (const char c : kMentionColumns) {
    if (c == ',') marks += ", ?";
  }
  return marks;
}

void bind_mention(Statement& statement, const Judged& judged, const Placed& placed, MentionScratch& scratch) {
  scratch.brands = join_lines(judged.brands);
  scratch.themes = join_lines(judged.judgement.themes);
  scratch.cues = join_lines(judged.judgement.cues);
  scratch.drivers = drivers_json(judged.judgement.drivers);
  scratch.aspects = aspects_json(judged.judgement.aspects);
  Parameters row(statement);
  row.integer_or_null(placed.seq).time(placed.ingested).time(placed.event);
  row.hash(judged.exact).hash(judged.near).hash(judged.content).integer(placed.original).integer(placed.history);
  row.integer(0).integer(0).text(scratch.brands);  // neither deleted nor edited
  bind_judgement(row, judged.judgement, scratch);
  bind_content(row, judged.mention);
  row.text(scratch.aspects).integer(judged.judgement.contradiction);
}

StoredMention read_mention(const Statement& statement) {
  Columns row(statement);
  StoredMention stored;
  stored.seq = row.integer();
  stored.ingested = row.time();
  stored.event = row.time();
  row.skip_one();  // exact
  row.skip_one();  // near
  row.skip_one();  // content
  stored.original = row.integer();
  stored.history = row.flag();
  stored.deleted = row.flag();
  stored.edited = row.flag();
  stored.brands = split_lines(row.view());
  stored.judgement = read_judgement(row);
  stored.mention = read_content(row);
  stored.judgement.aspects = read_aspects(row.view());
  stored.judgement.contradiction = row.flag();
  return stored;
}

void bind_notification(Statement& statement, const Notification& n) {
  Parameters row(statement);
  row.text(n.id)
      .text(n.subject_kind)
      .text(n.subject_id)
      .integer(n.seq)
      .text(n.purpose)
      .text(n.endpoint)
      .text(n.recipient);
  row.text(n.document).text(to_text(n.state)).time(n.created).time(n.due).integer(n.attempts).integer(n.claim_no);
  row.time_or_null(n.lease_until).text(n.remote_id).text(n.last_error);
  row.time(n.ripe == Time{} ? n.due : n.ripe).time_or_null(n.held_until).text(n.reason).text(n.detail);
  row.time_or_null(n.first_error).text(n.last_code).integer(n.repeated).text(n.stands_for);
}

Notification read_notification(const Statement& statement) {
  Columns row(statement);
  Notification n;
  n.id = row.text();
  n.subject_kind = row.text();
  n.subject_id = row.text();
  n.seq = row.integer();
  n.purpose = row.text();
  n.endpoint = row.text();
  n.recipient = row.text();
  n.document = row.text();
  n.state = notification_state_from(row.view()).value_or(NotificationState::dead);
  n.created = row.time();
  n.due = row.time();
  n.attempts = row.small();
  n.claim_no = row.integer();
  n.lease_until = row.time_or_null();
  n.remote_id = row.text();
  n.last_error = row.text();
  n.ripe = row.time();
  n.held_until = row.time_or_null();
  n.reason = row.text();
  n.detail = row.text();
  n.first_error = row.time_or_null();
  n.last_code = row.text();
  n.repeated = row.flag();
  n.stands_for = row.text();
  return n;
}

void bind_endpoint_health(Statement& statement, const EndpointHealth& h) {
  Parameters row(statement);
  row.text(to_text(h.circuit)).integer(h.failures).time(h.window_start).integer(h.tried).integer(h.failed);
  row.time_or_null(h.ill_since).integer(h.open_for.count()).time(h.open_until).time(h.blocked_until).text(h.reason);
  row.time(h.changed).integer(h.told).integer(h.diverted).text(h.address).text(h.endpoint);
}

EndpointHealth read_endpoint_health(const Statement& statement) {
  Columns row(statement);
  EndpointHealth h;
  h.circuit = circuit_from(row.view()).value_or(Circuit::closed);
  h.failures = row.small();
  h.window_start = row.time();
  h.tried = row.small();
  h.failed = row.small();
  h.ill_since = row.time_or_null();
  h.open_for = Duration(row.integer());
  h.open_until = row.time();
  h.blocked_until = row.time();
  h.reason = row.text();
  h.changed = row.time();
  h.told = row.flag();
  h.diverted = row.flag();
  h.address = row.text();
  h.endpoint = row.text();
  return h;
}

void bind_transition(Statement& statement, std::string_view incident, const Transition& t) {
  Parameters row(statement);
  row.text(incident).integer(t.seq).time(t.at).text(t.event).text(to_text(t.from)).text(to_text(t.to));
  row.text(t.actor).text(t.reason);
}

Transition read_transition(const Statement& statement) {
  Columns row(statement);
  Transition t;
  t.seq = row.integer();
  t.at = row.time();
  t.event = row.text();
  t.from = incident_state_from(row.view()).value_or(IncidentState::pending);
  t.to = incident_state_from(row.view()).value_or(IncidentState::pending);
  t.actor = row.text();
  t.reason = row.text();
  return t;
}

}  // namespace vigie
