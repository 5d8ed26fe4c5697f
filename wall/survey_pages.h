// The survey as customers see it: /survey/{token} for whoever was invited, /survey/{survey}/{place}/{key} for posters
// and kiosks. GET and HEAD never write; an answer is recorded by the last button alone.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/page.h"
#include "base/visits.h"
#include "base/wording.h"
#include "config/settings.h"
#include "model/invitation.h"
#include "store/store.h"
#include "store/surveys.h"
#include "wall/intake.h"
#include "wall/survey_form.h"
#include "wall/survey_token.h"

namespace vigie {

using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;

struct SurveyContext {
  const Settings& settings;
  OpenStore open;
  const Clock& clock;
  SurveyTokens tokens;
  HandIn hand_in;                                              // answers for the wall
  std::function<void()> logged{};                              // the log grew otherwise: an author changed an answer
  std::function<void(const PrivateAnswer&)> private_answer{};  // the others, kept already: for the pipeline
};

class SurveyPages {
 public:
  explicit SurveyPages(SurveyContext context);

  // Nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request);

 private:
  // What was sent, beside where: empty but for a POST.
  struct Asked {
    const ServerRequest& request;
    FilledForm form{};
    std::string field(std::string_view name) const { return field_of(form, name); }
    bool posts() const { return request.method == "POST"; }
  };
  // A field and the sentence that says what is wrong with it.
  struct Wrong {
    std::string field, key;
  };
  // Who answers, and how: the two ways in are one from here on.
  struct Visit {
    const SurveySettings* survey = nullptr;
    std::string token{};  // "" = poster or kiosk
    std::optional<Invitation> invitation{};
    std::string place{}, lang{}, action{};
    bool kiosk = false;
    std::optional<Review> review{};  // that this invitation was answered with
  };

  Result<ServerReply> invited(const Asked& asked, std::string_view text, bool stops);
  Result<ServerReply> open_to_all(const Asked& asked, const SurveySettings& survey, std::string_view where);
  Result<ServerReply> step(const Asked& asked, const Visit& visit, Store& store);
  Result<ServerReply> take(const Asked& asked, const Visit& visit, Store& store);
  Result<ServerReply> take_for_wall(const Visit& visit, SurveyAnswer answer, Store& store);
  Result<ServerReply> take_privately(const Visit& visit, const SurveyAnswer& answer, Store& store);
  Result<ServerReply> stop(const Asked& asked, const std::optional<Invitation>& invitation, Store& store);

  // Screens: rating, words, about.
  Result<ServerReply> screen(const Asked& asked, const Visit& visit, std::string_view name,
                             const std::optional<Wrong>& wrong = std::nullopt) const;
  void write_rating(json::Writer& data, const Wording& said, const Visit& visit, std::string_view rating) const;
  void write_about(json::Writer& data, const Wording& said, const Visit& visit, const Asked& asked) const;
  Result<ServerReply> thanks(const Visit& visit, const std::string& receipt, const std::string& secret, bool published,
                             bool changed) const;
  ServerReply message(std::string_view lang, int status, std::string_view key) const;
  ServerReply gone(const ServerRequest& request) const;
  ServerReply gone_poster(const Asked& asked, std::string_view language) const;
  ServerReply failure(const ServerRequest& request, const Error& error) const;

  const SurveySettings* survey_of(std::string_view id) const;
  std::string brand_name(const std::string& id) const;
  std::vector<std::string> marks_of(const ServerRequest& request, const Visit& visit, bool bot);

  const SurveyContext context_;
  Sightings misses_{minutes(1), 20'000};                                      // of tokens that are none, by network
  TokenBuckets buckets_;                                                      // of answers without invitation
  Sightings networks_{hours(1), 50'000};                                      // that such answers came from
  Sightings at_poster_{minutes(10), 20'000}, at_kiosk_{seconds(10), 20'000};  // of devices that answered
};

const std::vector<Asset>& survey_assets();  // style, script

// Where a poster leads: with its key, which whoever has not seen the poster does not know.
std::string poster_path(const SurveyTokens& tokens, std::string_view survey, std::string_view place);

// The question in the survey's fixed words, with its subject.
std::string survey_question(const Wording& wording, const SurveySettings& survey);

}  // namespace vigie
