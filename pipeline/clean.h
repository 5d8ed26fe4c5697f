// A mention's text as it is stored and shown: NFC, white space in order, nothing else touched.

#pragma once

#include <string>
#include <string_view>

#include "model/mention.h"

namespace vigie {

// One line: runs of white space to one blank.
std::string clean_line(std::string_view text);

// Paragraphs stay: blanks within a line squeezed, at most one empty line between two others.
std::string clean_paragraphs(std::string_view text);

// Title, text and the brand's answer of a mention; invalid UTF-8 is repaired first.
void clean(Mention& mention);

}  // namespace vigie
