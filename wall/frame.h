// What stands around every public page: head, languages, foot.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/page.h"
#include "base/result.h"
#include "base/wording.h"

namespace vigie {

struct Frame {
  std::string title;
  std::string canonical{};                                       // absolute, "" = none
  std::string newer{}, older{};                                  // of the reviews before and after, "" = none
  std::string feed{}, embed{};                                   // Atom and oEmbed of this page, "" = none
  std::vector<std::pair<std::string, std::string>> languages{};  // language, absolute address of this page in it
  bool indexed = true;
  std::string json_ld{};  // of the Writer, which escapes "<"; "" = none
};

// `words`: the catalogue "wall", in the page's language.
Result<std::string> framed(const Frame& frame, std::string_view body, const Wording& words);

// The page's addresses in each language; `text` gives it for one.
template <class Address>
std::vector<std::pair<std::string, std::string>> in_each_language(const Address& text) {
  return {{"fr", text("fr")}, {"en", text("en")}};
}

// The shipped style sheet and icon, in this order.
const std::vector<Asset>& wall_assets();

}  // namespace vigie
