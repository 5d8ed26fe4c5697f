// `vigie witness`: cosigns other people's logs, so that they cannot show two histories. Made for a third party: a
// customers' association, a competitor.

#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "base/http_server.h"

namespace vigie {

struct WitnessRequest {
  std::string key = "witness.key";
  std::string name{};    // of a new key
  std::string policy{};  // file with `log` lines: those that are watched
  std::string data = "witness";
  std::string listen = "127.0.0.1:8090";
};

// Makes the key file and prints the line that log owners put in their quorum file.
int cmd_witness_key(const WitnessRequest& request, std::ostream& out, std::ostream& err);

// Serves POST /add-checkpoint, and GET / which tells its key.
Result<std::unique_ptr<HttpServer>> serve_witness(const WitnessRequest& request, const Clock& clock, Metrics& metrics);
int cmd_witness_run(const WitnessRequest& request, std::ostream& out, std::ostream& err);

}  // namespace vigie
