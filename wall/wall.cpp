#include "wall/wall.h"

#include <algorithm>
#include <mutex>

#include "base/log.h"
#include "store/reviews.h"
#include "wall/feed.h"
#include "wall/improvements_page.h"
#include "wall/method_page.h"
#include "wall/oembed.h"
#include "wall/page_cache.h"
#include "wall/pages.h"
#include "wall/proof_state.h"
#include "wall/sitemap.h"

namespace vigie {
namespace {

// Nothing may be loaded but our own style and icon; nothing may run; nobody may frame the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr Duration kLookAgain = seconds(1);    // at the store, whether a wall has changed
constexpr Duration kWriteAgain = minutes(10);  // whatever has changed: marks have no entry in the log

// How long ago, as coarsely as the page says it.
std::string age_of(Time at, Time now) {
  const auto whole = std::chrono::floor<minutes>(now - at).count();
  if (whole < 60) return concat(std::to_string(whole), "m");
  return whole < 48 * 60 ? concat(std::to_string(whole / 60), "h") : concat(std::to_string(whole / 1440), "d");
}

class Wall {
 public:
  Wall(const Settings& settings, OpenStore open, const Clock& clock, bool own_time)
      : settings_(settings), open_(std::move(open)), clock_(clock), own_time_(own_time) {
    auto quorum = named_quorum(settings.wall.witnesses);
    if (!quorum) log::error("wall", concat("wall.witnesses: ", quorum.error().what));
    if (quorum) quorum_ = *std::move(quorum);
  }

  ServerReply answer(const ServerRequest& request) {
    if (request.method != "GET" && request.method != "HEAD")
      return message(request, 405, "method_title", "method_refused");
    const std::string& path = request.path;
    if (path == "/") return list(request);
    if (path == "/robots.txt") return {200, robots_text(settings_), "text/plain; charset=utf-8", {}};
    if (path == "/sitemap.xml") return site_map(request);
    if (path == "/oembed") return oembed(settings_, request);
    if (path.starts_with("/assets/")) return asset(request);
    if (path.starts_with("/wall/")) return below_walls(request);
    return message(request, 404, "not_found_title", "not_found");
  }

 private:
  std::string_view own_language() const {
    return settings_.brands.empty() ? std::string_view("en") : std::string_view(settings_.brands.front().language);
  }

  static std::string language_of(const ServerRequest& request, std::string_view otherwise) {
    return choose_language(request.param("lang"), request.header("Accept-Language"), otherwise);
  }

  ServerReply message(const ServerRequest& request, int status, std::string_view title, std::string_view key) const {
    ServerReply reply;
    reply.status = status;
    reply.headers = {{"Cache-Control", "no-store"}, {"Content-Security-Policy", std::string(kPolicy)}};
    if (status == 405) reply.headers.emplace_back("Allow", "GET, HEAD");
    const auto said = Wording::load("wall", language_of(request, own_language()));
    const auto body = said ? message_page(title, key, *said) : fail(said.error());
    if (body) {
      reply.body = *body;
    } else {
      log::error("wall", body.error().what);
      reply.content_type = "text/plain; charset=utf-8";
      reply.body = "unavailable\n";
    }
    return reply;
  }

  ServerReply failure(const ServerRequest& request, const Error& error) const {
    log::error("wall", error.what, {{"path", request.path}});
    return message(request, 503, "error_title", "error");
  }

  // What a brand's pages are made from, as a word that is another once anything of it is.
  Result<std::string> look(const std::string& brand, Time now) const {
    TRY(const std::unique_ptr<Store> store, open_());
    TRY(const LogState log, store->log_state(brand));
    TRY(const WallSnapshot snapshot, store->reviews().snapshot(brand));
    TRY(const ProofState proof, proof_state(*store, brand, quorum_));
    const std::string seen = proof.cosigned > 0 ? age_of(proof.cosigned_at, now) : "";
    return concat(std::to_string(log.size), " ", std::to_string(snapshot.size), " ", std::to_string(proof.size), " ",
                  std::to_string(proof.cosigned), " ", seen, " ", std::to_string(now.time_since_epoch() / kWriteAgain));
  }

  // The same, looked at once a second at most: between two looks nothing but memory is read.
  Result<std::string> stamp_of(const std::string& brand) {
    const Time now = clock_.now();
    {
      const std::scoped_lock lock(mutex_);
      const auto known = stamps_.find(brand);
      if (known != stamps_.end() && now >= known->second.at && now - known->second.at < kLookAgain)
        return known->second.stamp;
    }
    TRY(const std::string stamp, look(brand, now));
    const std::scoped_lock lock(mutex_);
    stamps_[brand] = {now, stamp};
    return stamp;
  }

  // A page of a brand out of memory, or written by `write` and kept. Pages that are not there are not kept.
  template <class Write>
  ServerReply kept(const ServerRequest& request, const std::string& brand, const std::string& address,
                   const Write& write) {
    const auto page = [&]() -> Result<std::shared_ptr<const KeptPage>> {
      TRY(const std::string stamp, stamp_of(brand));
      if (auto found = pages_.find(address, stamp)) return found;
      TRY(const std::unique_ptr<Store> store, open_());
      TRY(KeptPage fresh, write(*store));
      if (fresh.status == 404) return std::make_shared<const KeptPage>(std::move(fresh));
      return pages_.keep(address, stamp, std::move(fresh));
    }();
    if (!page) return failure(request, page.error());
    ServerReply reply = reply_with(**page, request);
    if (reply.content_type == kHtml) reply.headers.emplace_back("Content-Security-Policy", std::string(kPolicy));
    return reply;
  }

  static KeptPage html(Page page, const std::string& language) {
    return {page.status, std::string(kHtml), std::move(page.html), {}, {}, language};
  }

  ServerReply list(const ServerRequest& request) {
    const std::string language = language_of(request, own_language());
    const auto body = [&]() -> Result<KeptPage> {
      TRY(const Wording said, Wording::load("wall", language));
      TRY(const std::unique_ptr<Store> store, open_());
      TRY(std::string text, home_page(settings_, *store, said));
      PageCache alone;  // for its tag
      return *alone.keep("/", "", html({200, std::move(text)}, language));
    }();
    if (!body) return failure(request, body.error());
    ServerReply reply = reply_with(*body, request);
    reply.headers.emplace_back("Content-Security-Policy", std::string(kPolicy));
    return reply;
  }

  ServerReply below_walls(const ServerRequest& request) {
    const std::string_view rest = std::string_view(request.path).substr(std::string_view("/wall/").size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const auto brand = std::find_if(settings_.brands.begin(), settings_.brands.end(),
                                    [&](const BrandSettings& b) { return b.id == rest.substr(0, slash); });
    if (brand == settings_.brands.end()) return message(request, 404, "not_found_title", "not_found_brand");
    const std::string_view page = rest.substr(slash);
    if (page.empty()) return wall(request, *brand);
    if (page == "/method") return method(request, *brand);
    if (page == "/feed.atom") return feed(request, *brand);
    if (page == "/improvements") return improvements(request, *brand);
    return message(request, 404, "not_found_title", "not_found");
  }

  ServerReply wall(const ServerRequest& request, const BrandSettings& brand) {
    WallAddress address = read_wall_address(brand.id, request);
    address.lang = language_of(request, brand.language);
    return kept(request, brand.id, address.text(), [&](Store& store) -> Result<KeptPage> {
      TRY(const Wording said, Wording::load("wall", address.lang));
      TRY(Page page, wall_page({settings_, brand, said, clock_.now()}, address, store, quorum_));
      return html(std::move(page), address.lang);
    });
  }

  ServerReply feed(const ServerRequest& request, const BrandSettings& brand) {
    const std::string language = language_of(request, brand.language);
    return kept(request, brand.id, below_wall(brand.id, "feed.atom", language), [&](Store& store) -> Result<KeptPage> {
      TRY(const Wording said, Wording::load("wall", language));
      TRY(std::string xml, atom_feed({settings_, brand, said, clock_.now()}, store));
      return KeptPage{200, "application/atom+xml; charset=utf-8", std::move(xml), {}, {}, language};
    });
  }

  ServerReply improvements(const ServerRequest& request, const BrandSettings& brand) {
    const WallAddress asked = read_wall_address(brand.id, request);
    const std::string language = language_of(request, brand.language);
    const std::string name =
        concat(below_wall(brand.id, "improvements", language), "&page=", std::to_string(asked.page));
    return kept(request, brand.id, name, [&](Store& store) -> Result<KeptPage> {
      TRY(const Wording said, Wording::load("wall", language));
      TRY(Page page, improvements_page({settings_, brand, said, clock_.now()}, asked.page, store));
      return html(std::move(page), language);
    });
  }

  ServerReply method(const ServerRequest& request, const BrandSettings& brand) {
    const std::string language = language_of(request, brand.language);
    const MethodAddress address = read_method_address(request);
    const std::string name =
        concat(below_wall(brand.id, "method", language), "&version=", address.version, address.json ? "&json" : "");
    return kept(request, brand.id, name, [&](Store& store) -> Result<KeptPage> {
      TRY(const Wording said, Wording::load("wall", language));
      if (address.json) {
        TRY(std::string text, charter_text(settings_, brand, address, store));
        if (!text.empty()) return KeptPage{200, "application/json", std::move(text), {}, {}, {}};
      }
      TRY(Page page, method_page({settings_, brand, said, clock_.now(), own_time_}, address, store));
      return html(std::move(page), language);
    });
  }

  ServerReply site_map(const ServerRequest& request) const {
    const auto xml = [&]() -> Result<std::string> {
      TRY(const std::unique_ptr<Store> store, open_());
      return sitemap(settings_, request.param("wall"), request.param("after"), *store);
    }();
    if (!xml) return failure(request, xml.error());
    if (xml->empty()) return message(request, 404, "not_found_title", "not_found");
    return {200, *xml, "application/xml; charset=utf-8", {{"Cache-Control", "public, max-age=3600"}}};
  }

  ServerReply asset(const ServerRequest& request) const {
    for (const Asset& asset : wall_assets()) {
      if (asset.path == request.path) return asset_reply(asset);
    }
    return message(request, 404, "not_found_title", "not_found");
  }

  struct Stamp {
    Time at{};
    std::string stamp;
  };

  const Settings& settings_;
  const OpenStore open_;
  const Clock& clock_;
  const bool own_time_;
  tlog::Quorum quorum_;
  PageCache pages_;
  std::mutex mutex_;
  std::map<std::string, Stamp> stamps_;  // by brand
};

}  // namespace

Handler make_wall(const Settings& settings, OpenStore open, const Clock& clock, bool own_time) {
  const auto wall = std::make_shared<Wall>(settings, std::move(open), clock, own_time);
  return [wall](const ServerRequest& request) { return wall->answer(request); };
}

}  // namespace vigie
