// vigie privacy: what is held of a person, a copy of it, its erasure; and the register of all personal data.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/settings.h"
#include "store/store.h"

namespace vigie {

struct PrivacyRequest {
  enum class Do { find, copy, erase, reg };
  Do what = Do::find;
  std::string config = "vigie.toml";
  std::string who;                // address, name, or id of an account
  std::vector<std::string> only;  // references as find prints them; empty = all that is found
  std::string by, reason;
  std::string basis = "gdpr";
  std::string language = "fr";
};

// Exit status 1: nothing is held of that person.
int privacy(const PrivacyRequest& request, const Settings& settings, Store& store, const Clock& clock,
            std::ostream& out, std::ostream& err);
int cmd_privacy(const PrivacyRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
