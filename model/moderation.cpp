#include "model/moderation.h"

#include <algorithm>
#include <iterator>

namespace vigie {
namespace {

constexpr std::string_view kBar = "▇▇▇▇▇▇";
constexpr std::array<std::string_view, 5> kStates = {"open", "doing", "done", "told", "measured"};

// The last step that says something.
const SealedFields* last_words(const Improvement& improvement) {
  for (auto step = improvement.steps.rbegin(); step != improvement.steps.rend(); ++step) {
    if (!step->fields.values[kText].empty()) return &step->fields;
  }
  return nullptr;
}

}  // namespace

std::string blacked_out(ReviewField field, std::string_view text, const std::vector<FoundSpan>& spans) {
  std::vector<FoundSpan> in_order;
  std::copy_if(spans.begin(), spans.end(), std::back_inserter(in_order),
               [&](const FoundSpan& span) { return span.field == field && span.from < span.to; });
  std::sort(in_order.begin(), in_order.end(), [](const FoundSpan& a, const FoundSpan& b) { return a.from < b.from; });
  std::string out;
  std::size_t at = 0;
  for (const FoundSpan& span : in_order) {
    if (span.to > text.size()) break;
    if (span.from >= at) {
      out += text.substr(at, span.from - at);
      out += kBar;
    }
    at = std::max(at, span.to);
  }
  out += text.substr(std::min(at, text.size()));
  return out;
}

std::vector<FoundSpan> places_of(ReviewField field, std::string_view text, std::string_view words) {
  std::vector<FoundSpan> places;
  if (words.empty()) return places;
  for (std::size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + words.size()))
    places.push_back({field, at, at + words.size(), "words"});
  return places;
}

std::string_view to_text(ImprovementState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<ImprovementState> improvement_state_from(std::string_view text) {
  const auto found = std::find(kStates.begin(), kStates.end(), text);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<ImprovementState>(found - kStates.begin());
}

std::string Improvement::title() const {
  const SealedFields* fields = last_words(*this);
  if (fields == nullptr) return "";
  return fields->values[kText].substr(0, fields->values[kText].find('\n'));
}

std::string Improvement::words() const {
  const SealedFields* fields = last_words(*this);
  if (fields == nullptr) return "";
  const std::size_t end = fields->values[kText].find('\n');
  return end == std::string::npos ? "" : fields->values[kText].substr(end + 1);
}

std::string Improvement::link() const {
  const SealedFields* fields = last_words(*this);
  return fields == nullptr ? "" : fields->values[kMedia];
}

std::optional<Time> Improvement::since(ImprovementState reached) const {
  const auto step =
      std::find_if(steps.begin(), steps.end(), [&](const ImprovementStep& one) { return one.state == reached; });
  return step == steps.end() ? std::nullopt : std::optional(step->at);
}

}  // namespace vigie
