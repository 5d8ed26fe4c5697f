// Asking customers: lines of a table or of an API call become invitations, each at most once, with what is owed to them
// and the batch's entry in the log. Whom the law or the settings keep out stays out, and is told why.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/settings.h"
#include "store/store.h"
#include "store/surveys.h"
#include "wall/survey_token.h"

namespace vigie {

// As it was written; everything may be empty.
struct InviteLine {
  std::int64_t number = 0;  // line of the file, place in the call
  std::string event;        // what it is about, known again; else the order, else customer and time
  std::string reference, email, phone, name, lang, when, order, place, channel;
  std::string exempt;  // why this one may come within the survey's quarantine
};

struct InviteSummary {
  struct Refused {
    std::int64_t number = 0;
    std::string why;
  };
  struct Invited {
    std::int64_t number = 0, invitation = 0;
    std::string channel, link;
  };
  std::int64_t known = 0, suppressed = 0, too_soon = 0;
  std::vector<Invited> invited;
  std::vector<Refused> refused;      // in the order of their numbers
  std::vector<std::int64_t> leaves;  // of the batches, one a channel
};

// What an invitation must say and these settings do not: "organisation", "survey.subject"... An invitation that does
// not say who asks, about what, and by which rules it is shown is not sent (ISO 20488 5.4.2).
std::vector<std::string> missing_to_invite(const Settings& settings, const SurveySettings& survey);

// "+33612345678" or "name@example.org" as it is compared and written to; bad_data says what was expected.
Result<std::string> read_phone(std::string_view text);
Result<std::string> read_address(std::string_view text);
bool is_staff(const WallSettings& wall, std::string_view address);

std::string survey_link(const Settings& settings, std::string_view token);

class Inviter {
 public:
  Inviter(const Settings& settings, Store& store, const Clock& clock, const SurveyTokens& tokens)
      : settings_(settings), store_(store), clock_(clock), tokens_(tokens) {}

  // bad_config when the settings lack what an invitation must say. Lines that cannot be read, or may not be asked, are
  // in the summary; their neighbours go on.
  Result<InviteSummary> invite(const SurveySettings& survey, const std::vector<InviteLine>& lines);

 private:
  struct Numbered {
    std::int64_t number = 0;
    InvitationDraft draft;
    std::string link;
  };
  Result<Numbered> draft_of(const SurveySettings& survey, const InviteLine& line, Time now) const;
  Result<std::string> channel_of(const SurveySettings& survey, const InviteLine& line) const;
  Result<SurveyContact> contact_of(const SurveySettings& survey, const InviteLine& line) const;
  Result<void> send(const SurveySettings& survey, const std::string& channel, std::vector<Numbered> batch,
                    InviteSummary& summary);

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  const SurveyTokens& tokens_;
};

// What is owed to whoever was invited: the invitation, and one reminder.
std::vector<Notification> messages_owed(const SurveySettings& survey, const Invitation& invitation);

}  // namespace vigie
