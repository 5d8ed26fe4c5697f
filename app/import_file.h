// The records of an import, from a file or a stream, with a place to go on from: always behind the last record handed
// out.

#pragma once

#include <cstdint>
#include <istream>
#include <string>

#include "collectors/mention_lines.h"
#include "collectors/records.h"

namespace vigie {

// Where an import of a file stands, and which file it was.
struct ImportPlace {
  std::uint64_t inode = 0, offset = 0, line = 0;
  std::string header{};  // of a table
};
std::string to_json(const ImportPlace& place);
ImportPlace import_place_from(std::string_view json);  // the beginning when it cannot be read

class ImportFile {
 public:
  // Goes on at `place` of a stream that stands there.
  ImportFile(std::istream& in, const ImportPlace& place, ColumnNames names);

  // The next records, at most `most` and 8 MiB; false at the end. bad_data: columns that `names` names are missing.
  Result<bool> next(std::size_t most, Batch& batch);
  ImportPlace place() const;

 private:
  Result<void> check_columns() const;

  std::istream& in_;
  ImportPlace place_;
  const bool named_;
  RecordCutter cutter_;
  MentionLines lines_;
  bool ended_ = false;
};

}  // namespace vigie
