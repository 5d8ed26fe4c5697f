// `vigie source list`, `show` and `try`: what can be asked, what each network wants, and what it would bring.

#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"

namespace vigie {

// Every kind: id, kind of mention, grade, access, what it asks for. With a configuration its own sources, each with how
// it is doing.
int cmd_source_list(const std::string& config, const Clock& clock, std::ostream& out, std::ostream& err);

// One definition in words: what is asked, parameters, secrets, limits, terms.
int cmd_source_show(const std::string& id, std::ostream& out, std::ostream& err);

struct SourceTry {
  std::string what;    // id of a configured source, a kind, a definition's path, or the address of a feed
  std::string config;  // "" = none
  std::map<std::string, std::string> params, secrets;
  std::vector<std::string> allow_private;
};

// Asks once for real, through the guarded client, and prints what would be stored, a mention a line. Stores nothing.
// Exit status 0 it answered, 1 it did not as hoped, 2 nothing of that name.
int cmd_source_try(const SourceTry& asked, const Clock& clock, std::ostream& out, std::ostream& err);
// The same over any client, for tests.
int try_source(const SourceTry& asked, HttpClient& http, const Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace vigie
