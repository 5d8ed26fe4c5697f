// What an answer of a definition's source means: its own error rules first, then what every source has in common.

#pragma once

#include <map>

#include "base/http.h"
#include "collectors/definition_model.h"
#include "config/settings.h"

namespace vigie::definition {

// An answer read once, for rules and items alike. A body that is no JSON is visible as `#text`.
class Answer {
 public:
  Answer(const HttpReply& reply);
  const json::Value& body() const { return body_; }
  bool is_json() const { return json_; }
  const std::string& fault() const { return fault_; }  // why it is no JSON

 private:
  json::Document document_;
  json::Value body_;
  bool json_ = true;
  std::string fault_;
};

enum class Verdict { usual, skipped, last_page, log_in, restart };

// Errors tell the loop what to do, as Source::read. `page`: number of the page asked for, nothing for a recheck; rules
// see both.
Result<Verdict> judge(const Definition& definition, const SourceSettings& settings, const HttpReply& reply,
                      const Answer& answer, std::optional<int> page, Time now);

// The text with the subscription's secrets hidden, as they are and percent-encoded.
std::string hide_secrets(std::string text, const SourceSettings& settings);

// The same for what goes into an error: nothing that looks like a secret either.
std::string without_secrets(std::string text, const SourceSettings& settings);

}  // namespace vigie::definition
