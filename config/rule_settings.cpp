#include "config/rule_settings.h"

#include <algorithm>
#include <array>
#include <span>

#include "config/forms.h"

namespace vigie {
namespace {

using config::Node;
using config::Options;
using config::quoted;
using Kind = RuleSettings::Kind;

constexpr std::string_view kTypes[] = {"post", "comment", "review", "article", "ticket", "message", "survey"};

constexpr Duration kLongestWindow = 92 * kDay;  // a quarter
constexpr Duration kLongestBefore = 366 * kDay;
constexpr int kMostWindowsBefore = 12;  // one bucket of the window is as long as one of the time before it

// What each kind asks for beyond id, kind, name, brands, match, themes, types and shadow.
struct Shape {
  Kind kind;
  std::string_view name;
  std::span<const std::string_view> options, measures;
  int count;
  Duration window;
};

constexpr std::string_view kBudgetOptions[] = {"budget"};
constexpr std::string_view kThresholdOptions[] = {"measure", "count", "share", "window", "hold", "severity"};
constexpr std::string_view kKeywordOptions[] = {"window", "hold", "severity"};
constexpr std::string_view kRatingOptions[] = {"measure", "count", "drop", "window", "before", "hold", "severity"};
constexpr std::string_view kUnansweredOptions[] = {"count", "window", "hold", "severity"};
constexpr std::string_view kSilenceOptions[] = {"count", "window", "severity"};
constexpr std::string_view kEachOptions[] = {"window", "hold", "severity"};
constexpr std::string_view kDriftOptions[] = {"budget", "hold", "severity"};
constexpr std::string_view kComplaints[] = {"negatives"};
constexpr std::string_view kOnlyShare[] = {"share"};
constexpr std::string_view kCounted[] = {"negatives", "mentions", "share"};
constexpr std::string_view kRated[] = {"stars", "nps"};

const std::array<Shape, 8> kShapes = {{
    {Kind::budget, "budget", kBudgetOptions, {}, 1, hours(1)},
    {Kind::threshold, "threshold", kThresholdOptions, kCounted, 10, hours(1)},
    {Kind::keyword, "keyword", kKeywordOptions, {}, 1, kDay},
    {Kind::rating, "rating", kRatingOptions, kRated, 10, 7 * kDay},
    {Kind::unanswered, "unanswered", kUnansweredOptions, {}, 1, kDay},
    {Kind::silence, "silence", kSilenceOptions, {}, 12, hours(1)},
    {Kind::each, "each", kEachOptions, kComplaints, 1, kDay},
    {Kind::drift, "drift", kDriftOptions, kOnlyShare, 1, 7 * kDay},
}};

constexpr std::array<std::pair<Measure, std::string_view>, 5> kMeasures = {{
    {Measure::mentions, "mentions"},
    {Measure::negatives, "negatives"},
    {Measure::share, "share"},
    {Measure::stars, "stars"},
    {Measure::nps, "nps"},
}};

const Shape* shape_of(std::string_view kind) {
  const auto found = std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& s) { return s.name == kind; });
  return found == kShapes.end() ? nullptr : found;
}

bool among(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class RuleReader {
 public:
  RuleReader(const Options& options, const Kinds& kinds, const std::vector<std::string>& themes)
      : options_(options), node_(options.node()), kinds_(kinds), themes_(themes) {}

  RuleSettings read() {
    options_.only_declared();
    const std::string id = options_.text("id");
    if (id == "negative")
      node_.child("id").problem(R"(expected an id of its own, found "negative", which [detect] has)");
    const Shape* shape = shape_of(options_.text("kind"));
    if (shape == nullptr) return {};
    rule_.kind = shape->kind;
    rule_.name = options_.text("name");
    rule_.shadow = options_.boolean("shadow");
    which_mentions();
    only_for_kind(*shape);
    numbers(*shape);
    spans(*shape);
    needs();
    return std::move(rule_);
  }

 private:
  void which_mentions() {
    rule_.match = options_.text("match");
    if (!rule_.match.empty() && kinds_.check_query) {
      if (const std::string mistake = kinds_.check_query(rule_.match); !mistake.empty())
        node_.child("match").problem(concat("expected a query, found a mistake: ", mistake));
    }
    rule_.themes = names("themes", "a theme", {themes_.begin(), themes_.end()});
    rule_.types = names("types", "a type of mention", {std::begin(kTypes), std::end(kTypes)});
    if (rule_.kind == Kind::unanswered && !options_.has("types")) rule_.types = {"review", "ticket", "message"};
  }

  // The texts of a list that must be among `known`; any when none is known.
  std::vector<std::string> names(std::string_view key, std::string_view what,
                                 const std::vector<std::string_view>& known) const {
    std::vector<std::string> found = options_.list(key);
    if (!node_.child(key).is_array()) return found;
    for (const Node& element : node_.elements(key)) {
      if (!element.is_text() || known.empty() ||
          std::find(known.begin(), known.end(), element.own_text()) != known.end())
        continue;
      element.problem(config::unknown_name(what, element.own_text(), known));
    }
    return found;
  }

  // An option of another kind would be read by nobody, and its writer would not know.
  void only_for_kind(const Shape& shape) const {
    constexpr std::string_view kOfSome[] = {"measure", "count", "share",  "drop",    "window",
                                            "before",  "hold",  "budget", "severity"};
    for (const std::string_view key : kOfSome) {
      if (options_.has(key) && !among(shape.options, key))
        node_.child(key).problem(concat("expected no ", key, " for kind ", quoted(shape.name), ", found one"));
    }
  }

  void numbers(const Shape& shape) {
    measure(shape);
    rule_.count = options_.has("count") ? options_.integer("count") : shape.count;
    if (options_.has("share")) rule_.share = options_.number("share");
    if (options_.has("drop")) rule_.drop = options_.number("drop");
    rule_.budget = options_.number("budget");
    switch (severity_from(options_.text("severity")).value_or(Severity::warning)) {
      case Severity::info: rule_.severity = 2; break;
      case Severity::warning: rule_.severity = 3; break;
      case Severity::high: rule_.severity = 4; break;
      case Severity::critical: rule_.severity = 5; break;
    }
  }

  void measure(const Shape& shape) {
    if (shape.measures.empty()) {
      rule_.measure = Measure::mentions;
      return;
    }
    const std::string written = options_.text("measure");
    const std::string_view name = written.empty() ? shape.measures.front() : std::string_view(written);
    if (!among(shape.measures, name)) {
      node_.child("measure").problem(config::unknown_name(concat("a measure of kind ", quoted(shape.name)), name,
                                                          {shape.measures.begin(), shape.measures.end()}));
    }
    for (const auto& [measure, word] : kMeasures) {
      if (word == name) rule_.measure = measure;
    }
  }

  void spans(const Shape& shape) {
    rule_.window = duration("window", shape.window, minutes(1), kLongestWindow);
    rule_.before = duration("before", options_.duration("before"), minutes(1), kLongestBefore);
    rule_.hold = duration("hold", options_.duration("hold"), Duration::zero(), 7 * kDay);
    if (rule_.kind != Kind::rating) return;
    if (rule_.before < rule_.window || rule_.before > kMostWindowsBefore * rule_.window) {
      node_.child(options_.has("before") ? "before" : "window")
          .problem(concat("expected the time before to be 1 to 12 times the window, found ",
                          format_duration(rule_.before), " before a window of ", format_duration(rule_.window)));
    }
  }

  Duration duration(std::string_view key, Duration otherwise, Duration least, Duration most) const {
    if (!options_.has(key)) return otherwise;
    const Duration written = options_.duration(key);
    if (!node_.child(key).is_text() || (written >= least && written <= most)) return written;
    if (parse_duration(node_.child(key).own_text()))
      node_.child(key).problem(concat("expected ", format_duration(least), " to ", format_duration(most), ", found ",
                                      format_duration(written)));
    return otherwise;
  }

  void needs() const {
    const auto need = [this](bool needed, std::string_view key, std::string_view form, std::string_view why) {
      if (needed && !options_.has(key)) node_.child(key).problem(concat("expected ", form, ", found nothing: ", why));
    };
    const bool by_share = rule_.kind == Kind::threshold && rule_.measure == Measure::share;
    need(rule_.kind == Kind::threshold, "window", "a duration", "a threshold counts within it");
    need(rule_.kind == Kind::threshold && !by_share, "count", "a number", "it is the threshold");
    need(by_share, "share", "a number", "it is the threshold");
    need(rule_.kind == Kind::keyword, "match", "a query", "these are the words to tell of");
    need(rule_.kind == Kind::rating, "drop", "a number", "it is the fall to tell of");
    need(rule_.kind == Kind::unanswered, "window", "a duration", "it is the time to answer");
    need(rule_.kind == Kind::budget, "budget", "a number", "it is what this kind adds");
    if (rule_.kind == Kind::threshold && !by_share && options_.has("share"))
      node_.child("share").problem(R"(expected no share without measure = "share", found one)");
  }

  const Options& options_;
  const Node& node_;
  const Kinds& kinds_;
  const std::vector<std::string>& themes_;
  RuleSettings rule_;
};

}  // namespace

std::string_view to_text(Measure measure) {
  for (const auto& [value, word] : kMeasures) {
    if (value == measure) return word;
  }
  return "";
}

std::string_view to_text(RuleSettings::Kind kind) {
  for (const Shape& shape : kShapes) {
    if (shape.kind == kind) return shape.name;
  }
  return "";
}

bool RuleSettings::covers(std::string_view brand) const {
  return brands.empty() || std::find(brands.begin(), brands.end(), brand) != brands.end();
}

RuleSettings read_rule(const Options& options, const Kinds& kinds, const std::vector<std::string>& themes) {
  return RuleReader(options, kinds, themes).read();
}

}  // namespace vigie
