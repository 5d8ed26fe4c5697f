#include "app/quotes.h"

#include <algorithm>

namespace vigie {
namespace {

// Surely negative, and about the incident's main theme.
void most_telling_first(std::vector<StoredMention>& candidates, const Signal& evidence) {
  const std::string theme = evidence.themes.empty() ? "" : evidence.themes.front().theme;
  const auto telling = [&theme](const StoredMention& m) {
    const bool about_it =
        std::find(m.judgement.themes.begin(), m.judgement.themes.end(), theme) != m.judgement.themes.end();
    const bool negative = m.judgement.effective() == Label::negative;
    return m.judgement.p_neg + (negative ? 1 : 0) + (about_it ? 1 : 0) - (m.original != 0 ? 0.5 : 0);
  };
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&telling](const StoredMention& a, const StoredMention& b) { return telling(a) > telling(b); });
}

}  // namespace

Result<std::vector<StoredMention>> quotable(const Incident& incident, Store& store) {
  TRY(std::vector<StoredMention> mentions, store.mentions_by_seq(incident.evidence.mentions));
  if (counts_complaints(incident.evidence)) most_telling_first(mentions, incident.evidence);
  return mentions;
}

}  // namespace vigie
