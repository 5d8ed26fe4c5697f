// Personal data in a text: where it stands, so that it can be blacked out. Found by form and by checksum; names of
// people are not looked for: a name alone says too little to blacken every waiter who was thanked by name.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/moderation.h"

namespace vigie {

// Addresses of mail, telephone numbers (French, and others in international or usual national form), IBAN and payment
// card numbers whose checksums hold, street addresses with a house number. In order, without overlap. `text` is valid
// UTF-8; spans begin and end on code points.
std::vector<FoundSpan> find_personal(ReviewField field, std::string_view text);

}  // namespace vigie
