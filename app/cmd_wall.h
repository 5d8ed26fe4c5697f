// `vigie wall`: a brand's transparency log from the command line.

#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "base/http_client.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/wall.h"

namespace vigie {

struct WallRequest {
  std::string config = "vigie.toml";
  std::string brand;
  std::string policy{};    // publish: quorum file whose witnesses are asked
  std::int64_t index = 0;  // receipt: which entry
  std::string folder{};    // export: where to
  std::string base_url{};  // export: where that will be shown
  std::string log{};       // replay: folder of the published log; "" = the installation's own
  std::string source{}, url{}, answer{};  // elsewhere: the site, its page, the file that was read
  std::int64_t count = 0;  // elsewhere: ratings; audit: reviews to be drawn
  double mean = 0;
  std::string by{};                  // audit: who
  std::optional<std::int64_t> ref{}; // audit: the entry that asked, for its result
  std::string status{}, report{};    // audit: passed or failed; the file whose hash is logged
};

// Each on an installation that is open already; the second form opens the one the configuration names.
int wall_key(const WallRequest& request, const Settings& settings, std::ostream& out, std::ostream& err);
int wall_rotate(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                std::ostream& out, std::ostream& err);
int wall_publish(const WallRequest& request, const Settings& settings, Store& store, HttpClient& http,
                 const Clock& clock, std::ostream& out, std::ostream& err);
int wall_rebuild(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
                 std::ostream& out, std::ostream& err);
int wall_receipt(const WallRequest& request, const Settings& settings, Store& store, std::ostream& out,
                 std::ostream& err);

int wall_export(const WallRequest& request, const Settings& settings, const OpenStore& open, const Clock& clock,
                std::ostream& out, std::ostream& err);
int wall_numbers(const WallRequest& request, const Settings& settings, Store& store, std::ostream& out,
                 std::ostream& err);
int wall_embed(const WallRequest& request, const Settings& settings, std::ostream& out, std::ostream& err);

int cmd_wall_key(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_rotate(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_publish(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_rebuild(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_receipt(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_export(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_numbers(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_embed(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_replay(const WallRequest& request, std::ostream& out, std::ostream& err);
int cmd_wall_elsewhere(const WallRequest& request, std::ostream& out, std::ostream& err);
int wall_audit(const WallRequest& request, const Settings& settings, Store& store, const Clock& clock,
               std::ostream& out, std::ostream& err);
int cmd_wall_audit(const WallRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
