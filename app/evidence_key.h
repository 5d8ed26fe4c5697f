// The pair of keys that evidence is sealed with (wall/evidence.h): the store has the half that closes, a file has the one
// that opens.

#pragma once

#include <string>

#include "base/sealed_box.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

// Writes the secret half to a file that did not exist, for its owner alone. bad_data: there is such a file; denied: it
// cannot be written.
Result<void> write_opening_half(const std::string& file, const BoxKeys& keys);

// Makes the pair when there is none yet, the secret half into <data>/evidence.secret, and says so in the program's log:
// it should be taken off the machine. Whatever happens in between, the half in the store is that of a whole file.
Result<void> have_evidence_key(const Settings& settings, Store& store);

}  // namespace vigie
