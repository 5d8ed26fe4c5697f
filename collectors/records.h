// Cuts bytes that arrive in any pieces into the records of a file: lines of JSONL, records of CSV (RFC 4180: a quoted
// field may hold line breaks).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

struct Record {
  std::string_view bytes;  // without the line end; valid until the next call
  std::uint64_t line = 0;  // its first line, from 1
  std::string_view fault;  // why it cannot be read, "" = nothing known against it
};

class RecordCutter {
 public:
  // Goes on in a file already read up to `offset`, in which `line` lines were counted.
  explicit RecordCutter(std::uint64_t offset = 0, std::uint64_t line = 0) : offset_(offset), line_(line) {}

  void read_csv(char separator);  // from the next record on; lines until then
  void append(std::string_view bytes);
  // The next whole record; with `last`, also one that has no line end. Nothing when more bytes are needed.
  std::optional<Record> next(bool last);

  std::string_view rest() const { return std::string_view(buffer_).substr(head_); }  // not yet returned
  std::uint64_t offset() const { return offset_; }                                   // behind the record returned last
  std::uint64_t line() const { return line_; }

 private:
  enum class State { field_start, plain, quoted, quote_in_quoted };

  std::size_t record_end();
  Record take(std::size_t length, std::size_t with_end, std::string_view fault);
  std::optional<Record> too_long();
  bool skip_rest_of_line();

  std::string buffer_;  // from head_ on: not yet returned
  std::size_t head_ = 0, scan_ = 0;
  State state_ = State::field_start;
  char separator_ = '\0';  // '\0' = lines
  bool skipping_ = false;  // the rest of a line that was too long
  std::uint64_t offset_ = 0, line_ = 0;
};

// The fields of one record, unquoted; nothing when text follows a closing quote.
std::optional<std::vector<std::string>> csv_fields(std::string_view record, char separator);

}  // namespace vigie
