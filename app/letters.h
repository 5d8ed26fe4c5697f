// What a survey writes to the customers it asks: the invitation and the one reminder, made at the last moment, so that
// whoever answered or wants no more since is left alone.

#pragma once

#include <optional>
#include <string>

#include "alerts/letter.h"
#include "base/clock.h"
#include "config/settings.h"
#include "store/store.h"
#include "store/surveys.h"
#include "wall/survey_token.h"

namespace vigie {

class Letters {
 public:
  Letters(const Settings& settings, SurveyTokens tokens, const Clock& clock)
      : settings_(settings), tokens_(std::move(tokens)), clock_(clock) {}

  struct Written {
    std::optional<CustomerLetter> letter;  // nothing: it must not go
    std::string reason{};                  // then: answered opted_out bounced expired not_sent suppressed forgotten
                                           // no_survey incomplete
  };
  // Called on several threads, each with its own store.
  Result<Written> write(const Notification& owed, Store& store) const;
  // What came of it: the delivery is noted, and an address that does not exist is not written to again.
  Result<void> went(const Notification& owed, const CustomerLetter& letter, const Result<Sent>& sent, Store& store,
                    Time now) const;

  // The words alone.
  Result<CustomerLetter> words(const SurveySettings& survey, const Invitation& invitation, const SurveyContact& contact,
                               bool reminder) const;

 private:
  const SurveySettings* survey_of(std::string_view id) const;

  const Settings& settings_;
  const SurveyTokens tokens_;
  const Clock& clock_;
};

// Whether a refusal says that nobody is at that address: 550, 551, 553 and 5.1.x of SMTP, any refusal of a number.
bool says_no_such_address(const Error& error, bool by_mail);

}  // namespace vigie
