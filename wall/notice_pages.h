// Public pages around a review: reporting it (DSA 16, code de la consommation L111-7-2), how a report stands,
// contesting a decision, saying whether an improvement worked. A report unpublishes nothing by itself. Opening a page
// changes nothing.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/visits.h"
#include "base/wording.h"
#include "config/settings.h"
#include "store/moderation.h"
#include "store/store.h"
#include "wall/author_links.h"

namespace vigie {

using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;

class NoticePages {
 public:
  NoticePages(const Settings& settings, OpenStore open, AuthorLinks links, const Clock& clock)
      : settings_(settings), open_(std::move(open)), links_(std::move(links)), clock_(clock) {}

  // Nothing when the path is none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request);

 private:
  struct Page;  // what a page says
  struct Place {
    const BrandSettings* brand = nullptr;
    std::string what, rest;
  };
  std::optional<Place> place_of(const std::string& path) const;

  Result<ServerReply> report(const ServerRequest& request, const Place& place, const Wording& words, Store& store);
  Result<ServerReply> take_report(const ServerRequest& request, const Place& place, const Review& review,
                                  const Wording& words, Store& store);
  Result<ServerReply> status(const Place& place, const Wording& words, Store& store) const;
  struct Contested {  // by its author
    Review review;
    ReviewAct act;
    bool stands = false;     // it is what withholds the version now
    std::int64_t later = 0;  // the act that does, when it came after; 0 = none
  };
  static const ReviewAct* standing(const Review& review, std::int64_t leaf, const std::vector<ReviewAct>& acts);
  Result<std::optional<Contested>> contested_by(const Place& place, Store& store) const;
  Result<ServerReply> appeal(const ServerRequest& request, const Place& place, const Wording& words, Store& store);
  Result<ServerReply> worked(const ServerRequest& request, const Place& place, const Wording& words, Store& store);
  Page report_form(const ServerRequest& request, const Place& place, const Review& review, const Wording& words,
                   const std::vector<std::pair<std::string, std::string>>& faults) const;
  Result<ServerReply> page(int status, const Place& place, const Wording& words, const Page& page) const;
  ServerReply message(int status, const Place& place, const Wording& words, std::string_view key) const;
  bool too_many(const ServerRequest& request);

  const Settings& settings_;
  const OpenStore open_;
  const AuthorLinks links_;
  const Clock& clock_;
  TokenBuckets posts_{5, seconds(12)};  // by network: five forms at once, five a minute
};

// What a reader may say is wrong with a review: reason codes that fit a report, in the order they are offered.
inline constexpr std::string_view kReportCodes[] = {"ILLEGAL",   "DEFAMATION", "PERSONAL-DATA", "HATE-ABUSE",
                                                    "OFF-TOPIC", "SPAM-PROMO", "CONFIDENTIAL"};

}  // namespace vigie
