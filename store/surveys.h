// Whom the surveys ask: invitations and what became of them, consent, who wants no more; and the answers that are not
// for a wall. Those that are stand with the reviews.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/invitation.h"
#include "model/logged.h"
#include "model/notification.h"
#include "store/driver.h"

namespace vigie {

enum class InviteOutcome {
  invited,
  known,       // this event was asked about already
  suppressed,  // they want no more, or their address does not exist
  too_soon,    // asked within the quarantine
};
std::string_view to_text(InviteOutcome outcome);

struct InvitationDraft {
  SurveyContact contact;
  Invitation invitation;
};

// One batch is of one survey and one channel.
struct InvitationBatch {
  std::string brand, survey, channel;
  Time created{};
  Duration quarantine{}, at_least = 7 * kDay;  // `at_least` holds even for whoever is exempt
  std::vector<InvitationDraft> drafts;
  // The batch's entry, given the nullifiers of those invited, at least one, and how many there were to choose from:
  // all but those who were asked about the same event before. None: nothing is logged.
  std::function<Result<LeafToAppend>(const std::vector<std::string>& nullifiers, std::int64_t eligible)> leaf{};
  // What is owed to one of them, once its id is known.
  std::function<std::vector<Notification>(const Invitation& invitation)> owed{};
};

struct BatchOutcome {
  std::int64_t batch = 0;  // 0: nobody was invited
  std::int64_t leaf = -1;
  std::vector<InviteOutcome> outcomes;    // one a draft
  std::vector<std::int64_t> invitations;  // ids, 0 where nobody was invited
};

// Answers of one kind: the newest wording of each counts.
struct AnswerCount {
  std::int64_t day = 0;  // since 1970, UTC
  std::string origin, channel, place;
  bool for_wall = false, published = false;
  std::optional<std::int64_t> rating;
  std::int64_t count = 0;
};

struct InvitationCount {
  std::string channel, place;
  std::int64_t day = 0;  // of the invitation
  // delivered: taken by a server and not refused later; a link is its operator's to hand over, and counts as delivered.
  std::int64_t invited = 0, delivered = 0, bounced = 0, reminded = 0, started = 0, answered = 0, opted_out = 0;
};

enum class InvitationStep { sent, reminded, started, answered };

class SurveyStore {
 public:
  virtual ~SurveyStore() = default;

  // Rows, what is owed and the log's entry in one durable transaction: nobody can answer before it stands.
  virtual Result<BatchOutcome> invite(const InvitationBatch& batch) = 0;

  virtual Result<std::optional<Invitation>> invitation(std::int64_t id) = 0;
  virtual Result<std::optional<Invitation>> invitation_of_token(const std::string& hash) = 0;
  virtual Result<std::optional<SurveyContact>> contact(std::int64_t id) = 0;  // without keys
  // Those of a survey, oldest first, behind `after`.
  virtual Result<std::vector<Invitation>> invitations(const std::string& survey, std::int64_t after, int limit) = 0;

  // The first time counts.
  virtual Result<void> note(std::int64_t invitation, InvitationStep step, Time at) = 0;
  // Its address, whose key is given, does not exist: nobody writes there again, whatever the brand.
  virtual Result<void> note_bounced(std::int64_t invitation, const std::string& key, Time at) = 0;
  // Whoever was invited wants no more of this brand, by any channel.
  virtual Result<void> opt_out(std::int64_t invitation, const std::string& brand, Time at) = 0;

  // brand "" = of every brand.
  virtual Result<void> suppress(const std::string& brand, const std::string& key, const std::string& why, Time at) = 0;
  virtual Result<bool> is_suppressed(const std::string& brand, const std::vector<std::string>& keys) = 0;

  virtual Result<void> add_consent(const Consent& consent) = 0;
  virtual Result<std::vector<Consent>> consents(const std::string& key) = 0;  // oldest first

  // As another version when its invitation was answered before: `id` of the first.
  virtual Result<std::int64_t> add_private_answer(const PrivateAnswer& answer) = 0;
  virtual Result<std::optional<PrivateAnswer>> private_answer_of(const std::string& invitation) = 0;  // the last

  // from <= time of receipt < to.
  virtual Result<std::vector<AnswerCount>> answer_counts(const std::string& survey, Time from, Time to) = 0;
  virtual Result<std::vector<InvitationCount>> invitation_counts(const std::string& survey, Time from, Time to) = 0;

  // Addresses and names of contacts who can answer nothing any more and were not asked since `before`. How many.
  virtual Result<std::int64_t> forget_contacts(Time now, Time before) = 0;
};

std::unique_ptr<SurveyStore> make_survey_store(Driver& driver);

}  // namespace vigie
