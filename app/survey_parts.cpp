#include "app/survey_parts.h"

#include <algorithm>

#include "app/own_secret.h"
#include "base/log.h"
#include "model/review.h"
#include "wall/survey_form.h"

namespace vigie {
namespace {

// Kept and measured already: what the pipeline cannot take now is only not searched.
void publish(const SurveyParts::Needs& needs, const PrivateAnswer& answer) {
  const auto survey = std::find_if(needs.settings.surveys.begin(), needs.settings.surveys.end(),
                                   [&](const SurveySettings& one) { return one.id == answer.survey; });
  if (needs.bus == nullptr || survey == needs.settings.surveys.end()) return;
  Batch batch;
  batch.source = wall_source(survey->brand);
  batch.mentions = {mention_of(*survey, answer)};
  batch.ingested = needs.clock.now();
  if (const Result<void> published = needs.bus->publish(std::move(batch)); !published)
    log::error("survey", "an answer is kept and measured, but not judged",
               {{"survey", answer.survey}, {"answer", std::to_string(answer.id)}, {"error", published.error().what}});
}

}  // namespace

Mention mention_of(const SurveySettings& survey, const PrivateAnswer& answer) {
  Mention mention;
  mention.source = wall_source(survey.brand);
  mention.id = concat("private-", std::to_string(answer.id));
  mention.kind = "survey";
  mention.text = answer.text;
  mention.lang = answer.lang;
  mention.created = answer.at;
  mention.place = answer.place;
  mention.verified = answer.origin == "inv";
  mention.rating = Rating{static_cast<double>(answer.rating), static_cast<double>(least_of(survey.measure)),
                          static_cast<double>(most_of(survey.measure))};
  return mention;
}

SurveyParts::SurveyParts(const Needs& needs, const SurveyTokens& tokens)
    : tokens_(tokens),
      letters_(std::make_shared<const Letters>(needs.settings, tokens, needs.clock)),
      calls_(needs.settings, needs.open, tokens, needs.clock, needs.metrics, needs.owed),
      pages_({needs.settings, needs.open, needs.clock, tokens, needs.hand_in, needs.logged,
              [needs](const PrivateAnswer& answer) { publish(needs, answer); }}) {}

Result<std::unique_ptr<SurveyParts>> SurveyParts::make(const Needs& needs) {
  TRY(std::string secret, own_secret(needs.settings, "surveys"));
  return std::unique_ptr<SurveyParts>(new SurveyParts(needs, SurveyTokens(std::move(secret))));
}

std::optional<ServerReply> SurveyParts::answer(const ServerRequest& request) {
  if (std::optional<ServerReply> reply = calls_.answer(request)) return reply;
  return pages_.answer(request);
}

}  // namespace vigie
