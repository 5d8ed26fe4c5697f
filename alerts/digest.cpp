#include "alerts/digest.h"

#include <algorithm>

#include "alerts/message.h"
#include "alerts/phrases.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kLines = 20;  // more of them nobody reads in a message
constexpr std::size_t kBrands = 50;
constexpr std::size_t kTitle = 80, kSubject = 60, kPreheader = 90, kBrief = 140;

void write_line(json::Writer& out, const DigestInput::Line& line) {
  const Incident& incident = line.incident;
  out.begin_object().member("id", incident.id).member("kind", incident.kind);
  out.key("brand").begin_object().member("id", incident.brand).member("name", line.brand_name).end_object();
  out.member("state", to_text(incident.state)).key("severity").integer(incident.severity);
  out.member("opened", format_rfc3339(incident.opened));
  if (incident.ended) out.member("ended", format_rfc3339(*incident.ended));
  out.key("reasons").begin_array();
  for (const std::string& reason : line.reasons) out.string(reason);
  out.end_array().key("messages").integer(line.messages);
  out.key("signal").raw(to_json(incident.evidence)).end_object();
}

void write_lines(json::Writer& out, std::string_view key, const std::vector<DigestInput::Line>& lines) {
  out.key(key).begin_array();
  for (std::size_t i = 0; i < std::min(lines.size(), kLines); ++i) write_line(out, lines[i]);
  out.end_array();
  out.key(concat(key, "_count")).integer(std::ssize(lines));
}

void write_numbers(json::Writer& out, const std::vector<DigestInput::Numbers>& numbers) {
  out.key("brands").begin_array();
  for (std::size_t i = 0; i < std::min(numbers.size(), kBrands); ++i) {
    out.begin_object().member("id", numbers[i].brand).member("name", numbers[i].brand_name);
    out.key("mentions").integer(numbers[i].mentions).key("negatives").integer(numbers[i].negatives).end_object();
  }
  out.end_array();
}

void write_week(json::Writer& out, const DigestInput::Week& week) {
  out.key("week").begin_object().key("incidents").integer(week.incidents).key("judged").integer(week.judged);
  out.key("false_alarms").integer(week.false_alarms).key("taken").integer(week.taken);
  out.key("until_taken").integer(week.until_taken / seconds(1)).end_object();
}

Result<Time> time_at(const json::Value& value, std::string_view path) {
  TRY(const std::string text, value.text(path));
  return parse_rfc3339(text);
}

// The words of one digest, from its document.
class Teller {
 public:
  Teller(const json::Value& root, const Phrases& phrases, const Audience& audience)
      : root_(root), phrases_(phrases), audience_(audience) {}

  Result<Story> tell() {
    TRY(const Time from, time_at(root_, "period.from"));
    TRY(const Time to, time_at(root_, "period.to"));
    TRY(story_.now, time_at(root_, "time"));
    story_.opened = from;
    story_.language = audience_.language;
    story_.purpose = root_.text_or("purpose", "digest");
    story_.quotes_shown = audience_.quotes;
    story_.mark = "📋";
    if (is_budget()) {
      budget();
    } else {
      TRY(digest(from, to));
    }
    story_.title = shorten(story_.title, kTitle);
    story_.subject = shorten(concat("[Vigie] ", story_.title), kSubject);
    story_.preheader = shorten(story_.lead, kPreheader);
    story_.brief = shorten(story_.title, kBrief);
    return std::move(story_);
  }

 private:
  bool is_budget() const { return story_.purpose == "budget"; }
  std::int64_t held() const { return root_.integer_or("held_count", 0); }
  std::int64_t open() const { return root_.integer_or("open_count", 0); }

  std::string counted(std::string_view path, std::int64_t number) const {
    const auto value = static_cast<double>(number);
    return phrases_.plural(path, value, {{"n", phrases_.number(value)}});
  }

  void budget() {
    story_.badge = phrases_.say("digest.budget.badge");
    story_.title = counted("digest.budget.title", held());
    story_.lead = phrases_.say("digest.budget.lead");
    add_link();
    story_.footer.push_back(phrases_.say("digest.budget.why"));
  }

  Result<void> digest(Time from, Time to) {
    const std::string cadence = root_.text_or("cadence", "daily");
    story_.badge = phrases_.say(concat("digest.badge.", cadence));
    story_.title = held() > 0 ? counted("digest.title.held", held()) : phrases_.say("digest.title.none");
    if (story_.title.starts_with(story_.badge)) story_.badge.clear();  // nobody reads "Summary" twice
    story_.lead = lead();
    Time first = from, last = to;
    if (root_.at("counted")) {
      TRY(first, time_at(root_, "counted.from"));
      TRY(last, time_at(root_, "counted.to"));
    }
    story_.since = phrases_.say(
        "digest.period",
        {{"from", phrases_.short_time(first)}, {"to", phrases_.short_time(last)}, {"zone", phrases_.zone()}});
    numbers();
    week();
    if (held() > 0) {
      story_.rising_title = phrases_.say("digest.held");
      TRY(lines("held", story_.rising));
    }
    if (open() > 0) {
      story_.advice_title = phrases_.say("digest.open");
      TRY(lines("open", story_.advice));
    }
    add_link();
    story_.footer.push_back(phrases_.say(concat("digest.why.", cadence)));
    return {};
  }

  std::string lead() const {
    std::int64_t mentions = 0, negatives = 0;
    const json::Value brands = root_.at("brands");
    for (std::size_t i = 0; i < brands.size(); ++i) {
      mentions += brands[i].integer_or("mentions", 0);
      negatives += brands[i].integer_or("negatives", 0);
    }
    return phrases_.say("digest.lead", {{"mentions", counted("digest.mentions", mentions)},
                                        {"negatives", counted("digest.negatives", negatives)},
                                        {"open", counted("digest.still_open", root_.integer_or("still_open", open()))}});
  }

  void numbers() {
    const json::Value brands = root_.at("brands");
    for (std::size_t i = 0; i < std::min(brands.size(), kBrands); ++i) {
      story_.rows.push_back(
          {brands[i].text_or("name", ""),
           phrases_.say("digest.numbers",
                        {{"mentions", counted("digest.mentions", brands[i].integer_or("mentions", 0))},
                         {"negatives", counted("digest.negatives", brands[i].integer_or("negatives", 0))}})});
    }
  }

  void week() {
    const json::Value week = root_.at("week");
    if (!week) return;
    story_.rows.push_back(
        {phrases_.say("digest.week.incidents"), phrases_.number(static_cast<double>(week.integer_or("incidents", 0)))});
    if (const std::int64_t judged = week.integer_or("judged", 0); judged > 0) {
      const std::int64_t wrong = week.integer_or("false_alarms", 0);
      story_.rows.push_back(
          {phrases_.say("digest.week.false_alarms"),
           phrases_.say("digest.week.of_judged",
                        {{"share", phrases_.percent(static_cast<double>(wrong) / static_cast<double>(judged))},
                         {"n", phrases_.number(static_cast<double>(wrong))},
                         {"judged", phrases_.number(static_cast<double>(judged))}})});
    }
    if (week.integer_or("taken", 0) > 0) {
      story_.rows.push_back(
          {phrases_.say("digest.week.until_taken"), phrases_.duration(seconds(week.integer_or("until_taken", 0)))});
    }
  }

  Result<void> lines(std::string_view key, std::vector<std::string>& into) {
    const json::Value found = root_.at(key);
    const std::size_t shown = std::min(found.size(), kLines);
    for (std::size_t i = 0; i < shown; ++i) {
      TRY(std::string told, line(found[i]));
      into.push_back(std::move(told));
    }
    const std::int64_t more = root_.integer_or(concat(key, "_count"), 0) - static_cast<std::int64_t>(shown);
    if (more > 0) into.push_back(counted("digest.more", more));
    return {};
  }

  Result<std::string> line(const json::Value& value) const {
    TRY(const Time opened, time_at(value, "opened"));
    TRY(const json::Value body, value.object("signal"));
    TRY(const Signal signal, signal_from_json(body));
    const std::string what = headline(signal, value.text_or("brand.name", ""), audience_.language);
    const std::string state = value.text_or("state", "open");
    std::string when = phrases_.say("digest.since", {{"time", phrases_.short_time(opened)}});
    if (value.at("ended")) {
      TRY(const Time ended, time_at(value, "ended"));
      const bool one_day = phrases_.same_day(opened, ended);
      when = phrases_.say(one_day ? "digest.within_a_day" : "digest.from_to",
                          {{"from", phrases_.short_time(opened)},
                           {"to", one_day ? phrases_.clock_time(ended) : phrases_.short_time(ended)}});
    }
    std::string why;
    const json::Value reasons = value.at("reasons");
    for (std::size_t i = 0; i < reasons.size(); ++i)
      why += concat(why.empty() ? "" : ", ", phrases_.name("digest.reason", reasons[i].raw(), ""));
    std::string told = phrases_.say(
        why.empty() ? "digest.line" : "digest.line_why",
        {{"what", what}, {"when", when}, {"state", phrases_.name("digest.state", state, state)}, {"why", why}});
    const std::string all = root_.text_or("links.console", "");
    const bool is_web = all.starts_with("https://") || all.starts_with("http://");
    return is_web ? concat(told, " ", all, "/", value.text_or("id", "")) : told;
  }

  void add_link() {
    const std::string url = root_.text_or("links.console", "");
    if (url.starts_with("https://") || url.starts_with("http://"))
      story_.links.push_back({"open", phrases_.say("digest.link"), url});
    // A budget's word is no summary: it ends with the day.
    if (is_budget()) return;
    for (const auto& [kind, address] : audience_.actions) {
      if (kind == "unsubscribe") story_.links.push_back({kind, phrases_.say("digest.unsubscribe"), address});
    }
  }

  const json::Value& root_;
  const Phrases& phrases_;
  const Audience& audience_;
  Story story_;
};

}  // namespace

std::string make_digest(const DigestInput& input) {
  json::Writer out;
  out.begin_object().key("version").integer(kVersion);
  out.member("purpose", input.purpose).member("cadence", input.cadence).key("seq").integer(0);
  out.member("time", format_rfc3339(input.now));
  out.key("period").begin_object().member("from", format_rfc3339(input.period.from));
  out.member("to", format_rfc3339(input.period.to)).end_object();
  if (input.counted) {
    out.key("counted").begin_object().member("from", format_rfc3339(input.counted->from));
    out.member("to", format_rfc3339(input.counted->to)).end_object();
  }
  write_lines(out, "held", input.held);
  std::vector<DigestInput::Line> others = input.open;
  std::erase_if(others, [&](const DigestInput::Line& line) {
    return std::any_of(input.held.begin(), input.held.end(),
                       [&](const DigestInput::Line& held) { return held.incident.id == line.incident.id; });
  });
  write_lines(out, "open", others);
  out.key("still_open").integer(std::ssize(input.open));
  write_numbers(out, input.numbers);
  if (input.week) write_week(out, *input.week);
  out.key("links").begin_object().member_if("console", input.console_url).end_object();
  return out.end_object().take();
}

bool is_digest(std::string_view document) {
  const Result<json::Document> parsed = json::parse(document);
  return parsed && parsed->root().at("held_count") && parsed->root().at("period");
}

Result<Story> tell_digest(std::string_view document, const Audience& audience) {
  TRY(const json::Document parsed, json::parse(document));
  TRY(const std::int64_t version, parsed.root().integer("version"));
  if (version != kVersion) {
    return fail(ErrorKind::bad_data, concat("digest: version ", std::to_string(version), " is not known here, only 1"));
  }
  TRY(const Phrases phrases, Phrases::load(audience.language, audience.time_zone));
  const json::Value root = parsed.root();
  return Teller(root, phrases, audience).tell();
}

DigestLine part_line(const Story& story, std::string_view line) {
  const Story::Link* const all = story.link("open");
  const std::size_t space = line.rfind(' ');
  const bool told = story.purpose == "digest" || story.purpose == "budget";
  if (!told || all == nullptr || all->url.empty() || space == std::string_view::npos) return {line, ""};
  const std::string_view last = line.substr(space + 1);
  const bool below = last.starts_with(all->url) && last.substr(all->url.size()).starts_with('/');
  return below ? DigestLine{line.substr(0, space), last} : DigestLine{line, ""};
}

}  // namespace vigie
