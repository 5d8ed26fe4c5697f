// Mentions from a file or stream: JSONL (DESIGN.md section 5) or CSV with a header of the same names.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "collectors/source.h"

namespace vigie {

// Reads lines as they come; a bad line is a Rejected with its line number, never the end. JSONL unless the first line
// is no JSON object.
class MentionReader {
 public:
  explicit MentionReader(std::string default_source);
  ~MentionReader();
  // Feeds bytes (any cut); `last` flushes the line without an end. Mentions and rejects are appended to `batch`.
  void feed(std::string_view bytes, bool last, Batch& batch);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Result<std::unique_ptr<LocalSource>> open_file(const SourceSettings& settings);

}  // namespace vigie
