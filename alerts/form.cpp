#include "alerts/form.h"

#include "base/text.h"

namespace vigie {

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    if (!out.empty()) out.push_back('&');
    out.append(url_encode(name)).append("=").append(url_encode(value));
  }
  return out;
}

}  // namespace vigie
