#include "collectors/records.h"

#include <algorithm>

#include "base/limits.h"

namespace vigie {

void RecordCutter::read_csv(char separator) {
  separator_ = separator;
  state_ = State::field_start;
  scan_ = head_;
}

void RecordCutter::append(std::string_view bytes) {
  buffer_.erase(0, head_);
  scan_ -= head_;
  head_ = 0;
  buffer_ += bytes;
}

// Index of the line end that closes the record, or npos.
std::size_t RecordCutter::record_end() {
  if (separator_ == '\0') {
    const std::size_t end = buffer_.find('\n', scan_);
    scan_ = end == std::string::npos ? buffer_.size() : end;
    return end;
  }
  for (; scan_ < buffer_.size(); ++scan_) {
    const char c = buffer_[scan_];
    if (state_ == State::quoted) {
      if (c == '"') state_ = State::quote_in_quoted;
    } else if (c == '"' && (state_ == State::field_start || state_ == State::quote_in_quoted)) {
      state_ = State::quoted;  // "" inside quotes is one quote
    } else if (c == '\n') {
      return scan_;
    } else if (c == separator_) {
      state_ = State::field_start;
    } else {
      state_ = State::plain;
    }
  }
  return std::string::npos;
}

Record RecordCutter::take(std::size_t length, std::size_t with_end, std::string_view fault) {
  Record record{std::string_view(buffer_).substr(head_, length), line_ + 1, fault};
  const auto ends = static_cast<std::uint64_t>(std::count(record.bytes.begin(), record.bytes.end(), '\n'));
  line_ += ends + (with_end > length ? 1 : 0);
  if (record.bytes.ends_with('\r')) record.bytes.remove_suffix(1);
  head_ += with_end;
  offset_ += with_end;
  scan_ = head_;
  state_ = State::field_start;
  return record;
}

// A quote that nobody closes swallows what follows: give up its first line alone, and read the next ones again.
std::optional<Record> RecordCutter::too_long() {
  const std::size_t line_end = buffer_.find('\n', head_);
  if (separator_ != '\0' && line_end != std::string::npos)
    return take(line_end - head_, line_end + 1 - head_, "a quote that is never closed");
  skipping_ = true;
  return take(buffer_.size() - head_, buffer_.size() - head_, "longer than 4 MiB");
}

bool RecordCutter::skip_rest_of_line() {
  const std::size_t end = buffer_.find('\n', head_);
  const std::size_t skipped = end == std::string::npos ? buffer_.size() - head_ : end + 1 - head_;
  take(skipped, skipped, "");
  skipping_ = end == std::string::npos;
  return !skipping_;
}

std::optional<Record> RecordCutter::next(bool last) {
  if (skipping_ && !skip_rest_of_line()) return std::nullopt;
  const std::size_t end = record_end();
  if (end != std::string::npos && end - head_ <= limits::kImportLine) return take(end - head_, end + 1 - head_, "");
  if (end != std::string::npos) return take(end - head_, end + 1 - head_, "longer than 4 MiB");
  if (buffer_.size() - head_ > limits::kImportLine) return too_long();
  if (!last || head_ == buffer_.size()) return std::nullopt;
  if (state_ == State::quoted && separator_ != '\0' && buffer_.find('\n', head_) != std::string::npos)
    return too_long();
  const std::string_view fault = state_ == State::quoted && separator_ != '\0' ? "a quote that is never closed" : "";
  return take(buffer_.size() - head_, buffer_.size() - head_, fault);
}

std::optional<std::vector<std::string>> csv_fields(std::string_view record, char separator) {
  std::vector<std::string> fields(1);
  std::size_t i = 0;
  while (i < record.size()) {
    if (record[i] == '"') {
      for (++i; i < record.size(); ++i) {
        if (record[i] == '"' && (i + 1 == record.size() || record[i + 1] != '"')) break;
        if (record[i] == '"') ++i;
        fields.back() += record[i];
      }
      ++i;
      if (i < record.size() && record[i] != separator) return std::nullopt;
    } else {
      const std::size_t end = std::min(record.find(separator, i), record.size());
      fields.back() = record.substr(i, end - i);
      i = end;
    }
    if (i < record.size()) {
      fields.emplace_back();
      ++i;
    }
  }
  return fields;
}

}  // namespace vigie
