// A wall's published numbers as they travel: in the store's snapshot and in items.json, the same text.

#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "wall/log/account.h"

namespace vigie::tlog {

// {"received":..,...,"mean_milli":..,"histogram":{..},"median_delay":{..},"refused_by":{..},"erased_by":{..},
// "hidden_by":{..},"masked_by":{..},"changed_by":{..}}
std::string numbers_json(const WallNumbers& numbers);
Result<WallNumbers> read_numbers(const json::Value& object);  // bad_data

}  // namespace vigie::tlog
