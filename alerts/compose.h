// The mail of one notification: its words, and the headers by which clients thread, filter and stay quiet.

#pragma once

#include <string>

#include "alerts/notifier.h"
#include "alerts/story.h"
#include "base/result.h"

namespace vigie {

struct ComposedMail {
  std::string message_id;  // "<n-ID@host>": the same on every try, so a client can collapse a repetition
  std::string bytes;       // the whole mail
};

// `to` "" is allowed for mails that are only looked at. bad_data when an address is not one.
Result<ComposedMail> compose_mail(const Story& story, const Outgoing& out, const NotifierContext& context);

// The mail's HTML as a page of its own, its picture inside.
Result<std::string> mail_page(const Story& story);

}  // namespace vigie
