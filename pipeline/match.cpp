#include "pipeline/match.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <re2/set.h>

#include "pipeline/query.h"

namespace vigie {
namespace {

// The set's automaton grows while texts are matched; 5,000 brands need some 20 MiB.
constexpr std::int64_t kAutomatonBytes = 128 << 20;

// All literals of all brands as one RE2::Set over folded text. Only literals are in it: a counted repeat or a NEAR
// would cost 60 times the speed; what stands between them (AND, OR, NOT, NEAR) is evaluated on the literals found and
// on the places of their words.
class LiteralSet {
 public:
  std::uint32_t add(const std::string& literal) {
    const auto [place, fresh] = ids_.try_emplace(literal, static_cast<std::uint32_t>(literals_.size()));
    if (fresh) literals_.push_back(literal);
    return place->second;
  }

  bool compile() {
    RE2::Options options;
    options.set_max_mem(kAutomatonBytes);
    options.set_log_errors(false);
    options.set_literal(true);
    set_ = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const std::string& literal : literals_) {
      if (set_->Add(literal, nullptr) < 0) return false;
    }
    return literals_.empty() || set_->Compile();
  }

  // Indexes of the literals in `folded`, sorted.
  std::vector<int> find(std::string_view folded) const {
    std::vector<int> found;
    if (literals_.empty()) return found;
    RE2::Set::ErrorInfo error{};
    if (!set_->Match(re2::StringPiece(folded.data(), folded.size()), &found, &error) &&
        error.kind != RE2::Set::kNoError) {
      return find_slowly(folded);  // out of memory is not "no match"
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::vector<int> find_slowly(std::string_view folded) const {
    std::vector<int> found;
    for (std::size_t i = 0; i < literals_.size(); ++i) {
      if (folded.find(literals_[i]) != std::string_view::npos) found.push_back(static_cast<int>(i));
    }
    return found;
  }

  std::map<std::string, std::uint32_t> ids_;
  std::vector<std::string> literals_;
  std::unique_ptr<RE2::Set> set_;
};

struct Brand {
  std::string id;
  Query query;
  std::vector<int> literals;  // of the set, by the query's own terms
};

class SetMatcher final : public Matcher {
 public:
  Result<void> build(const std::vector<BrandSettings>& settings) {
    for (const BrandSettings& brand : settings) {
      auto query = Query::parse(brand.match);
      if (!query) return fail(ErrorKind::bad_config, concat("brand \"", brand.id, "\": match: ", query.error().text()));
      add(brand.id, *std::move(query));
    }
    if (set_.compile()) return {};
    return fail(ErrorKind::bad_config, "the brands' queries are too large together; use shorter or fewer words");
  }

  std::vector<std::string> brands_in(const QueryText& text) const override {
    std::vector<std::string> ids;
    const std::vector<int> found = set_.find(text.folded());
    std::vector<bool> present;
    for (const std::uint32_t index : candidates(found)) {
      const Brand& brand = brands_[index];
      present.clear();
      for (const int literal : brand.literals) {
        present.push_back(std::binary_search(found.begin(), found.end(), literal));
      }
      if (brand.query.matches(text, present)) ids.push_back(brand.id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::vector<BrandPlace> places_of(const std::vector<std::string>& brands, const QueryText& text,
                                    const Words& words) const override {
    std::vector<std::size_t> word_of_token;  // links are words but no tokens
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].length > 0) word_of_token.push_back(i);
    }
    std::vector<BrandPlace> places;
    for (const Brand& brand : brands_) {
      if (std::find(brands.begin(), brands.end(), brand.id) == brands.end()) continue;
      for (const std::uint32_t term : brand.query.triggers()) {
        for (const Span& span : find_term(brand.query.terms()[term], text)) {
          places.push_back({brand.id, word_of_token[span.first], word_of_token[span.last]});
        }
      }
    }
    std::sort(places.begin(), places.end(), [](const BrandPlace& a, const BrandPlace& b) {
      return std::tie(a.first, a.brand) < std::tie(b.first, b.brand);
    });
    return places;
  }

 private:
  void add(const std::string& id, Query query) {
    const auto index = static_cast<std::uint32_t>(brands_.size());
    Brand brand{id, std::move(query), {}};
    for (const Term& term : brand.query.terms()) brand.literals.push_back(static_cast<int>(set_.add(term.literal)));
    const std::vector<std::uint32_t> triggers = brand.query.triggers();
    if (triggers.empty()) always_.push_back(index);
    for (const std::uint32_t own : triggers) {
      const auto literal = static_cast<std::size_t>(brand.literals[own]);
      if (triggered_.size() <= literal) triggered_.resize(literal + 1);
      triggered_[literal].push_back(index);
    }
    brands_.push_back(std::move(brand));
  }

  std::vector<std::uint32_t> candidates(const std::vector<int>& present) const {
    std::vector<std::uint32_t> found = always_;
    for (const int literal : present) {
      const auto index = static_cast<std::size_t>(literal);
      if (index < triggered_.size()) found.insert(found.end(), triggered_[index].begin(), triggered_[index].end());
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  LiteralSet set_;
  std::vector<Brand> brands_;
  std::vector<std::vector<std::uint32_t>> triggered_;  // by literal: the brands it may stand for
  std::vector<std::uint32_t> always_;                  // brands that fields alone may decide
};

}  // namespace

Result<std::unique_ptr<Matcher>> Matcher::make(const std::vector<BrandSettings>& brands) {
  auto matcher = std::make_unique<SetMatcher>();
  TRY(matcher->build(brands));
  return matcher;
}

}  // namespace vigie
