// How a source is doing, in one line of words, with what to do about it: the same on the console, in `vigie doctor` and
// in `vigie source list`.

#pragma once

#include <string>
#include <vector>

#include "base/wording.h"
#include "store/store.h"

namespace vigie {

// "fine: last answer 3 min ago, 1,204 mentions"; "failing since 21 Nov 14:05: answered 503 ...; next try 21 Nov 14:20".
// `wording` is the console's catalogue.
std::string source_line(const SourceHealth& health, const Wording& wording, Time now);

// What is to be told of it beside that, each a sentence with its remedy: "token refused since 21 Nov 14:05: renew it
// under [source.secrets] token, then restart vigie".
std::vector<std::string> source_notices(const SourceHealth& health, const Wording& wording);

}  // namespace vigie
