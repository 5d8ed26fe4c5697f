// Every way of reaching people, and what each needs of an [[endpoint]]: vigie.toml is checked by it and
// docs/reference.md prints it. How each is set up: docs/channels.md.

#pragma once

#include <span>
#include <string_view>

namespace vigie::config {

struct EndpointKey {
  enum class Need { no, may, must };
  Need need = Need::no;
  std::string_view what;  // in place of a noun: "the chat's id"
};

struct EndpointSecret {
  std::string_view name;  // secrets.NAME
  EndpointKey key;
};

struct EndpointKind {
  std::string_view name;
  std::string_view about;  // one line
  EndpointKey url{}, to{}, account{}, from{}, secret{}, folder{}, reply_to{};
  bool old_secrets = false;  // several sign at once
  bool own_words = false;    // `template` may say its text
  std::span<const EndpointSecret> secrets{};
};

std::span<const EndpointKind> endpoint_kinds();
const EndpointKind* endpoint_kind(std::string_view name);  // nullptr: there is none of that name

// The key of that name ("url", "to", "account", "from", "secret", "folder", "reply_to").
EndpointKey key_of(const EndpointKind& kind, std::string_view name);
inline constexpr std::string_view kEndpointKeys[] = {"url", "to", "account", "from", "secret", "folder", "reply_to"};

}  // namespace vigie::config
