#include "app/cmd_replay.h"

#include <cmath>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/json.h"
#include "base/secret.h"
#include "pipeline/detect.h"
#include "pipeline/themes.h"

namespace vigie {
namespace {

// Ids met lately, so that a mention that comes twice counts once. Bounded: two halves, the older of which is forgotten
// when the newer is full.
class Met {
 public:
  bool before(std::uint64_t id) {
    if (newer_.contains(id) || older_.contains(id)) return true;
    if (newer_.size() >= kHalf) {
      older_ = std::move(newer_);
      newer_.clear();
    }
    newer_.insert(id);
    return false;
  }

 private:
  static constexpr std::size_t kHalf = 1 << 20;
  boost::unordered_flat_set<std::uint64_t> newer_, older_;
};

// One line, kept while its observation refers to it.
struct Line {
  std::string brand, source, text;
  std::uint64_t id = 0;  // hash of brand and id; 0 = it has none
  Observation observation;
};

Result<Time> time_field(const json::Value& record, std::string_view name) {
  TRY(const double seconds, record.number(name));
  if (!(seconds >= 0 && seconds < 7.3e9)) {
    return fail(ErrorKind::bad_data, concat(name, ": expected seconds since 1970, found ", record.scalar_or(name, "")));
  }
  return from_epoch_micros(std::llround(seconds * 1e6));
}

Result<void> read_line(const std::string& bytes, std::int64_t seq, Line& line) {
  TRY(const json::Document document, json::parse(bytes));
  const json::Value record = document.root();
  TRY(line.brand, record.text("brand"));
  line.source = record.text_or("source", "");
  const std::string id = record.text_or("id", "");
  line.id = id.empty() ? 0 : hash64(concat(line.brand, "\n", id));
  line.text = record.text_or("text", "");
  const std::string author = record.text_or("author", "");

  Observation& one = line.observation;
  one.seq = seq;
  one.brand = line.brand;
  TRY(one.event, time_field(record, "event"));
  TRY(one.ingested, time_field(record, "ingest"));
  TRY(one.p_neg, record.number("p_neg"));
  one.author = author.empty() ? 0 : hash64(author);
  one.source = line.source;
  one.text = line.text;
  // Only negatives are counted by theme: the others' words need not be looked at.
  if (one.p_neg >= 0.5)
    one.themes = find_themes(line.text).themes;
  else
    one.themes.clear();
  return {};
}

void print(const Signal& signal, bool terms, std::ostream& out) {
  if (signal.kind != SignalKind::raise) return;
  json::Writer line;
  line.begin_object().member("brand", signal.brand).key("time");
  // As the input has them: whole seconds stay whole, tenths stay tenths.
  line.number(static_cast<double>(to_epoch_micros(signal.at)) / 1e6).member("kind", signal.incident_kind);
  if (!signal.themes.empty()) line.member("topic", signal.themes.front().theme);
  if (terms) {
    line.key("terms").begin_array();
    for (const TermCount& term : signal.terms) line.string(term.term);
    line.end_array();
  }
  line.end_object();
  out << line.text() << '\n';
}

}  // namespace

int replay(std::istream& in, std::ostream& out, std::ostream& err, double budget, bool terms) {
  const auto detector = make_detector(budget);
  std::vector<Signal> signals;
  std::string bytes;
  Line line;
  Met met;
  Time minute{};
  for (std::int64_t number = 1; std::getline(in, bytes); ++number) {
    if (bytes.empty()) continue;
    if (const auto read = read_line(bytes, number, line); !read) {
      err << "vigie: line " << number << ": " << read.error().what << '\n';
      return 2;
    }
    if (line.id != 0 && met.before(line.id)) continue;
    signals.clear();
    // Minutes end together for all brands, so that lines come in the order of time.
    if (std::chrono::floor<std::chrono::minutes>(line.observation.ingested) > minute) {
      minute = std::chrono::floor<std::chrono::minutes>(line.observation.ingested);
      detector->tick(minute, signals);
    }
    detector->observe(line.observation, signals);
    for (const Signal& signal : signals) print(signal, terms, out);
  }
  signals.clear();
  detector->tick(minute + minutes(1), signals);
  for (const Signal& signal : signals) print(signal, terms, out);
  return 0;
}

}  // namespace vigie
