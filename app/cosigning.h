// Asks the witnesses named in the settings about each wall's checkpoint, now and then. A loop of its own: a witness
// that is slow, or gone, keeps nobody's receipt waiting.

#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/http_client.h"
#include "config/settings.h"
#include "store/store.h"
#include "wall/log/publisher.h"

namespace vigie {

class Cosigning {
 public:
  // Told of each checkpoint that got signatures: of a brand, of that size.
  using Cosigned = std::function<void(const std::string&, std::int64_t, std::shared_ptr<const tlog::Quorum>)>;

  // Belongs to one thread, as store and http do.
  Cosigning(const Settings& settings, Store& store, HttpClient& http, const Clock& clock, Cosigned cosigned)
      : settings_(settings), store_(store), http_(http), clock_(clock), cosigned_(std::move(cosigned)) {}

  bool enabled() const { return !settings_.wall.witnesses.empty(); }
  void tick();  // every wall once; the file is read anew each time
  void run(const std::stop_token& stop);

 private:
  void ask(const std::string& brand, const std::shared_ptr<const tlog::Quorum>& quorum);
  void tell(const std::string& about, const std::string& what);

  const Settings& settings_;
  Store& store_;
  HttpClient& http_;
  const Clock& clock_;
  const Cosigned cosigned_;
  std::map<std::string, std::string> told_;  // the last trouble with each witness, or with the file
};

// A tlog-policy file. bad_config: it cannot be read, or is none.
Result<tlog::Quorum> read_quorum_file(const std::string& path);

}  // namespace vigie
