// Letters to one person, in the outbox: an author, a customer, whoever reported a review. Their documents hold ids;
// what was written from them (bytes that wait to be sent, what a server answered, files) holds addresses and words.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/driver.h"

namespace vigie {

// Ids of notifications, oldest first.
// About a review: to its author, and to those who reported it, whose letters repeat what was decided in words.
Result<std::vector<std::string>> letters_about_review(Driver& driver, std::int64_t review);
Result<std::vector<std::string>> letters_to_customer(Driver& driver, std::int64_t contact);
Result<std::vector<std::string>> letters_to_sender(Driver& driver, std::int64_t notice);

// Empties what was written from them. One that is still owed is written anew when its turn comes, and finds nobody.
// Others among `messages` stay as they are. True when bytes were waiting.
Result<bool> empty_letters(Driver& driver, const std::vector<std::string>& messages);

}  // namespace vigie
