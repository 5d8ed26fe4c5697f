// `vigie survey`: asking customers, and what their answers come to (docs/surveys.md).

#pragma once

#include <iosfwd>
#include <string>

#include "base/clock.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/survey_token.h"

namespace vigie {

struct SurveyRequest {
  enum class Do { invite, links, measures, poster, optout, consent };
  Do what = Do::measures;
  std::string config = "vigie.toml";
  std::string survey, file, place, address, brand;
  std::string from, to;  // days or times; all when absent
  bool json = false, kiosk = false;
  std::string basis, wording, version, how, evidence, by;  // of a consent; without basis they are listed
};

int survey(const SurveyRequest& request, const Settings& settings, Store& store, const SurveyTokens& tokens,
           const Clock& clock, std::ostream& out, std::ostream& err);
int cmd_survey(const SurveyRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
