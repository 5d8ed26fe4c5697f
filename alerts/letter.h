// A message to somebody outside, a customer of the operator: not about an incident, and addressed by itself rather than
// by its endpoint. Its words are made by whoever owes it.

#pragma once

#include <string>

#include "alerts/notifier.h"
#include "base/result.h"

namespace vigie {

struct CustomerLetter {
  std::string to;         // address or number
  std::string lang;       // "fr" or "en"
  std::string from_name;  // who writes, in front of the mail's own address
  std::string subject, text, html;
  std::string brief;        // the whole of it, for a text message
  std::string unsubscribe;  // address that takes RFC 8058's one click
};

// The mail's bytes. bad_data: an address, a name or a subject that is none.
Result<std::string> compose_letter(const CustomerLetter& letter, const Outgoing& out, const NotifierContext& context);

}  // namespace vigie
