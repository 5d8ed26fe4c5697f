// Files of mentions uploaded to the console: taken in by a thread of their own, and asked for how far they have come.
//
//   POST /api/v1/import            JSONL or CSV; answers 202 {"job","state",...}
//   GET  /api/v1/import/{job}      {"job","state":
//   waiting|running|done|failed,"bytes","read","accepted","rejected","errors"}

#pragma once

#include <deque>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/push_in.h"
#include "base/guarded.h"
#include "base/pulse.h"

namespace vigie {

class Uploads {
 public:
  Uploads(Bus& bus, const Clock& clock) : bus_(bus), clock_(clock) {}

  // For visitors whom the console knows; it has checked that.
  ServerReply answer(const ServerRequest& request);

  // Takes one waiting file in, or waits for one, at most `at_most`.
  void tick(Duration at_most, const std::stop_token& stop = {});
  void run(const std::stop_token& stop);

 private:
  struct Job {
    std::string state = "waiting";
    std::size_t bytes = 0, read = 0;  // of the file
    std::int64_t accepted = 0, rejected = 0;
    std::vector<std::string> errors;  // the first ones
  };
  struct Files {
    std::deque<std::pair<std::string, std::string>> waiting;  // job, bytes
    std::map<std::string, Job> jobs;
    std::deque<std::string> order;  // of jobs, oldest first
  };

  ServerReply take(const ServerRequest& request);
  void change(const std::string& job, const std::function<void(Job&)>& by);
  bool deliver(const std::string& job, std::size_t read, Batch& batch);

  Bus& bus_;
  const Clock& clock_;
  Guarded<Files> files_;
  Pulse arrived_;
};

}  // namespace vigie
