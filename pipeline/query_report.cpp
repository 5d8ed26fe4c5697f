#include "pipeline/query_report.h"

#include <algorithm>

namespace vigie {
namespace {

using Kind = Query::Node::Kind;
using Missing = std::vector<std::string>;

class Reporter {
 public:
  Reporter(const Query& query, const QueryText& text)
      : query_(query), text_(text), present_(literals_in(query, text)), evaluation_(query, text, present_) {}

  QueryReport run() const {
    QueryReport out;
    out.matches = evaluation_.holds(query_.root());
    out.touches = touches(query_.root());
    if (!out.matches) out.missing = missing(query_.root());
    return out;
  }

 private:
  const Query::Node& node(std::uint32_t index) const { return query_.nodes()[index]; }

  std::string written(std::uint32_t index) const {
    std::string text = query_.source().substr(node(index).begin, node(index).end - node(index).begin);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }

  bool touches(std::uint32_t index) const {
    const Query::Node& at = node(index);
    if (at.kind == Kind::none_of) return false;
    if (at.kind == Kind::term) return evaluation_.holds(index);
    return std::any_of(at.children.begin(), at.children.end(), [&](std::uint32_t child) { return touches(child); });
  }

  Missing missing(std::uint32_t index) const {
    if (evaluation_.holds(index)) return {};
    const Query::Node& at = node(index);
    switch (at.kind) {
      case Kind::term: return {concat("with: ", written(index))};
      case Kind::field: return {concat("with: ", written(index), " (", query_.fields()[at.index].found(text_), ")")};
      case Kind::none_of: return {concat("without: ", written(index))};
      case Kind::near:
        return {concat("with: ", written(index), too_far(at) ? " (the words are there, too far apart)" : "")};
      case Kind::any_of: return of_any(index);
      case Kind::all_of: break;
    }
    Missing all;
    for (const std::uint32_t child : at.children) {
      const Missing own = missing(child);
      all.insert(all.end(), own.begin(), own.end());
    }
    return all;
  }

  bool too_far(const Query::Node& near) const {
    return std::none_of(near.children.begin(), near.children.end(),
                        [&](std::uint32_t child) { return evaluation_.spans(child).empty(); });
  }

  // The alternative that lacks least; all of them when none is nearer than the others.
  Missing of_any(std::uint32_t index) const {
    std::vector<Missing> each;
    std::size_t least = std::string::npos;
    for (const std::uint32_t child : node(index).children) {
      each.push_back(missing(child));
      least = std::min(least, each.back().size());
    }
    const auto nearest = [&](const Missing& m) { return m.size() == least; };
    if (std::count_if(each.begin(), each.end(), nearest) > 1) return {concat("with one of: ", written(index))};
    return *std::find_if(each.begin(), each.end(), nearest);
  }

  const Query& query_;
  const QueryText& text_;
  const std::vector<bool> present_;
  const QueryEvaluation evaluation_;
};

}  // namespace

QueryReport report(const Query& query, const QueryText& text) { return Reporter(query, text).run(); }

}  // namespace vigie
