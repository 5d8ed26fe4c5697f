// Visits mailboxes: a search, a fetch a mail, then the batch to the bus and the bookmark after it. Beside collect, on a
// thread of its own; one slow server holds nobody else.

#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "app/intake.h"
#include "base/imap_client.h"
#include "collectors/imap.h"

namespace vigie {

class Mailboxes {
 public:
  // Takes the sources of kind "imap" from `settings`; there may be none.
  Mailboxes(const Settings& settings, Store& store, Bus& bus, ImapClient& imap, const Clock& clock, Rng& rng,
            Metrics& metrics);
  ~Mailboxes();

  Result<void> open();
  bool empty() const { return visits_.empty(); }

  // Starts the visits that are due, then waits for answers, at most `at_most`. Returns how many visits are under way.
  std::size_t tick(Duration at_most);
  void run(const std::stop_token& stop);

 private:
  struct Visit;

  void search(Visit& visit);
  void fetch(Visit& visit);
  void take(Visit& visit, Result<ImapReply> reply);
  void deliver(Visit& visit);
  void fail_with(Visit& visit, const Error& error);

  const Settings& settings_;
  ImapClient& imap_;
  const Clock& clock_;
  Intake intake_;
  std::vector<std::unique_ptr<Visit>> visits_;
};

}  // namespace vigie
