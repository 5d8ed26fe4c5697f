// A mail as it arrives, as the mention it is: RFC 5322 and MIME (RFC 2045-2047, 3676) as they are practised.
//
// Nothing in a mail is trusted: headers with raw 8-bit bytes, charsets that are not the declared one, parts without an
// end, boundaries nested for ever. What cannot be read is left out, the rest is kept.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "model/mention.h"

namespace vigie {

struct ReceivedMail {
  std::string message_id;         // without the brackets; "" when it has none
  std::string parent, thread;     // In-Reply-To; the first of References
  std::string from_name, from;    // display name, address
  std::string subject, language;  // decoded
  std::optional<LooseTime> date;
  std::string text;  // plain text: the plain part, else the HTML one without its markup
};

// bad_data when the bytes have no header at all. A mail cut off in the middle is read as far as it goes.
Result<ReceivedMail> read_mail(std::string_view bytes);

// The mail as a mention of `source`. Its id is the Message-ID, so that the same mail in another mailbox, or in this one
// after the server numbered it anew, is the same mention; a mail without one is known by a hash of what it says.
// bad_data for a mail with neither subject nor text. A date more than a day ahead is left out.
Result<Mention> mention_from_mail(const ReceivedMail& mail, std::string_view source, Time now);

}  // namespace vigie
