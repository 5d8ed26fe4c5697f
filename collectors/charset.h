// Bytes of a document from outside, as UTF-8 text.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie {

// The text of an XML or JSON document: compressed bytes (gzip, also twice) unpacked, the character set found in the
// order BOM, charset of the Content-Type header, XML declaration, UTF-8; bytes that do not fit it are tried as UTF-8,
// then as windows-1252 (RFC 7303 as it is practised: iso-8859-1 means windows-1252, us-ascii says nothing). Valid
// UTF-8, without BOM, declaration and control characters. `warnings` gets a line for each thing that was not as
// declared. bad_data when more than max_bytes come out.
Result<std::string> decode_document(std::string_view bytes, std::string_view content_type, std::size_t max_bytes,
                                    std::vector<std::string>& warnings);

// Bytes of a text that says it is in `charset` (a mail's part, an encoded word), with the same distrust: what does not
// fit is tried as UTF-8, then as windows-1252. "" or an unknown name says nothing. Valid UTF-8 without control
// characters.
std::string decode_text(std::string_view bytes, std::string_view charset);

// One byte of windows-1252 as a character.
char32_t from_windows_1252(unsigned char byte);

void append_utf8(std::string& out, char32_t character);

}  // namespace vigie
