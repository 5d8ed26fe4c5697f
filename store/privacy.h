// Erasures until their last trace is gone, and what is held about one person.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/invitation.h"
#include "store/driver.h"

namespace vigie {

// Steps of an erasure after its rows: the watch forgets the words it explains a rise with, messages that were written
// as files go, what was deleted leaves the database's own file, and a minute later what others wrote down from memory
// meanwhile goes too.
enum class ErasureStep { watch, files, bytes, look, done };
std::string_view to_text(ErasureStep step);

struct ErasureWork {
  std::int64_t number = 0;
  Time asked{};
  std::string brand;
  std::optional<std::int64_t> leaf;  // of the review
  std::string source, mention;
  std::optional<std::int64_t> seq;
  std::optional<Time> event;
  std::vector<std::string> messages;  // ids of notifications
  ErasureStep step = ErasureStep::watch;
};

// Something that is held about a person, as they would be told of it.
struct Trace {
  std::string kind;  // review mention customer answer notice
  std::string ref;   // "acme/12", "mention/88", "customer/3", "answer/7", "notice/2": names it to erase it
  std::int64_t id = 0;
  Time at{};
  std::string where;  // which of its fields fits: contact author text
};

class PrivacyStore {
 public:
  virtual ~PrivacyStore() = default;

  virtual Result<std::vector<ErasureWork>> unfinished() = 0;  // oldest first, at most 1,000
  // Mentions erased behind that erasure, with its number: for those who keep words in memory.
  virtual Result<std::vector<ErasureWork>> erased_after(std::int64_t number) = 0;
  // From one step to the next, unless another process was quicker.
  virtual Result<void> advance(std::int64_t number, ErasureStep from, ErasureStep to) = 0;
  virtual Result<bool> look_again(std::int64_t number) = 0;  // true: there was something left
  // Rewrites the database file without what was deleted. transient: someone is reading; again later.
  virtual Result<void> purge() = 0;

  // By address, name or account, in whatever case.
  virtual Result<std::vector<Trace>> find(const std::string& who) = 0;
  virtual Result<std::vector<Invitation>> invitations_of(std::int64_t contact) = 0;  // without tokens and keys
  virtual Result<std::vector<PrivateAnswer>> answer(std::int64_t id) = 0;            // its versions, oldest first
  // All but reviews, whose erasure their log must tell (wall/book.h). gone: it was erased.
  virtual Result<void> erase(const Trace& trace, Time at) = 0;
};

std::unique_ptr<PrivacyStore> make_privacy_store(Driver& driver);

}  // namespace vigie
