// Mentions per brand and hour of event time, and among them the negatives of distinct authors.

#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/stored.h"
#include "store/driver.h"

namespace vigie {

Time hour_of(Time time);

// Who speaks, as far as the source says: id, else handle, else name, else the mention itself.
std::uint64_t author_of(const Author& author, std::string_view source, std::string_view id);

// What one transaction adds to the hours; nothing is written before write().
class Hours {
 public:
  explicit Hours(Driver& driver) : driver_(driver) {}

  // From this hour on the authors counted are known (tidy() forgets those of older hours).
  Result<void> begin();
  Result<void> add(const std::string& brand, Time event, bool negative, std::uint64_t author);
  // Something already counted changed its label or its brand.
  void count_again(const std::string& brand, Time event);
  Result<void> write();

 private:
  struct Count {
    std::int64_t total = 0, negatives = 0;
  };
  using Key = std::pair<std::string, Time>;

  Result<bool> first_of_author(const Key& key, std::uint64_t author);
  Result<void> recount(const Key& key);
  Result<void> put(const Key& key, const Count& count, std::string_view sql);

  Driver& driver_;
  Query insert_author_;
  Time known_from_{};
  std::map<Key, Count> added_;
  std::set<Key> again_;
};

// Forgets the authors of hours before `from`.
Result<void> forget_hour_authors(Driver& driver, Time from);

}  // namespace vigie
