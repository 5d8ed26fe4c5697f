// Everything behind the public walls of a running installation: where reviews come in, the loops that log, check and
// publish them, and the pages that show it. `vigie run` and `vigie demo` have one each.

#pragma once

#include <memory>
#include <vector>

#include "app/serve.h"
#include "app/survey_parts.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "config/settings.h"
#include "console/review_desk.h"

namespace vigie {

class WallSide {
 public:
  struct Needs {
    const Settings& settings;
    OpenStore open;
    const Clock& clock;
    Metrics& metrics;
    Bus& bus;                      // what is said on the walls is heard like everything else
    std::function<void()> owed{};  // there is something to send
    bool own_time = false;         // `clock` is not the world's: a demonstration
  };
  // Once no other process writes the logs. What a published log knows to be erased, and a restored database does not,
  // is erased first.
  static Result<std::unique_ptr<WallSide>> make(Needs needs);
  virtual ~WallSide() = default;

  virtual SurveyParts& surveys() = 0;
  virtual std::vector<Serve::Guest> guests() = 0;  // of the public listener

  virtual ReviewDesk review_desk() = 0;            // of the console

  virtual void start() = 0;
  // In this order: nothing new goes to the bus; and, once the listeners are closed, everything else.
  virtual void stop_telling() = 0;
  virtual void stop() = 0;
};

}  // namespace vigie
