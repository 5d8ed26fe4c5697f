// `vigie watch BRAND...`: the open web about a brand, without a configuration.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace vigie {

struct WatchOptions {
  std::vector<std::string> brands;  // names as people write them
  std::string data = ".";           // folder of the database
  std::string mastodon = "mastodon.social", lemmy = "lemmy.world", stackexchange = "stackoverflow.com";
  std::vector<std::string> steam_apps, appstore_apps, discourse;
  std::string public_listen, console_listen;
  bool print = false;  // the configuration it stands for, instead of running
};

// That configuration, as it would be written: `vigie watch --print NAME > vigie.toml` is where one's own begins.
std::string watch_config(const WatchOptions& options);

int cmd_watch(const WatchOptions& options, std::ostream& out, std::ostream& err);

}  // namespace vigie
