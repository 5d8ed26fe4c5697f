// The short texts that a document's own DTD names: <!ENTITY id "tag:example.com,">. Blogs of the 2000s shorten their
// ids so.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::xml {

// Only plain text is taken: a value with markup or a reference in it is left alone, so that nothing nests ("billion
// laughs"), and nothing outside is ever named. What all references together add is capped.
class OwnEntities {
 public:
  OwnEntities() = default;
  // Reads the DTD before the root element of `document`, when there is one.
  explicit OwnEntities(std::string_view document);

  // The text of the reference at the start of `text` ("&id;...") added to `out`, and its length; 0 when it is none of
  // these, or when enough was added already.
  std::size_t decode(std::string_view text, std::string& out);

 private:
  static constexpr std::size_t kMost = 32, kLongestName = 20, kLongestValue = 200;
  static constexpr std::size_t kMostHead = 8u << 10;    // bytes in which the DTD must stand
  static constexpr std::size_t kMostAdded = 64u << 10;  // bytes over the whole document

  std::vector<std::pair<std::string, std::string>> texts_;
  std::size_t added_ = 0;
};

}  // namespace vigie::xml
