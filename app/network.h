// Which network a kind of source belongs to: the same mention may come from several of its kinds.

#pragma once

#include <string>
#include <string_view>

namespace vigie {

// "reddit-comments" -> "reddit"; what speaks ActivityPub is one network; "path/to/forum.toml" -> "forum".
std::string network_of(std::string_view kind);

}  // namespace vigie
