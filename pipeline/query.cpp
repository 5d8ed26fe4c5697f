#include "pipeline/query.h"

#include <algorithm>
#include <optional>

namespace vigie {
namespace {

using Kind = Query::Node::Kind;

// What every match of a node needs. Words sift best; fields are asked of every mention.
enum class Needs { nothing, field, words };

struct Sieve {
  Needs needs = Needs::nothing;
  std::vector<std::uint32_t> triggers;  // terms, one of which is needed
};

class Sifter {
 public:
  explicit Sifter(const Query& query) : query_(query) {}

  Sieve sieve(std::uint32_t index) const {
    const Query::Node& node = query_.nodes()[index];
    switch (node.kind) {
      case Kind::term: return {Needs::words, {node.index}};
      case Kind::field: return {query_.fields()[node.index].selects() ? Needs::field : Needs::nothing, {}};
      case Kind::none_of: return {};
      case Kind::any_of: return weakest(node);
      case Kind::all_of:
      case Kind::near: return strongest(node);
    }
    return {};
  }

 private:
  Sieve weakest(const Query::Node& node) const {
    Sieve all{Needs::words, {}};
    for (const std::uint32_t child : node.children) {
      Sieve own = sieve(child);
      all.needs = std::min(all.needs, own.needs);
      all.triggers.insert(all.triggers.end(), own.triggers.begin(), own.triggers.end());
    }
    if (all.needs != Needs::words) all.triggers.clear();
    return all;
  }

  // One child that needs a word is enough: the one with the fewest, and among those the longest, sifts best.
  Sieve strongest(const Query::Node& node) const {
    Sieve best;
    for (const std::uint32_t child : node.children) {
      Sieve own = sieve(child);
      if (best.needs < own.needs || (best.needs == own.needs && sifts_better(own, best))) best = std::move(own);
    }
    return best;
  }

  bool sifts_better(const Sieve& a, const Sieve& b) const {
    if (a.triggers.size() != b.triggers.size()) return a.triggers.size() < b.triggers.size();
    return shortest(a) > shortest(b);
  }

  std::size_t shortest(const Sieve& sieve) const {
    std::size_t bytes = std::string::npos;
    for (const std::uint32_t term : sieve.triggers) bytes = std::min(bytes, query_.terms()[term].literal.size());
    return bytes;
  }

  const Query& query_;
};

// Those of `spans` that stand within reach of one of `others`.
Spans within_reach(const Spans& spans, const Spans& others, Query::Reach reach) {
  Spans by_end = others;
  std::sort(by_end.begin(), by_end.end(), [](const Span& a, const Span& b) { return a.last < b.last; });
  const auto before = [&](const Span& span) {  // the nearest end in front of the span
    const auto next = std::lower_bound(by_end.begin(), by_end.end(), span.first,
                                       [](const Span& other, std::uint32_t at) { return other.last < at; });
    return next != by_end.begin() && span.first - std::prev(next)->last <= reach.words;
  };
  const auto behind = [&](const Span& span) {
    const auto next = std::lower_bound(others.begin(), others.end(), Span{span.last + 1, 0});
    return next != others.end() && next->first - span.last <= reach.words;
  };
  Spans found;
  for (const Span& span : spans) {
    if (before(span) || (!reach.ordered && behind(span))) found.push_back(span);
  }
  return found;
}

}  // namespace

std::vector<std::uint32_t> Query::triggers() const {
  std::vector<std::uint32_t> found = Sifter(*this).sieve(root_).triggers;
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool Query::selects() const { return Sifter(*this).sieve(root_).needs != Needs::nothing; }

bool Query::matches(const QueryText& text, const std::vector<bool>& present) const {
  return QueryEvaluation(*this, text, present).holds(root_);
}

bool Query::matches(const QueryText& text) const { return matches(text, literals_in(*this, text)); }

std::vector<bool> literals_in(const Query& query, const QueryText& text) {
  std::vector<bool> present;
  present.reserve(query.terms().size());
  for (const Term& term : query.terms()) present.push_back(text.folded().find(term.literal) != std::string_view::npos);
  return present;
}

bool QueryEvaluation::holds(std::uint32_t index) const {
  const Query::Node& node = query_.nodes()[index];
  const auto child_holds = [&](std::uint32_t child) { return holds(child); };
  switch (node.kind) {
    case Kind::term: {
      if (!present_[node.index]) return false;
      const Term& term = query_.terms()[node.index];
      return term.exact || !find_term(term, text_).empty();
    }
    case Kind::field: return query_.fields()[node.index].holds(text_);
    case Kind::none_of: return !holds(node.children[0]);
    case Kind::all_of: return std::all_of(node.children.begin(), node.children.end(), child_holds);
    case Kind::any_of: return std::any_of(node.children.begin(), node.children.end(), child_holds);
    case Kind::near: return !spans(index).empty();
  }
  return false;
}

Spans QueryEvaluation::spans(std::uint32_t index) const {
  const Query::Node& node = query_.nodes()[index];
  Spans found;
  switch (node.kind) {
    case Kind::term:
      if (present_[node.index]) found = find_term(query_.terms()[node.index], text_);
      return found;
    case Kind::any_of:
      for (const std::uint32_t child : node.children) {
        const Spans own = spans(child);
        found.insert(found.end(), own.begin(), own.end());
      }
      std::sort(found.begin(), found.end());
      found.erase(std::unique(found.begin(), found.end()), found.end());
      return found;
    case Kind::near:
      found = spans(node.children[0]);
      for (std::size_t i = 1; i < node.children.size() && !found.empty(); ++i) {
        found = within_reach(spans(node.children[i]), found, node.reach[i - 1]);
      }
      return found;
    case Kind::field:
    case Kind::all_of:
    case Kind::none_of: break;  // the parser puts none of these beside NEAR
  }
  return found;
}

}  // namespace vigie
