#include "pipeline/aspects.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "pipeline/clauses.h"
#include "pipeline/comparison.h"

namespace vigie {
namespace {

// What a comparison alone says of a brand, as measured on sentences of our own.
constexpr std::array<double, 3> kBetter = {0.10, 0.20, 0.70}, kWorse = {0.70, 0.20, 0.10};
constexpr std::size_t kMostClauses = 200;  // of one text; what stands behind them is judged as one

using Probabilities = std::array<double, 3>;  // negative, neutral, positive

struct Range {
  std::size_t first = 0, last = 0;
};

// The clauses that speak of one subject, those side by side joined.
class Share {
 public:
  void add(const Clause& clause) {
    if (!ranges_.empty() && ranges_.back().last + 1 >= clause.first) {
      ranges_.back().last = std::max(ranges_.back().last, clause.last);
    } else {
      ranges_.push_back({clause.first, clause.last});
    }
  }
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

class Judge {
 public:
  Judge(const Words& words, const Scorer& scorer, std::string_view lang, std::string_view domain)
      : words_(words), scorer_(scorer), lang_(lang), domain_(domain) {}

  // Each range by itself, averaged by its words.
  Probabilities read(const Share& share) const {
    Probabilities sum{};
    double weight = 0;
    for (const Range& range : share.ranges()) {
      const Judgement one = scorer_.score(words_.part(range.first, range.last), lang_, domain_, std::nullopt);
      const auto words = static_cast<double>(range.last - range.first + 1);
      sum[0] += words * one.p_neg;
      sum[1] += words * one.p_neu;
      sum[2] += words * one.p_pos;
      weight += words;
    }
    if (weight == 0) return {0, 1, 0};
    for (double& p : sum) p /= weight;
    return sum;
  }

 private:
  const Words& words_;
  const Scorer& scorer_;
  std::string_view lang_, domain_;
};

Aspect aspect_of(const Probabilities& p) {
  Aspect aspect;
  aspect.p_neg = p[0];
  aspect.p_neu = p[1];
  aspect.p_pos = p[2];
  const auto best = std::max_element(p.begin(), p.end()) - p.begin();
  aspect.label = best == 0 ? Label::negative : best == 1 ? Label::neutral : Label::positive;
  return aspect;
}

// "Acme is bad and Globex is good" has no comma: the conjunction parts the two unless it joins their names ("Acme and
// Globex are bad").
void part_brands(const Words& words, const std::vector<BrandPlace>& places, std::vector<Clause>& clauses) {
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    const BrandPlace &a = places[i], &b = places[i + 1];
    if (a.brand == b.brand || clause_at(clauses, a.first) != clause_at(clauses, b.first)) continue;
    for (std::size_t word = a.last + 1; word < b.first; ++word) {
      const std::string_view text = words.folded(word);
      if (text != "et" && text != "and") continue;
      const bool joins_names = word == a.last + 1 && b.first <= word + 2;
      if (!joins_names) cut_before(clauses, word);
      break;
    }
  }
}

// A clause belongs to the brands it names; one that names none to those of the clause before it, and what comes before
// the first name to the first brand named.
std::map<std::string, Share> shares_of_brands(const std::vector<Clause>& clauses,
                                              const std::vector<BrandPlace>& places) {
  std::map<std::string, Share> shares;
  std::vector<std::string> current = {places.front().brand};
  std::size_t next = 0;
  for (const Clause& clause : clauses) {
    if (next < places.size() && clause.holds(places[next].first)) current.clear();
    for (; next < places.size() && clause.holds(places[next].first); ++next) {
      if (std::find(current.begin(), current.end(), places[next].brand) == current.end()) {
        current.push_back(places[next].brand);
      }
    }
    for (const std::string& brand : current) shares[brand].add(clause);
  }
  return shares;
}

std::vector<Aspect> of_brands(const Words& words, std::vector<Clause> clauses, const std::vector<BrandPlace>& places,
                              const std::vector<ThemeHit>& hits, const Judge& judge) {
  const std::vector<ComparedBrand> compared = compared_brands(words, clauses, places, hits);
  const bool two = std::any_of(places.begin(), places.end(),
                               [&](const BrandPlace& place) { return place.brand != places.front().brand; });
  if (!two && compared.empty()) return {};
  part_brands(words, places, clauses);

  std::map<std::string, Probabilities> found;
  if (two) {
    for (const auto& [brand, share] : shares_of_brands(clauses, places)) found[brand] = judge.read(share);
  }
  for (const ComparedBrand& verdict : compared) {
    if (verdict.standing == Standing::opposite) {
      const Probabilities other = found[verdict.against];
      found[verdict.brand] = {other[2], other[1], other[0]};
    } else {
      found[verdict.brand] = verdict.standing == Standing::better ? kBetter : kWorse;
    }
  }
  std::vector<Aspect> aspects;
  for (const auto& [brand, p] : found) {
    aspects.push_back(aspect_of(p));
    aspects.back().brand = brand;
  }
  return aspects;
}

// A clause belongs to the themes it speaks of; one that speaks of none to those of the clause before it, unless it
// turns against them ("but").
std::vector<Aspect> of_themes(const std::vector<Clause>& clauses, const std::vector<ThemeHit>& hits,
                              const Taxonomy& taxonomy, const Judge& judge) {
  std::map<std::string, Share> shares;
  std::uint64_t current = 0, together = 0;
  bool apart = false;
  std::size_t next = 0;
  for (const Clause& clause : clauses) {
    std::uint64_t here = 0;
    for (; next < hits.size() && hits[next].first <= clause.last; ++next) here |= hits[next].meaning;
    here &= taxonomy.theme_bits();
    if (here != 0) {
      apart = apart || (together != 0 && here != together);
      together = here;
      current = here;
    } else if (clause.turned) {
      current = 0;
    }
    for (std::size_t i = 0; i < taxonomy.ids().size(); ++i) {
      if ((current >> i & 1u) != 0) shares[taxonomy.ids()[i]].add(clause);
    }
  }
  std::vector<Aspect> aspects;
  if (!apart) return aspects;
  for (const auto& [theme, share] : shares) {
    aspects.push_back(aspect_of(judge.read(share)));
    aspects.back().theme = theme;
  }
  return aspects;
}

}  // namespace

bool needs_places(std::size_t brands, const std::vector<ThemeHit>& hits) {
  if (brands != 1) return brands > 1;
  return std::any_of(hits.begin(), hits.end(), [](const ThemeHit& hit) {
    return hit.is(Turn::better) || hit.is(Turn::worse) || hit.is(Turn::unlike) || hit.is(Turn::leave);
  });
}

std::vector<Aspect> find_aspects(const Words& words, const std::vector<BrandPlace>& places,
                                 const std::vector<ThemeHit>& hits, const Taxonomy& taxonomy, const Scorer& scorer,
                                 std::string_view lang, std::string_view domain) {
  std::uint64_t themes = 0;
  for (const ThemeHit& hit : hits) themes |= hit.meaning & taxonomy.theme_bits();
  const bool two_themes = (themes & (themes - 1)) != 0;
  if (words.empty() || (places.empty() && !two_themes)) return {};

  std::vector<Clause> clauses = clauses_of(words, hits);
  if (clauses.size() > kMostClauses) {
    clauses[kMostClauses - 1].last = clauses.back().last;
    clauses.resize(kMostClauses);
  }
  const Judge judge(words, scorer, lang, domain);
  std::vector<Aspect> aspects;
  if (!places.empty()) aspects = of_brands(words, clauses, places, hits, judge);
  if (two_themes && clauses.size() > 1) {
    for (Aspect& aspect : of_themes(clauses, hits, taxonomy, judge)) aspects.push_back(std::move(aspect));
  }
  return aspects;
}

}  // namespace vigie
