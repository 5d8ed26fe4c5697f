#include "base/log.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"

namespace vigie::log {
namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::string_view kRedacted = "[secret]";

struct State {
  std::mutex mutex;
  Level at_least = Level::info;
  bool json = false;
  std::vector<std::string> secrets;  // longest first: one may be the beginning of another
  std::function<void(std::string_view)> sink;
};

// Never destroyed: a thread that outlives main() may still have something to say.
State& state() {
  static State* const kState = new State;
  return *kState;
}

std::string_view name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return "error";
}

// The one place beside SystemClock that reads the machine's time: a log line tells when it was written, even in a
// replay.
std::string stamp() { return format_rfc3339(std::chrono::floor<milliseconds>(std::chrono::system_clock::now())); }

std::string without(const std::vector<std::string>& secrets, std::string_view text) {
  std::string out(text);
  for (const std::string& secret : secrets) {
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + kRedacted.size())) {
      out.replace(at, secret.size(), kRedacted);
    }
  }
  return out;
}

// Lengths of the UTF-8 sequences at the front of `text` that must not reach a terminal as they are: C1 controls, line
// separators, and the marks that turn text round. 0 when it is none of them.
std::size_t hostile_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  const bool general = byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE;  // U+2028..202E
  const bool isolate = byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;  // U+2066..2069
  return general || isolate ? 3 : 0;
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : bytes) {
    out.append("\\x");
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kHex[static_cast<unsigned char>(c) & 15u]);
  }
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string escape(std::string_view text) {
  const std::string valid = is_valid_utf8(text) ? std::string(text) : to_valid_utf8(text);
  std::string out;
  out.reserve(valid.size() + 2);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    if (const std::size_t size = hostile_sequence(std::string_view(valid).substr(i)); size > 0) {
      append_hex(out, std::string_view(valid).substr(i, size));
      i += size - 1;
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n' || c == '\t' || c == '\r') {
      out.append(c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
    } else if (is_control(c)) {
      append_hex(out, {&c, 1});
    } else {
      out.push_back(c);
    }
  }
  return out;
}

void append_logfmt(std::string& line, std::string_view key, std::string_view value) {
  if (!line.empty()) line.push_back(' ');
  for (const char c : key) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    line.push_back(plain ? c : '_');
  }
  line.push_back('=');
  const std::string escaped = escape(value);
  const bool quoted = key == "msg" || escaped.empty() || escaped.size() != value.size() ||
                      escaped.find_first_of(" =\\\"") != std::string::npos;
  line.append(quoted ? concat("\"", escaped, "\"") : escaped);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string as_logfmt(const Pairs& pairs) {
  std::string line;
  for (const auto& [key, value] : pairs) append_logfmt(line, key, value);
  return line;
}

std::string as_json(const Pairs& pairs) {
  json::Writer out;
  out.begin_object();
  for (const auto& [key, value] : pairs) out.member(key, value);
  out.end_object();
  return out.take();
}

}  // namespace

void write(Level level, std::string_view part, std::string_view message, std::initializer_list<Field> fields) {
  State& log = state();
  const std::lock_guard lock(log.mutex);
  if (level < log.at_least) return;

  Pairs pairs = {{"ts", stamp()}, {"level", std::string(name(level))}, {"part", std::string(part)}};
  pairs.emplace_back("msg", without(log.secrets, message));
  for (const auto& [key, value] : fields) pairs.emplace_back(without(log.secrets, key), without(log.secrets, value));
  const std::string line = log.json ? as_json(pairs) : as_logfmt(pairs);

  if (log.sink) return log.sink(line);
  const std::string ended = concat(line, "\n");
  std::fwrite(ended.data(), 1, ended.size(), stderr);  // one call: lines of several processes do not mix
}

void set_level(Level at_least) {
  const std::lock_guard lock(state().mutex);
  state().at_least = at_least;
}

void set_json(bool json) {
  const std::lock_guard lock(state().mutex);
  state().json = json;
}

void add_secret(std::string secret) {
  if (secret.size() < kShortestSecret) return;
  const std::lock_guard lock(state().mutex);
  std::vector<std::string>& secrets = state().secrets;
  // In a URL it stands percent-encoded.
  for (std::string form : {url_encode(secret), std::move(secret)}) {
    if (std::find(secrets.begin(), secrets.end(), form) == secrets.end()) secrets.push_back(std::move(form));
  }
  std::sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string redact(std::string_view text) {
  const std::lock_guard lock(state().mutex);
  return without(state().secrets, text);
}

void set_sink(std::function<void(std::string_view line)> sink) {
  const std::lock_guard lock(state().mutex);
  state().sink = std::move(sink);
}

}  // namespace vigie::log
