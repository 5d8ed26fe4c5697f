#include "app/network.h"

#include <algorithm>

namespace vigie {
namespace {

// Their servers hand each other's posts on, under the ids that the posts were born with.
constexpr std::string_view kActivityPub[] = {"mastodon", "gotosocial", "pleroma", "lemmy"};

}  // namespace

std::string network_of(std::string_view kind) {
  if (kind.ends_with(".toml")) {
    kind.remove_suffix(5);
    kind.remove_prefix(kind.find_last_of('/') + 1);
  }
  const std::string_view family = kind.substr(0, kind.find('-'));
  const bool federated = std::find(std::begin(kActivityPub), std::end(kActivityPub), family) != std::end(kActivityPub);
  if (family == "jetstream") return "bluesky";
  return std::string(federated ? "activitypub" : family);
}

}  // namespace vigie
