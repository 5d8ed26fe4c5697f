// Whom a survey asks and what became of it. Addresses stand in the contact alone; what is kept for ever (who wants no
// more) holds only keyed hashes of them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace vigie {

// A customer as an invitation needs them. `keys`: keyed hashes by which they are known again, of the address and of
// the reference.
struct SurveyContact {
  std::int64_t id = 0;
  std::string brand, reference;  // the operator's own number for this customer; "" = none
  std::string address;           // e-mail or phone number; "" = links only, or forgotten since
  std::string name{};
  std::string lang{};
  std::vector<std::string> keys{};  // 32 bytes each; filled in to be stored
};

struct Invitation {
  std::int64_t id = 0, batch = 0, contact = 0;
  std::string survey;
  std::string event;      // the order, call or visit it is about: asked about once per survey
  std::string token;      // SHA-256 of it
  std::string seed;       // 16 random bytes, of which this installation's secret makes the token again
  std::string nullifier;  // 16 bytes: what an answer will carry in the log
  std::string channel;    // email sms link
  std::string lang{}, place{}, order{};
  Time when{};           // of the experience
  std::string exempt{};  // why it was sent within the survey's quarantine; "" = it was not
  Time created{}, due{}, expires{};
  std::optional<Time> sent{}, reminded{}, bounced{}, started{}, answered{}, opted_out{};

  bool delivered() const { return sent && !bounced; }
};

// Somebody agreed to be asked, or was told that they would be: kept as it was shown, for ever.
struct Consent {
  std::int64_t number = 0;
  std::string brand;
  std::string key;       // of the contact, keyed hash
  std::string basis;     // consent legitimate-interest withdrawn
  std::string wording;   // what was shown
  std::string version;   // of the wording
  std::string how;       // "checkout page", "call", "import of 2026-11-20"
  std::string evidence;  // whatever proves it: form id, recording number
  std::string by;        // who wrote it down
  Time at{};             // when it was given
};

// An answer that is not for the wall: the survey is not, or its author did not agree. The last one of an invitation
// counts; those before stay.
struct PrivateAnswer {
  std::int64_t id = 0;
  std::string survey, origin, channel, place, lang, scale;
  std::string invitation;  // SHA-256 of the token; "" = none
  std::int64_t rating = 0;
  std::string text, author, when;
  bool tell = false;
  std::string contact;
  std::vector<std::string> marks{};
  Time at{};
};

}  // namespace vigie
