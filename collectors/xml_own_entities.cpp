#include "collectors/xml_own_entities.h"

#include <algorithm>

#include "base/text.h"

namespace vigie::xml {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// name "value" of one declaration; nothing when it is of another form.
std::pair<std::string_view, std::string_view> read_declaration(std::string_view inside) {
  inside = trim(inside);
  const std::size_t blank = inside.find_first_of(" \t\r\n");
  if (blank == std::string_view::npos) return {};
  const std::string_view value = trim(inside.substr(blank));
  const bool quoted =
      value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  if (!quoted) return {};
  return {inside.substr(0, blank), value.substr(1, value.size() - 2)};
}

}  // namespace

OwnEntities::OwnEntities(std::string_view document) {
  constexpr std::string_view kOpen = "<!ENTITY";
  const std::string_view head = document.substr(0, kMostHead);
  const std::size_t doctype = head.find("<!DOCTYPE");
  const std::size_t begin = doctype == std::string_view::npos ? doctype : head.find('[', doctype);
  if (begin == std::string_view::npos) return;
  const std::string_view dtd = head.substr(begin, std::min(head.find("]>", begin), head.size()) - begin);
  for (std::size_t at = dtd.find(kOpen); at != std::string_view::npos && texts_.size() < kMost;
       at = dtd.find(kOpen, at + 1)) {
    const std::size_t end = dtd.find('>', at);
    if (end == std::string_view::npos) return;
    const auto [name, value] = read_declaration(dtd.substr(at + kOpen.size(), end - at - kOpen.size()));
    const bool plain = value.find_first_of("&<%") == std::string_view::npos;
    if (is_name(name) && name.size() <= kLongestName && value.size() <= kLongestValue && plain) {
      texts_.emplace_back(name, value);
    }
  }
}

std::size_t OwnEntities::decode(std::string_view text, std::string& out) {
  if (texts_.empty()) return 0;
  const std::size_t end = text.substr(0, kLongestName + 2).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string_view name = text.substr(1, end - 1);
  const auto found = std::find_if(texts_.begin(), texts_.end(), [&](const auto& pair) { return pair.first == name; });
  if (found == texts_.end() || added_ + found->second.size() > kMostAdded) return 0;
  added_ += found->second.size();
  out += found->second;
  return end + 1;
}

}  // namespace vigie::xml
