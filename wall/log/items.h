// items.json, what a wall shows, beside its log: so that anyone can hold the one against the other. Written by the
// wall, read by verifiers; docs/transparency-log.md describes it.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wall/log/account.h"
#include "wall/log/commitment.h"

namespace vigie::tlog {

inline constexpr std::size_t kMostItemsBytes = 256u << 20;

struct WallItem {
  std::int64_t ref = 0;      // the sub's index
  std::int64_t version = 0;  // index of the entry whose commitment the fields open: the sub's, or a ver's
  std::optional<std::int64_t> rating;
  std::int64_t received = 0, published = 0;  // seconds since 1970, as in the log
  bool masked = false;
  Fields fields;
};

struct WallItems {
  std::string origin;
  std::int64_t size = 0;  // of the log it was made from
  std::vector<WallItem> items;
  WallNumbers numbers;
};

std::string to_json(const WallItem& item);
std::string to_json(const WallItems& items);
// The same from items written before; those of `head` are passed over.
std::string to_json(const WallItems& head, const std::map<std::int64_t, std::string>& items);
// bad_data: the whole is not readable. An item that is not has its error instead.
struct ReadItems {
  WallItems all;
  std::vector<std::pair<std::size_t, std::string>> bad;  // (position, what)
};
Result<ReadItems> read_items(std::string_view bytes);

// An item and its number for people, from 1.
struct ItemFault {
  std::size_t item = 0;    // 0: the whole
  std::int64_t leaf = -1;  // -1: none
  std::string what;
};
// What is wrong with the wall, held against the log's first `items.size` entries.
std::vector<ItemFault> check_items(const ReadItems& items, const Account& account);

}  // namespace vigie::tlog
