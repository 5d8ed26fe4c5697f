#include "app/backends.h"

#include <filesystem>

namespace vigie {

std::string store_url(const Settings& settings) {
  return settings.store.empty() ? concat("sqlite:", settings.data, "/vigie.db") : settings.store;
}

Result<std::unique_ptr<Store>> open_store(const Settings& settings) {
  const std::string url = store_url(settings);
  if (!url.starts_with("sqlite:")) {
    return fail(ErrorKind::bad_config, concat("store: expected sqlite:PATH, found ", url.substr(0, url.find(':') + 1),
                                              "...: other stores are not in this version"));
  }
  if (settings.store.empty()) {
    std::error_code error;
    std::filesystem::create_directories(settings.data, error);
    if (error)
      return fail(ErrorKind::denied, concat("cannot create the folder ", settings.data, ": ", error.message(),
                                            "; change `data` or its permissions"));
  }
  return open_sqlite_store(url);
}

Result<std::unique_ptr<Bus>> open_bus(const Settings& settings) {
  if (settings.bus != "memory:")
    return fail(ErrorKind::bad_config,
                concat("bus: expected memory:, found ", settings.bus, ": other buses are not in this version"));
  return make_memory_bus();
}

}  // namespace vigie
