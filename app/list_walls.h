// Keeps each wall's items.json up to date beside its log (wall/items.h). A loop of its own: reading rows again and
// writing megabytes must keep nobody's receipt waiting.

#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/settings.h"
#include "wall/items.h"
#include "wall/wall.h"

namespace vigie {

class ListWalls {
 public:
  ListWalls(const Settings& settings, OpenStore open, const Clock& clock);

  void tick();  // every wall once
  void run(const std::stop_token& stop);

 private:
  struct Listed {
    std::string brand;
    std::filesystem::path folder;
    ItemsFile file;
    std::string trouble{};  // told last
  };
  Result<void> write(Listed& wall);

  const OpenStore open_;
  const Clock& clock_;
  std::unique_ptr<Store> store_;
  std::vector<std::unique_ptr<Listed>> walls_;
};

}  // namespace vigie
