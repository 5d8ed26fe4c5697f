// Enumerations and the words they are written with; only model/*.cpp include this.

#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace vigie {

template <class Enum>
struct Named {
  Enum value;
  std::string_view name;
};

template <class Enum, std::size_t N>
std::string_view name_in(const std::array<Named<Enum>, N>& names, Enum value) {
  for (const Named<Enum>& named : names) {
    if (named.value == value) return named.name;
  }
  return "";
}

template <class Enum, std::size_t N>
std::optional<Enum> value_in(const std::array<Named<Enum>, N>& names, std::string_view name) {
  for (const Named<Enum>& named : names) {
    if (named.name == name) return named.value;
  }
  return std::nullopt;
}

}  // namespace vigie
