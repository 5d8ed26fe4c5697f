// application/x-www-form-urlencoded, as older APIs take their parameters.

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vigie {

inline constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

// "name=value&..."; a parameter with an empty value is left out.
std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

}  // namespace vigie
