#include "collectors/sse.h"

#include "base/limits.h"
#include "base/text.h"

namespace vigie {
namespace {

// Where a line ends (CR, LF or CRLF) and the next one starts; npos when more bytes are needed to tell.
struct LineEnd {
  std::size_t end, next;
};
std::optional<LineEnd> line_end(std::string_view text, std::size_t from) {
  const std::size_t end = text.find_first_of("\r\n", from);
  if (end == std::string_view::npos) return std::nullopt;
  if (text[end] == '\n') return LineEnd{end, end + 1};
  if (end + 1 == text.size()) return std::nullopt;  // a LF may follow
  return LineEnd{end, text[end + 1] == '\n' ? end + 2 : end + 1};
}

}  // namespace

Result<void> SseCutter::append(std::string_view bytes) {
  if (head_ > 0) buffer_.erase(0, std::exchange(head_, 0));
  buffer_ += bytes;
  if (buffer_.size() > 2 * limits::kFrameBytes)
    return fail(ErrorKind::bad_data,
                concat("sent an event larger than ", std::to_string(limits::kFrameBytes), " bytes"));
  return {};
}

std::optional<std::string> SseCutter::next() {
  std::string block;
  bool has_data = false;
  std::size_t at = head_;
  while (const std::optional<LineEnd> line = line_end(buffer_, at)) {
    const std::string_view text = std::string_view(buffer_).substr(at, line->end - at);
    at = line->next;
    if (text.empty()) {
      head_ = at;
      if (has_data) return block;
      block.clear();
      continue;
    }
    if (text.starts_with(':')) continue;
    has_data = has_data || text.starts_with("data");
    block.append(block.empty() ? "" : "\n").append(text);
  }
  return std::nullopt;
}

SseEvent read_sse(std::string_view block) {
  SseEvent out;
  bool first = true;
  for (const std::string_view line : split(block, '\n')) {
    const std::size_t colon = line.find(':');
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    const std::string_view field = line.substr(0, colon);
    if (field == "event") out.event = value;
    if (field == "data") out.data.append(std::exchange(first, false) ? "" : "\n").append(value);
  }
  return out;
}

}  // namespace vigie
