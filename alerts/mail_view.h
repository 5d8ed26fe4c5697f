// What stands in a mail, in the reader's words: the data of templates/mail.txt and templates/mail.html.

#pragma once

#include <string>

#include "alerts/facts.h"
#include "alerts/phrases.h"

namespace vigie {

// At most 60 characters: what a phone shows. The theme goes first when there is no room, then the brand is cut.
std::string mail_subject(const Facts& facts, const Phrases& phrases);

// JSON for the templates. What has nothing to say is absent.
std::string mail_view(const Facts& facts, const Phrases& phrases, std::string_view language,
                      const std::string& subject);

}  // namespace vigie
