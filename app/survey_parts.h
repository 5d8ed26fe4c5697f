// What surveys need of a running installation: their secret, their letters, their pages, their calls.

#pragma once

#include <functional>
#include <memory>

#include "app/invite_in.h"
#include "app/letters.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "config/settings.h"
#include "wall/survey_pages.h"

namespace vigie {

class SurveyParts {
 public:
  struct Needs {
    const Settings& settings;
    OpenStore open;
    const Clock& clock;
    Metrics& metrics;
    Bus* bus = nullptr;  // answers that are not for the wall go there; nullptr: nowhere
    HandIn hand_in;
    std::function<void()> logged{};  // the log grew
    std::function<void()> owed{};    // there is something to send
  };
  static Result<std::unique_ptr<SurveyParts>> make(const Needs& needs);

  // Of a notifier's options.
  std::shared_ptr<const Letters> letters() const { return letters_; }
  const SurveyTokens& tokens() const { return tokens_; }
  // Asked before what answers below /in/.
  std::optional<ServerReply> answer(const ServerRequest& request);

 private:
  SurveyParts(const Needs& needs, const SurveyTokens& tokens);

  const SurveyTokens tokens_;
  std::shared_ptr<const Letters> letters_;
  InviteIn calls_;
  SurveyPages pages_;
};

// An answer that is not for the wall, as the pipeline takes it: judged, counted and searched like any other mention.
Mention mention_of(const SurveySettings& survey, const PrivateAnswer& answer);

}  // namespace vigie
