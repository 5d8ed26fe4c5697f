#include "base/metrics.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/result.h"
#include "base/text.h"

namespace vigie {
namespace {

enum class Kind { counter, gauge, histogram };

constexpr std::array kBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                 0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};

struct Sample {
  double value = 0;                                         // of a histogram, the sum
  std::array<std::uint64_t, kBuckets.size() + 1> counts{};  // not cumulative; the last one is over every bucket
};

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::counter: return "counter";
    case Kind::gauge: return "gauge";
    case Kind::histogram: return "histogram";
  }
  return "untyped";
}

// Exposition format: backslash, quote and line feed of a label are escaped; help text keeps its quotes.
std::string escape(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : is_valid_utf8(text) ? std::string(text) : to_valid_utf8(text)) {
    if (c == '\n') {
      out.append("\\n");
    } else {
      if (c == '\\' || (quotes && c == '"')) out.push_back('\\');
      out.push_back(c);
    }
  }
  return out;
}

// `a="1",b="2"`: what stands between the braces, and what tells two series apart.
std::string render(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out.push_back(',');
    out.append(name).append("=\"").append(escape(value, true)).append("\"");
  }
  return out;
}

std::string format(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char digits[32];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  return std::string(digits, result.ptr);
}

void append_line(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels,
                 std::string_view value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void append_histogram(std::string& out, std::string_view name, std::string_view labels, const Sample& sample) {
  std::uint64_t below = 0;
  const auto bucket = [&](std::size_t i, std::string_view bound) {
    below += sample.counts[i];
    append_line(out, name, "_bucket", concat(labels, labels.empty() ? "" : ",", "le=\"", bound, "\""),
                std::to_string(below));
  };
  for (std::size_t i = 0; i < kBuckets.size(); ++i) bucket(i, format(kBuckets[i]));
  bucket(kBuckets.size(), "+Inf");
  append_line(out, name, "_sum", labels, format(sample.value));
  append_line(out, name, "_count", labels, std::to_string(below));
}

}  // namespace

struct Metrics::Family {
  std::string help;
  Kind kind;
  std::map<std::string, Sample, std::less<>> samples;  // by rendered labels

  static Sample& sample(std::map<std::string, std::shared_ptr<Family>, std::less<>>& families, std::string_view name,
                        std::string_view help, Kind kind, const Labels& labels) {
    auto found = families.find(name);
    if (found == families.end()) {
      found = families.emplace(std::string(name), std::make_shared<Family>(Family{std::string(help), kind, {}})).first;
    }
    return found->second->samples[render(labels)];
  }
};

void Metrics::add(std::string_view name, std::string_view help, const Labels& labels, double by) {
  const std::lock_guard lock(mutex_);
  Family::sample(families_, name, help, Kind::counter, labels).value += by;
}

void Metrics::set(std::string_view name, std::string_view help, const Labels& labels, double value) {
  const std::lock_guard lock(mutex_);
  Family::sample(families_, name, help, Kind::gauge, labels).value = value;
}

void Metrics::observe(std::string_view name, std::string_view help, const Labels& labels, double seconds) {
  const std::lock_guard lock(mutex_);
  Sample& sample = Family::sample(families_, name, help, Kind::histogram, labels);
  const auto bound = std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds);
  ++sample.counts[static_cast<std::size_t>(bound - kBuckets.begin())];
  sample.value += seconds;
}

double Metrics::value(std::string_view name, const Labels& labels) const {
  const std::lock_guard lock(mutex_);
  const auto family = families_.find(name);
  if (family == families_.end()) return 0;
  const auto sample = family->second->samples.find(render(labels));
  return sample == family->second->samples.end() ? 0 : sample->second.value;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out.append("# HELP ").append(name).append(" ").append(escape(family->help, false)).append("\n");
    out.append("# TYPE ").append(name).append(" ").append(name_of(family->kind)).append("\n");
    for (const auto& [labels, sample] : family->samples) {
      if (family->kind == Kind::histogram) {
        append_histogram(out, name, labels, sample);
      } else {
        append_line(out, name, "", labels, format(sample.value));
      }
    }
  }
  return out;
}

}  // namespace vigie
