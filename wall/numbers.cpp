#include "wall/numbers.h"

#include "store/reviews.h"
#include "wall/log/numbers.h"

namespace vigie {

Result<WallStanding> wall_standing(Store& store, const std::string& brand) {
  TRY(const WallSnapshot snapshot, store.reviews().snapshot(brand));
  WallStanding standing{snapshot.size, snapshot.at, {}};
  if (snapshot.size == 0) return standing;
  TRY(const json::Document document, json::parse(snapshot.json));
  TRY(standing.numbers, tlog::read_numbers(document.root()));
  return standing;
}

}  // namespace vigie
