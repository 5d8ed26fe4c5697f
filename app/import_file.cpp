#include "app/import_file.h"

#include "base/json.h"

namespace vigie {
namespace {

constexpr std::size_t kChunk = 256u << 10;
constexpr std::uint64_t kBatchBytes = 8u << 20;  // of the file: long lines make small batches

}  // namespace

std::string to_json(const ImportPlace& place) {
  json::Writer out;
  out.begin_object();
  out.key("inode").integer(static_cast<std::int64_t>(place.inode));
  out.key("offset").integer(static_cast<std::int64_t>(place.offset));
  out.key("line").integer(static_cast<std::int64_t>(place.line));
  out.member_if("header", place.header).end_object();
  return out.take();
}

ImportPlace import_place_from(std::string_view text) {
  const Result<json::Document> document = json::parse(text);
  if (!document) return {};
  const auto count = [&](std::string_view name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, document->root().integer_or(name, 0)));
  };
  return {count("inode"), count("offset"), count("line"), document->root().text_or("header", "")};
}

ImportFile::ImportFile(std::istream& in, const ImportPlace& place, ColumnNames names)
    : in_(in),
      place_(place),
      named_(!names.empty()),
      cutter_(place.offset, place.line),
      lines_("import", std::move(names)) {
  if (place.offset > 0) lines_.resume(place.header, cutter_);
}

Result<bool> ImportFile::next(std::size_t most, Batch& batch) {
  std::string chunk;
  const std::uint64_t begin = cutter_.offset();
  while (batch.mentions.size() + batch.rejected.size() < most && cutter_.offset() - begin < kBatchBytes) {
    if (const std::optional<Record> record = cutter_.next(ended_)) {
      lines_.take(*record, cutter_, batch);
      TRY(check_columns());
      continue;
    }
    if (ended_) return false;
    chunk.resize(kChunk);
    in_.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const auto got = static_cast<std::size_t>(in_.gcount());
    if (in_.bad()) return fail(ErrorKind::denied, "reading failed; check the disk");
    ended_ = got == 0;
    cutter_.append(std::string_view(chunk).substr(0, got));
  }
  return true;
}

Result<void> ImportFile::check_columns() const {
  if (!named_) return {};
  const std::vector<std::string> missing = lines_.missing();
  if (missing.empty()) return {};
  return fail(ErrorKind::bad_data,
              concat("expected a column named \"", missing.front(), "\" (--map), found none in the first line",
                     lines_.header().empty() ? "" : concat(": ", lines_.header())));
}

ImportPlace ImportFile::place() const { return {place_.inode, cutter_.offset(), cutter_.line(), lines_.header()}; }

}  // namespace vigie
