// What erasing a review or a mention takes away beyond its own rows, inside the transaction that erases it.

#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/review.h"
#include "store/driver.h"

namespace vigie {

// The mention that carried the review with its words in the index, quotes of it in messages, records that were put
// aside with its words, letters to its author and to the customer who was invited to it; and the row of `erasures` that
// the rest is done by. Before the review's values are destroyed.
Result<void> forget_review(Driver& driver, const Review& review, Time at);

// The same of a mention that is no review. gone: there is none, or nothing is left of it.
Result<void> forget_mention(Driver& driver, std::int64_t seq, Time at);

// A customer whom surveys asked: address, name, number, and what they answered for no wall. Keyed hashes of the address
// stay, so that whoever wants no more mail gets none. gone: there is none, or nothing is left of them.
Result<void> forget_contact(Driver& driver, std::int64_t contact, Time at);

// An answer that is for no wall, with all its versions. gone: as above.
Result<void> forget_answer(Driver& driver, std::int64_t answer, Time at);

// Whoever reported a review: name and address. What they reported, and what was decided, stays with the review.
Result<void> forget_sender(Driver& driver, std::int64_t notice, Time at);

// Something was deleted elsewhere in this transaction: its bytes are to leave the file.
Result<void> purge_later(Driver& driver, Time at);

struct ErasureWork;

// What was written down from memory while the erasure went on: quotes of it, its mention, letters. True when there was
// something.
Result<bool> forget_again(Driver& driver, const ErasureWork& work);

}  // namespace vigie
