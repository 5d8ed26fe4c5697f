#include "alerts/budget.h"

#include <algorithm>

namespace vigie {
namespace {

constexpr std::size_t kMostKept = 1000;  // no limit is wider

std::string_view to_text(BudgetLane lane) { return lane == BudgetLane::ordinary ? "ordinary" : "reserve"; }

// When the last `most` of `recent` will no longer all lie in a window of that length.
Time room_in_window(const std::vector<Time>& recent, int most, Duration length, Time now) {
  const auto limit = static_cast<std::size_t>(std::max(1, most));
  if (recent.size() < limit) return now;
  return std::max(now, recent[recent.size() - limit] + length);
}

// Kept in order, so that a clock that was put back does not hide the messages of the time it shows again.
void remember(std::vector<Time>& recent, Duration length, Time now) {
  recent.insert(std::upper_bound(recent.begin(), recent.end(), now), now);
  const auto still_counted = [&](Time at) { return at + length > now; };
  recent.erase(recent.begin(), std::find_if(recent.begin(), recent.end(), still_counted));
  if (recent.size() > kMostKept) recent.erase(recent.begin(), recent.end() - static_cast<std::ptrdiff_t>(kMostKept));
}

}  // namespace

std::string bucket_name(std::string_view person, BudgetLane lane) { return concat(person, "|", to_text(lane)); }

std::string bucket_name(std::string_view person, BudgetLane lane, std::string_view brand) {
  return concat(person, "|", to_text(lane), "|", brand);
}

// The generic cell rate algorithm (ITU-T I.371, annex A): a bucket told by the one instant at which it is full.
Time room_at(const Spent& spent, const MessageBudget& budget, Time now) {
  const int burst = std::max(1, budget.burst);
  // No bucket is further from full than empty, unless the clock was put back since.
  const Time full_again = std::min(spent.full_again, now + budget.refill * burst);
  const Time room = full_again - budget.refill * (burst - 1);
  return room_in_window(spent.recent, budget.per_day, kDay, std::max(now, room));
}

Spent spend(Spent spent, const MessageBudget& budget, Time now) {
  spent.full_again = std::max(spent.full_again, now) + budget.refill;
  remember(spent.recent, kDay, now);
  return spent;
}

Time room_for_brand_at(const Spent& spent, int per_hour, Time now) {
  return room_in_window(spent.recent, per_hour, hours(1), now);
}

Spent spend_for_brand(Spent spent, int per_hour, Time now) {
  remember(spent.recent, hours(1), now);
  const auto most = static_cast<std::ptrdiff_t>(std::max(1, per_hour));
  if (std::ssize(spent.recent) > most) spent.recent.erase(spent.recent.begin(), spent.recent.end() - most);
  return spent;
}

std::string to_json(const Spent& spent) {
  json::Writer out;
  out.begin_object().key("full_again").integer(to_epoch_micros(spent.full_again));
  out.key("recent").begin_array();
  for (const Time at : spent.recent) out.integer(to_epoch_micros(at));
  out.end_array().end_object();
  return out.take();
}

Spent spent_from_json(std::string_view text) {
  Spent spent;
  const Result<json::Document> document = json::parse(text);
  if (!document) return spent;
  spent.full_again = from_epoch_micros(document->root().integer_or("full_again", 0));
  const json::Value recent = document->root().at("recent");
  for (std::size_t i = 0; i < std::min(recent.size(), kMostKept); ++i) {
    spent.recent.push_back(from_epoch_micros(recent[i].integer_or("", 0)));
  }
  std::sort(spent.recent.begin(), spent.recent.end());
  return spent;
}

}  // namespace vigie
