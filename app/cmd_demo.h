// `vigie demo`: a fictional brand's recorded week, replayed fast through the real loops, then served.

#pragma once

#include <iosfwd>
#include <string>

namespace vigie {

struct DemoOptions {
  std::string data = "data/demo";  // emptied of an earlier demo's files first
  std::string
      config;  // people, endpoints, routes and mail of this file instead of the demo's own: hear it where you would
  std::string public_listen, console_listen;  // "" = the configuration's
  bool once = false;                          // replay, then end, instead of serving
};

int cmd_demo(const DemoOptions& options, std::ostream& out, std::ostream& err);

}  // namespace vigie
