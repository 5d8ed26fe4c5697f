#include "app/demo_survey.h"

#include <algorithm>

#include "wall/invite.h"
#include "wall/survey_form.h"

namespace vigie {
namespace {

constexpr int kCustomers = 160;
constexpr double kAnswering = 0.3;

// How the answers lie, from the scale's end: most are content, a week's strike has left its mark.
std::int64_t some_rating(SurveySettings::Measure measure, Rng& rng) {
  const std::int64_t least = least_of(measure), most = most_of(measure);
  const double u = rng.unit();
  const double from_top = u < 0.6 ? u / 3 : (u - 0.35) * 1.5;
  return std::clamp<std::int64_t>(most - static_cast<std::int64_t>(from_top * static_cast<double>(most - least + 1)),
                                  least, most);
}

Result<void> answer(const SurveySettings& survey, Store& store, std::int64_t invitation, const Clock& clock, Rng& rng) {
  TRY(const std::optional<Invitation> asked, store.surveys().invitation(invitation));
  if (!asked || rng.unit() > kAnswering) return {};
  PrivateAnswer one;
  one.survey = survey.id;
  one.origin = "inv";
  one.channel = asked->channel;
  one.place = asked->place;
  one.lang = asked->lang;
  one.scale = scale_of(survey.measure);
  one.invitation = asked->token;
  one.rating = some_rating(survey.measure, rng);
  one.at = clock.now();
  TRY(store.surveys().add_private_answer(one));
  return store.surveys().note(invitation, InvitationStep::answered, clock.now());
}

}  // namespace

Result<void> answer_demo_surveys(const Settings& settings, Store& store, const SurveyTokens& tokens, const Clock& clock,
                                 Rng& rng) {
  for (const SurveySettings& survey : settings.surveys) {
    std::vector<InviteLine> lines;
    for (int i = 0; i < kCustomers; ++i) {
      InviteLine& line = lines.emplace_back();
      line.number = i + 1;
      line.reference = concat(survey.id, "-client-", std::to_string(1000 + i));
      line.order = concat(survey.id, "-", std::to_string(70'000 + i));
      line.channel = "link";
      if (!survey.places.empty()) line.place = survey.places[static_cast<std::size_t>(i) % survey.places.size()];
    }
    Inviter inviter(settings, store, clock, tokens);
    TRY(const InviteSummary summary, inviter.invite(survey, lines));
    for (const InviteSummary::Invited& one : summary.invited) TRY(answer(survey, store, one.invitation, clock, rng));
  }
  return {};
}

}  // namespace vigie
