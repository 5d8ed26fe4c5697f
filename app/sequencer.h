// The loop of the walls' logs. One thread writes what many hand in: a batch of reviews becomes durable in one
// transaction and goes under one signed checkpoint, and then each gets its receipt. What others append (moderation, the
// command line) it publishes within a moment. A receipt never waits for a witness: those are asked by a loop of their
// own.

#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "app/brand_log.h"
#include "base/inbox.h"
#include "wall/intake.h"
#include "wall/wall.h"

namespace vigie {

struct SequencerOptions {
  std::size_t waiting = 2'000;  // reviews handed in and not yet taken; more are sent away
  std::size_t batch = 1'000;
  Duration poll = milliseconds(500);  // between two looks at what others appended
  Duration patience = seconds(12);    // of who hands in; a request may take 15 s
};

class Sequencer {
 public:
  Sequencer(const Settings& settings, OpenStore open, const Clock& clock, Metrics& metrics,
            SequencerOptions options = {});

  Result<void> open();  // before anything else

  // rate_limited: too many at once, not recorded. transient with maybe_done: no answer came in time. Any thread.
  Result<Answered> hand_in(Submission submission);
  HandIn door() {
    return [this](Submission submission) { return hand_in(std::move(submission)); };
  }
  void wake() { inbox_.wake(); }  // something was appended: publish it now. Any thread

  // What witnesses signed of a brand's checkpoint of that size is stored: show it. Any thread.
  void cosigned(const std::string& brand, std::int64_t size, std::shared_ptr<const tlog::Quorum> quorum);

  // One round, after waiting at most that long for something to do.
  void tick(Duration at_most);
  // Until asked to stop; then nothing more is taken in, and what was is recorded and answered.
  void run(const std::stop_token& stop);

 private:
  struct Handed {
    Submission submission;
    std::promise<Result<Answered>> answer;
  };
  using HandedIn = std::shared_ptr<Handed>;
  struct Cosigned {
    std::string brand;
    std::int64_t size = 0;
    std::shared_ptr<const tlog::Quorum> quorum;
  };

  void record(BrandLog& log, const std::vector<HandedIn>& batch);
  void record_one_by_one(BrandLog& log, const std::vector<HandedIn>& batch);
  void answer(BrandLog& log, const std::vector<HandedIn>& batch, std::vector<Received> received);
  void publish(BrandLog& log);
  void show_cosigned();
  void log_policies();
  void trouble(const std::string& brand, const Error& error);

  const Settings& settings_;
  const OpenStore open_;
  const Clock& clock_;
  Metrics& metrics_;
  const SequencerOptions options_;

  Inbox<HandedIn> inbox_;
  Inbox<Cosigned> cosigned_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Book> book_;
  std::vector<std::unique_ptr<BrandLog>> logs_;
  bool begun_ = false;                           // the rules in force are logged
  std::map<std::string, std::string> troubles_;  // by brand, told last
};

}  // namespace vigie
