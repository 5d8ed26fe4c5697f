// A table of pieces of words and their ids.

#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "pipeline/tokenizer/vocabulary.h"

namespace vigie::tokenizer {

inline constexpr std::size_t kMostPieces = 2'000'000;

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class PieceTable {
 public:
  // A member of an object { "piece": id }.
  static Result<PieceTable> read(const json::Value& vocab);

  void add(std::string_view piece, Id id) {
    ids_.emplace(piece, id);
    longest_ = std::max(longest_, piece.size());
  }
  std::optional<Id> find(std::string_view piece) const {
    const auto found = ids_.find(piece);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }
  std::size_t longest() const { return longest_; }  // bytes

 private:
  boost::unordered_flat_map<std::string, Id, TextHash, std::equal_to<>> ids_;
  std::size_t longest_ = 0;
};

}  // namespace vigie::tokenizer
