// One record of an import file as a mention: JSONL as it stands, CSV by a header of the same names.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collectors/records.h"
#include "model/batch.h"

namespace vigie {

class MentionLines {
 public:
  explicit MentionLines(std::string default_source) : default_source_(std::move(default_source)) {}

  // The first record decides: an object is JSONL, a header that names fields is CSV. `header` takes up a CSV file in
  // its middle.
  void take(const Record& record, RecordCutter& cutter, Batch& batch);
  void resume(std::string_view header, RecordCutter& cutter);

  const std::string& header() const { return header_; }  // "" for JSONL
  // Whether this last line, which may still be growing, is whole.
  bool is_whole(std::string_view line) const;

 private:
  void read_json(const Record& record, Batch& batch) const;
  void read_csv(const Record& record, Batch& batch) const;
  bool use_header(std::string_view line, RecordCutter& cutter);

  std::string default_source_;
  bool decided_ = false;
  char separator_ = '\0';
  std::string header_;
  std::vector<std::string> columns_;
};

}  // namespace vigie
