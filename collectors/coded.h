// Sources that are neither polled over HTTP nor read from a file: mailboxes, streams, and what is pushed to us. Each
// loop opens its own; here is what they ask for in vigie.toml.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace vigie {

struct CodedKind {
  std::string_view id;
  std::string_view brings;  // kind of its mentions
  std::string_view grade;   // seen, documented, unconfirmed: as for definitions
  std::string_view about;
  std::vector<std::string> params, secrets;      // "name?" = optional
  Result<void> (*check)(const SourceSettings&);  // what the params must be; bad_config `param: expected ...`
};

const std::vector<CodedKind>& coded_kinds();

// nullptr when the kind is a polled one.
const CodedKind* find_coded(std::string_view kind);

}  // namespace vigie
