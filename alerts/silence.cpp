#include "alerts/silence.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kMostQuotes = 10;

bool among(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_about(const Silence& silence, const Incident& incident, const std::vector<std::string>& quotes) {
  if (!among(silence.brands, incident.brand) || !among(silence.kinds, incident.kind)) return false;
  if (incident.severity < silence.least || incident.severity > silence.most) return false;
  const bool one_theme =
      silence.themes.empty() || std::any_of(incident.themes.begin(), incident.themes.end(),
                                            [&](const std::string& t) { return among(silence.themes, t); });
  if (!one_theme) return false;
  if (silence.text.empty()) return true;
  const std::string wanted = fold(silence.text);
  return std::any_of(quotes.begin(), quotes.end(),
                     [&](const std::string& quote) { return fold(quote).find(wanted) != std::string::npos; });
}

std::vector<std::string> quotes_of(std::string_view document) {
  std::vector<std::string> words;
  const Result<json::Document> parsed = json::parse(document);
  if (!parsed) return words;
  const json::Value quotes = parsed->root().at("quotes");
  for (std::size_t i = 0; i < std::min(quotes.size(), kMostQuotes); ++i) words.push_back(quotes[i].text_or("text", ""));
  return words;
}

std::string describe(const Silence& silence) {
  return concat(silence.maintenance ? "maintenance " : "silence ", std::to_string(silence.id), " of ", silence.author,
                " until ", format_rfc3339(silence.over_at()), ": ", silence.reason);
}

}  // namespace vigie
