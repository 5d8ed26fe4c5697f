// Server-sent events (WHATWG HTML, "Server-sent events") out of bytes that arrive in any pieces.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

class SseCutter {
 public:
  // bad_data once an event has grown beyond limits::kFrameBytes without an end.
  Result<void> append(std::string_view bytes);
  // The next whole event's lines, joined by "\n"; comments and events without data are passed over.
  std::optional<std::string> next();

 private:
  std::string buffer_;
  std::size_t head_ = 0;
};

struct SseEvent {
  std::string event = "message";
  std::string data;  // lines joined by "\n"
};
SseEvent read_sse(std::string_view block);

}  // namespace vigie
