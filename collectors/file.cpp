#include "collectors/file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/json.h"
#include "base/text.h"
#include "collectors/mention_lines.h"

namespace vigie {
namespace {

constexpr std::size_t kBatch = 500;         // mentions and rejects together
constexpr std::size_t kChunk = 256u << 10;  // read at once

// How far the file has been read, and which file it was.
struct Bookmark {
  std::uint64_t inode = 0, size = 0;  // size: when it was looked at last
  std::uint64_t offset = 0, line = 0;
  std::string header;  // of a CSV file
};

Bookmark bookmark_from(const Cursor& cursor) {
  Bookmark mark;
  if (cursor.value.empty()) return mark;
  const Result<json::Document> document = json::parse(cursor.value);
  if (!document) return mark;  // made by another version: read again, the store absorbs what comes twice
  const auto count = [&](std::string_view name) {
    const std::int64_t value = document->root().integer_or(name, 0);
    return value > 0 ? static_cast<std::uint64_t>(value) : 0;
  };
  return {count("inode"), count("size"), count("offset"), count("line"), document->root().text_or("header", "")};
}

Cursor cursor_of(const Bookmark& mark) {
  json::Writer out;
  out.begin_object();
  out.key("inode").integer(static_cast<std::int64_t>(mark.inode));
  out.key("size").integer(static_cast<std::int64_t>(mark.size));
  out.key("offset").integer(static_cast<std::int64_t>(mark.offset));
  out.key("line").integer(static_cast<std::int64_t>(mark.line));
  out.member_if("header", mark.header);
  out.end_object();
  return {out.take()};
}

class FileSource final : public LocalSource {
 public:
  explicit FileSource(const SourceSettings& settings) : id_(settings.id), path_(settings.url) {}

  Result<Batch> read(const Cursor& since, Time now) const override {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0) {
      return fail(ErrorKind::transient,
                  concat(path_, ": cannot be read (", std::strerror(errno), "); check the path and its permissions"));
    }
    if (!S_ISREG(status.st_mode))
      return fail(ErrorKind::denied, concat(path_, ": expected a file, found a folder or a device"));
    std::ifstream file(path_, std::ios::binary);
    if (!file)
      return fail(ErrorKind::transient,
                  concat(path_, ": cannot be read (", std::strerror(errno), "); check the path and its permissions"));

    Bookmark mark = bookmark_from(since);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    // Another file under the same name, or one that was emptied: from its start.
    if (mark.inode != status.st_ino || mark.offset > size) mark = Bookmark{};
    // A last line without an end may still be growing, unless nobody has touched it since the last look.
    const bool settled = mark.inode == status.st_ino && mark.size == size;
    mark.inode = status.st_ino;
    mark.size = size;
    file.seekg(static_cast<std::streamoff>(mark.offset));
    Result<Batch> batch = read_from(file, mark, settled);
    if (batch) batch->ingested = now;
    return batch;
  }

 private:
  Result<Batch> read_from(std::ifstream& file, Bookmark& mark, bool settled) const {
    RecordCutter cutter(mark.offset, mark.line);
    MentionLines lines(id_);
    if (mark.offset > 0) lines.resume(mark.header, cutter);
    Batch batch;
    batch.source = id_;
    std::string chunk(kChunk, '\0');
    while (!batch.more) {
      file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
      if (file.bad()) return fail(ErrorKind::transient, concat(path_, ": reading it failed; check the disk"));
      const auto got = static_cast<std::size_t>(file.gcount());
      cutter.append(std::string_view(chunk).substr(0, got));
      batch.more = take_whole(cutter, lines, batch);
      if (got == 0 || batch.more) break;
    }
    if (!batch.more) take_last(cutter, lines, settled, batch);
    for (Mention& mention : batch.mentions) mention.source = id_;
    mark.offset = cutter.offset();
    mark.line = cutter.line();
    mark.header = lines.header();
    batch.next = cursor_of(mark);
    return batch;
  }

  // Whether the batch is full.
  static bool take_whole(RecordCutter& cutter, MentionLines& lines, Batch& batch) {
    while (batch.mentions.size() + batch.rejected.size() < kBatch) {
      const std::optional<Record> record = cutter.next(false);
      if (!record) return false;
      lines.take(*record, cutter, batch);
    }
    return true;
  }

  static void take_last(RecordCutter& cutter, MentionLines& lines, bool settled, Batch& batch) {
    if (!settled && !lines.is_whole(cutter.rest())) return;
    while (const std::optional<Record> record = cutter.next(true)) lines.take(*record, cutter, batch);
  }

  const std::string id_, path_;
};

}  // namespace

struct MentionReader::Impl {
  RecordCutter cutter;
  MentionLines lines;
};

MentionReader::MentionReader(std::string default_source)
    : impl_(std::make_unique<Impl>(Impl{RecordCutter(), MentionLines(std::move(default_source))})) {}
MentionReader::~MentionReader() = default;

void MentionReader::feed(std::string_view bytes, bool last, Batch& batch) {
  impl_->cutter.append(bytes);
  while (const std::optional<Record> record = impl_->cutter.next(last))
    impl_->lines.take(*record, impl_->cutter, batch);
}

Result<std::unique_ptr<LocalSource>> open_file(const SourceSettings& settings) {
  if (settings.url.empty())
    return fail(ErrorKind::bad_config, concat(settings.id, ": url: expected the path of a file, found nothing"));
  return std::make_unique<FileSource>(settings);
}

}  // namespace vigie
