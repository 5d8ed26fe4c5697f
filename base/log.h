// Lines for the operator, on stderr: logfmt for people, JSON lines for machines. Secrets never get through.

#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vigie::log {

enum class Level { debug, info, warn, error };
using Field = std::pair<std::string_view, std::string_view>;

// ts=2026-11-21T10:00:00Z level=info part=collect msg="polled" source=hn items=12
// Control characters are escaped; a registered secret, wherever it stands, is written as [secret].
void write(Level level, std::string_view part, std::string_view message, std::initializer_list<Field> fields = {});

inline void info(std::string_view part, std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::info, part, message, fields);
}
inline void warn(std::string_view part, std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::warn, part, message, fields);
}
inline void error(std::string_view part, std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::error, part, message, fields);
}

void set_level(Level at_least);
void set_json(bool json);
void add_secret(std::string secret);                      // shorter than 4 bytes: ignored
std::string redact(std::string_view text);                // what write() does to each text
void set_sink(std::function<void(std::string_view line)> sink);  // for tests; an empty function restores stderr

}  // namespace vigie::log
