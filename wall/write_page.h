// Reviews that nobody was invited to write: the form and where it is sent, for people and for programs. What comes in
// is recorded and answered with its receipt before anybody judges it; what looks odd is marked, and never dropped.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/visits.h"
#include "wall/intake.h"
#include "wall/submission.h"
#include "wall/wall.h"

namespace vigie {

class WritePage {
 public:
  // `key`: seals stamps and makes the addresses of authors' pages.
  WritePage(const Settings& settings, HandIn hand_in, const Clock& clock, std::string key);

  // The texts received lately, so that a repeated one is noticed.
  Result<void> remember(Store& store);

  // /wall/{brand}/write, /wall/{brand}/reviews; nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request);

 private:
  ServerReply form(const ServerRequest& request, const BrandSettings& brand, const FilledForm* filled,
                   const SubmissionFault* fault) const;
  ServerReply take(const ServerRequest& request, const BrandSettings& brand);
  ServerReply refuse(const ServerRequest& request, const BrandSettings& brand, bool json, const FilledForm* filled,
                     const SubmissionFault& fault) const;
  ServerReply not_taken(const ServerRequest& request, const BrandSettings& brand, bool json, const Error& error) const;
  ServerReply received(const ServerRequest& request, const BrandSettings& brand, bool json,
                       const Submission& submission, const std::string& token, const Answered& answered) const;
  std::vector<std::string> marks(const ServerRequest& request, const FilledForm& form, const Submission& submission);
  std::uint64_t print_of(const std::string& brand, const std::string& text) const;

  const Settings& settings_;
  const HandIn hand_in_;
  const Clock& clock_;
  const std::string key_;
  TokenBuckets buckets_;
  Sightings networks_, texts_;
};

}  // namespace vigie
