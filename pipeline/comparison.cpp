#include "pipeline/comparison.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace vigie {
namespace {

constexpr std::size_t kReach = 3;  // words between "better than" and the brand: "better than anything at Acme"

class Comparer {
 public:
  Comparer(const Words& words, const std::vector<Clause>& clauses, const std::vector<BrandPlace>& places)
      : words_(words), clauses_(clauses), places_(places) {}

  void read(const ThemeHit& hit, std::vector<ComparedBrand>& out) const {
    const Clause& clause = clauses_[clause_at(clauses_, hit.first)];
    if (clause.asks) return;  // "is Acme better than Globex?" says nothing yet
    if (hit.is(Turn::leave)) return leave(hit, clause, out);
    const BrandPlace* const object = behind(hit.first + hit.words, clause);
    const BrandPlace* const subject = subject_of(hit, clause, object);
    if (hit.is(Turn::unlike)) {
      if (object != nullptr && subject != nullptr) out.push_back({object->brand, Standing::opposite, subject->brand});
      return;
    }
    const bool subject_wins = hit.is(Turn::better);
    const std::string_view subject_name = subject != nullptr ? std::string_view(subject->brand) : std::string_view();
    const std::string_view object_name = object != nullptr ? std::string_view(object->brand) : std::string_view();
    if (negated(hit.first, clause)) {  // "no better than Globex" praises neither
      if (subject != nullptr && subject_wins)
        out.push_back({subject->brand, Standing::worse, std::string(object_name)});
      return;
    }
    if (subject != nullptr) {
      out.push_back({subject->brand, subject_wins ? Standing::better : Standing::worse, std::string(object_name)});
    }
    if (object != nullptr) {
      out.push_back({object->brand, subject_wins ? Standing::worse : Standing::better, std::string(subject_name)});
    }
  }

 private:
  // "I leave Acme for Globex": the one left comes off worse, the one joined better.
  void leave(const ThemeHit& hit, const Clause& clause, std::vector<ComparedBrand>& out) const {
    const BrandPlace* const left = behind(hit.first + hit.words, clause);
    if (left == nullptr || negated(hit.first, clause)) return;
    const BrandPlace* joined = nullptr;
    for (const BrandPlace& place : places_) {
      const bool next = place.first > left->last && place.first <= left->last + 1 + kReach && clause.holds(place.first);
      if (next && place.brand != left->brand) joined = &place;
    }
    out.push_back({left->brand, Standing::worse, joined != nullptr ? joined->brand : ""});
    if (joined != nullptr) out.push_back({joined->brand, Standing::better, left->brand});
  }

  // The brand that begins within reach of `word`, in the same clause.
  const BrandPlace* behind(std::size_t word, const Clause& clause) const {
    for (const BrandPlace& place : places_) {
      if (place.first >= word && place.first <= word + kReach && clause.holds(place.first)) return &place;
    }
    return nullptr;
  }

  // Who is compared: the brand last named before the object's in this clause, else in an earlier one, else ("Unlike
  // Acme, Globex answers") the first one named later.
  const BrandPlace* subject_of(const ThemeHit& hit, const Clause& clause, const BrandPlace* object) const {
    const auto other = [&](const BrandPlace& place) { return object == nullptr || place.brand != object->brand; };
    const BrandPlace* before = nullptr;
    for (const BrandPlace& place : places_) {
      const bool in_reach = place.first < hit.first + hit.words && (object != nullptr || clause.holds(place.first));
      if (in_reach && other(place)) before = &place;
    }
    if (before != nullptr || object == nullptr) return before;
    for (const BrandPlace& place : places_) {
      if (place.first > object->last && other(place)) return &place;
    }
    return nullptr;
  }

  bool negated(std::size_t word, const Clause& clause) const {
    static constexpr auto kNegators = std::to_array<std::string_view>(
        {"not", "no", "t", "never", "pas", "jamais", "n", "hardly", "isnt", "aucunement", "nullement", "guere"});
    for (std::size_t back = 1; back <= 2 && word >= clause.first + back; ++back) {
      if (std::find(kNegators.begin(), kNegators.end(), words_.folded(word - back)) != kNegators.end()) return true;
    }
    return false;
  }

  const Words& words_;
  const std::vector<Clause>& clauses_;
  const std::vector<BrandPlace>& places_;
};

}  // namespace

std::vector<ComparedBrand> compared_brands(const Words& words, const std::vector<Clause>& clauses,
                                           const std::vector<BrandPlace>& places, const std::vector<ThemeHit>& hits) {
  std::vector<ComparedBrand> out;
  const Comparer comparer(words, clauses, places);
  for (const ThemeHit& hit : hits) {
    if (hit.is(Turn::better) || hit.is(Turn::worse) || hit.is(Turn::unlike) || hit.is(Turn::leave)) {
      comparer.read(hit, out);
    }
  }
  return out;
}

}  // namespace vigie
