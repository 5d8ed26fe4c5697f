// One record of an import file as a mention: JSONL as it stands, CSV by a header of the same names.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/records.h"
#include "model/batch.h"

namespace vigie {

// What a table calls its columns, when not by our names: "text" -> "Commentaire". Letter case does not matter.
using ColumnNames = std::map<std::string, std::string>;

class MentionLines {
 public:
  explicit MentionLines(std::string default_source, ColumnNames names = {});

  // The first record decides: an object is JSONL, a header that names fields is CSV. `header` takes up a CSV file in
  // its middle.
  void take(const Record& record, RecordCutter& cutter, Batch& batch);
  void resume(std::string_view header, RecordCutter& cutter);

  const std::string& header() const { return header_; }  // "" for JSONL
  std::vector<std::string> missing() const;              // columns named by `names` that the header does not have
  // Whether this last line, which may still be growing, is whole.
  bool is_whole(std::string_view line) const;

 private:
  void read_json(const Record& record, Batch& batch) const;
  void read_csv(const Record& record, Batch& batch) const;
  bool use_header(std::string_view line, RecordCutter& cutter);
  std::string field_of(std::string_view column) const;

  std::string default_source_;
  ColumnNames names_;
  bool decided_ = false;
  char separator_ = '\0';
  std::string header_;
  std::vector<std::string> columns_;
};

}  // namespace vigie
