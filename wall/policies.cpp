#include "wall/policies.h"

#include "base/text.h"
#include "wall/log/encoding.h"

namespace vigie {
namespace {

std::string setting_of(const std::string& brand) { return concat("policies|", brand); }

}  // namespace

Result<std::vector<PolicyVersion>> policies_of(Store& store, const std::string& brand) {
  TRY(const std::string lines, store.get_setting(setting_of(brand)));  // "ENTRY SECONDS HASH\n"...
  std::vector<PolicyVersion> versions;
  for (const std::string_view line : split(lines, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() != 3) continue;
    const auto leaf = tlog::from_strict_decimal(words[0]), from = tlog::from_strict_decimal(words[1]);
    if (leaf && from) versions.push_back({*leaf, from_epoch(*from), std::string(words[2])});
  }
  return versions;
}

Result<void> add_policy(Store& store, const std::string& brand, const PolicyVersion& version) {
  TRY(const std::string lines, store.get_setting(setting_of(brand)));
  return store.set_setting(setting_of(brand),
                           concat(lines, std::to_string(version.leaf), " ", std::to_string(to_epoch(version.from)), " ",
                                  version.charter, "\n"));
}

Result<std::string> charter_of(Store& store, const std::string& hash) {
  return store.get_setting(concat("charter|", hash));
}

}  // namespace vigie
