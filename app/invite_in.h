// What a shop or a CRM sends after a delivery, a call, a visit: POST /in/survey/{survey} with the customers to ask, one
// or a list, signed with the survey's key (collectors/push.h). The same event asks once, however often it is sent.

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/metrics.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/invite.h"

namespace vigie {

class InviteIn {
 public:
  using Open = std::function<Result<std::unique_ptr<Store>>()>;
  // `owed`: called when there is something to send.
  InviteIn(const Settings& settings, Open open, SurveyTokens tokens, const Clock& clock, Metrics& metrics,
           std::function<void()> owed)
      : settings_(settings),
        open_(std::move(open)),
        tokens_(std::move(tokens)),
        clock_(clock),
        metrics_(metrics),
        owed_(std::move(owed)) {}

  // Nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request) const;

 private:
  ServerReply take(const SurveySettings& survey, const ServerRequest& request) const;
  Result<InviteSummary> invite(const SurveySettings& survey, const std::vector<InviteLine>& lines) const;

  const Settings& settings_;
  const Open open_;
  const SurveyTokens tokens_;
  const Clock& clock_;
  Metrics& metrics_;
  const std::function<void()> owed_;
};

}  // namespace vigie
