// A wall inside other people's sites: badge, frame, script widget, and its numbers as JSON. All of them only read, set
// no cookie, know no visitor, and hold nothing but links.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/http_server.h"
#include "base/page.h"
#include "base/result.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/wall.h"

namespace vigie {

inline constexpr std::size_t kMostEmbedBytes = 15 * 1024;  // of the part that is fetched
inline constexpr int kEmbedReviews = 5;                    // at most; fewer when they are long

// The summary of a wall and its newest reviews, whatever their rating: a <section>, complete with what must stand near
// reviews (who runs it, whether they are checked, their order, both dates). Links are absolute.
Result<std::string> embed_section(const Settings& settings, const BrandSettings& brand, std::string_view language,
                                  Store& store, Time now);
// The same as a page to be framed. `style` and `script` as the page refers to them.
Result<std::string> embed_page(const Settings& settings, const BrandSettings& brand, std::string_view language,
                               std::string_view section, std::string_view style, std::string_view script);
// {"brand":..,"size":..,"at":..,"numbers":{..}} as in the log's items.json.
Result<std::string> numbers_document(const BrandSettings& brand, Store& store);

// "/widget-0123456789ab.js"
const Asset& widget_script();
// Style sheet and script of the frame.
const std::vector<Asset>& embed_assets();

// What to paste into another site, for `vigie wall embed`.
Result<std::string> embed_snippets(const Settings& settings, const std::string& brand);

class Embeds {
 public:
  Embeds(const Settings& settings, OpenStore open, const Clock& clock)
      : settings_(settings), open_(std::move(open)), clock_(clock) {}

  // /badge/{brand}.svg, /widget-{hash}.js, /wall/{brand}/embed, /wall/{brand}/numbers.json; nothing when the path is
  // none of ours. Called on several threads.
  std::optional<ServerReply> answer(const ServerRequest& request) const;

 private:
  enum class Kind { badge, frame, numbers };
  struct Asked {
    Kind kind;
    const BrandSettings* brand;
  };
  std::optional<Asked> asked(std::string_view path) const;
  Result<ServerReply> reply(const Asked& asked, const ServerRequest& request) const;
  std::string frame_policy() const;

  const Settings& settings_;
  const OpenStore open_;
  const Clock& clock_;
};

}  // namespace vigie
