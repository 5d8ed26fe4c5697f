#include "app/cmd_data.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/backends.h"
#include "app/exit.h"
#include "app/import_file.h"
#include "app/load.h"
#include "app/own_scorer.h"
#include "app/progress.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "collectors/mention_csv.h"
#include "console/console.h"
#include "pipeline/pipeline.h"

namespace vigie {

namespace {

constexpr std::size_t kBatch = 4000;  // a transaction: the search index costs a third less than with 500
constexpr int kPage = 1000;
constexpr std::int64_t kMostTold = 20;

struct Opened {
  Settings settings;
  std::unique_ptr<Store> store;
};

Result<Opened> open_installation(const std::string& config) {
  Opened opened;
  TRY(opened.settings, load_settings(config));
  TRY(opened.store, open_store(opened.settings));
  return opened;
}

int report(std::ostream& err, std::string_view command, const Error& error) {
  err << "vigie " << command << ": " << error.what << "\n";
  return exit_status(error);
}

// --- import

Result<ColumnNames> column_names(const std::vector<std::string>& given) {
  ColumnNames names;
  for (const std::string& pair : given) {
    const std::size_t equal = pair.find('=');
    const std::string field = ascii_lower(pair.substr(0, equal));
    if (equal == std::string::npos || equal + 1 == pair.size()) {
      return fail(ErrorKind::bad_data,
                  concat("--map: expected FIELD=COLUMN, such as text=Comment, found \"", pair, "\""));
    }
    if (!is_mention_column(field)) {
      return fail(ErrorKind::bad_data,
                  concat("--map: expected a field of a mention (", csv_header(), "), found \"", field, "\""));
    }
    names[field] = pair.substr(equal + 1);
  }
  return names;
}

// Judges what was read and commits it; sums up.
class Importer {
 public:
  Importer(Store& store, const Pipeline& pipeline, const Clock& clock, std::ostream& err)
      : store_(store), pipeline_(pipeline), clock_(clock), err_(err) {}

  Result<void> take(Batch read) {
    JudgedBatch batch;
    batch.source = "import";
    batch.ingested = clock_.now();
    batch.history = true;
    for (Mention& mention : read.mentions) batch.mentions.push_back(pipeline_.judge(std::move(mention)));
    for (const Rejected& rejected : read.rejected) {
      if (++told_ <= kMostTold) err_ << "rejected: " << rejected.reason << "\n";
    }
    batch.rejected = std::move(read.rejected);
    if (batch.mentions.empty() && batch.rejected.empty()) return {};
    TRY(const CommitSummary done, store_.commit(batch));
    total.added += done.added;
    total.edited += done.edited;
    total.repeated += done.repeated;
    total.copies += done.copies;
    total.rejected += done.rejected;
    mentions += static_cast<std::int64_t>(batch.mentions.size());
    return {};
  }

  CommitSummary total;
  std::int64_t mentions = 0;

 private:
  Store& store_;
  const Pipeline& pipeline_;
  const Clock& clock_;
  std::ostream& err_;
  std::int64_t told_ = 0;  // rejects whose reason was printed
};

// The place reached in a file, kept in the store behind what was committed: an import that was killed goes on from
// there, and what it repeats the store knows.
class Resume {
 public:
  Resume(Store& store, const std::string& path)
      : store_(store), key_(concat("import:", to_hex(sha256(path)).substr(0, 16))) {}

  Result<ImportPlace> load(const struct stat& file) const {
    TRY(const std::string saved, store_.get_setting(key_));
    ImportPlace place = import_place_from(saved);
    const bool same = place.inode == file.st_ino && place.offset <= static_cast<std::uint64_t>(file.st_size);
    if (!same) place = {};
    place.inode = file.st_ino;
    return place;
  }
  Result<void> save(const ImportPlace& place) { return store_.set_setting(key_, to_json(place)); }
  // The next import of it starts at its beginning, and finds only repeats.
  Result<void> finish() { return store_.set_setting(key_, ""); }

 private:
  Store& store_;
  const std::string key_;
};

Result<void> import_stream(std::istream& in, const ImportPlace& start, ColumnNames names, Importer& importer,
                           Progress& progress, Resume* resume) {
  ImportFile records(in, start, std::move(names));
  for (bool more = true; more;) {
    Batch batch;
    TRY(more, records.next(kBatch, batch));
    TRY(importer.take(std::move(batch)));
    if (resume) TRY(resume->save(records.place()));
    progress.show(importer.mentions, records.place().offset);
  }
  return {};
}

Result<CommitSummary> import_all(const ImportOptions& options, std::istream& in, std::ostream& err) {
  TRY(ColumnNames names, column_names(options.map));
  TRY(Opened it, open_installation(options.config));
  TRY(const std::unique_ptr<Pipeline> pipeline,
      Pipeline::make(it.settings.brands, it.settings.sources, it.settings.theme_files,
                     std::make_shared<OwnScorer>(it.settings)));
  const SystemClock clock;
  Importer importer(*it.store, *pipeline, clock, err);
  if (options.target == "-") {
    Progress progress(err, clock, "imported", 0);
    TRY(import_stream(in, {}, std::move(names), importer, progress, nullptr));
    return importer.total;
  }
  std::ifstream file(options.target, std::ios::binary);
  struct stat status {};
  if (!file || ::stat(options.target.c_str(), &status) != 0) {
    return fail(ErrorKind::bad_data, concat(options.target, ": cannot be read; check the path and its permissions"));
  }
  Resume resume(*it.store, options.target);
  TRY(const ImportPlace place, resume.load(status));
  if (place.offset > 0) err << options.target << ": going on after line " << place.line << "\n";
  file.seekg(static_cast<std::streamoff>(place.offset));
  Progress progress(err, clock, "imported", static_cast<std::uint64_t>(status.st_size));
  TRY(import_stream(file, place, std::move(names), importer, progress, &resume));
  TRY(resume.finish());
  return importer.total;
}

// --- export

std::string line_of(const Mention& mention, bool csv) { return csv ? csv_record(mention) : to_json(mention); }

// Mentions behind `seq`, a page at a time; `after_page` is told the last seq written.
template <class AfterPage>
Result<std::int64_t> write_mentions(Store& store, std::ostream& out, bool csv, std::int64_t seq, Progress& progress,
                                    AfterPage after_page) {
  if (csv && seq == 0) out << csv_header() << "\r\n";
  for (std::int64_t count = 0;;) {
    TRY(const std::vector<StoredMention> page, store.mentions_after(seq, kPage));
    for (const StoredMention& stored : page) out << line_of(stored.mention, csv) << (csv ? "\r\n" : "\n");
    out.flush();
    if (!out) return fail(ErrorKind::denied, "writing failed; is the disk full?");
    if (page.empty()) return count;
    seq = page.back().seq;
    count += static_cast<std::int64_t>(page.size());
    TRY(after_page(seq));
    progress.show(count, 0);
  }
}

// An export under way: FILE.part, and beside it how far it is known to be whole.
class PartFile {
 public:
  explicit PartFile(const std::string& target)
      : target_(target), part_(concat(target, ".part")), place_(concat(target, ".part.place")) {}

  // The seq to go on behind; 0 = from the beginning.
  Result<std::int64_t> open(std::ofstream& out, std::ostream& err) {
    std::int64_t seq = 0;
    std::uintmax_t bytes = 0;
    std::error_code error;
    const bool known = static_cast<bool>(std::ifstream(place_) >> seq >> bytes) &&
                       std::filesystem::file_size(part_, error) >= bytes && !error;
    if (!known) seq = 0;
    if (known) std::filesystem::resize_file(part_, bytes, error);
    out.open(part_, std::ios::binary | (known ? std::ios::app : std::ios::trunc));
    if (!out || error)
      return fail(ErrorKind::denied, concat(part_, ": cannot be written; check the path and its permissions"));
    if (seq > 0) err << part_ << ": going on behind " << bytes << " bytes\n";
    return seq;
  }

  Result<void> reached(std::int64_t seq) const {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(part_, error);
    const std::string fresh = concat(place_, ".new");
    std::ofstream(fresh, std::ios::trunc) << seq << " " << bytes << "\n";
    if (!error) std::filesystem::rename(fresh, place_, error);
    if (error) return fail(ErrorKind::denied, concat(place_, ": cannot be written: ", error.message()));
    return {};
  }

  Result<void> finish() const {
    std::error_code error;
    std::filesystem::rename(part_, target_, error);
    if (error) return fail(ErrorKind::denied, concat(target_, ": cannot be written: ", error.message()));
    std::filesystem::remove(place_, error);
    return {};
  }

 private:
  const std::string target_, part_, place_;
};

Result<std::int64_t> export_all(const ExportOptions& options, std::ostream& out, std::ostream& err) {
  const bool csv = options.csv || ascii_lower(options.target).ends_with(".csv");
  TRY(const Opened it, open_installation(options.config));
  const SystemClock clock;
  Progress progress(err, clock, "exported", 0);
  if (options.target == "-") {
    return write_mentions(*it.store, out, csv, 0, progress, [](std::int64_t) { return Result<void>(); });
  }
  PartFile part(options.target);
  std::ofstream file;
  TRY(const std::int64_t from, part.open(file, err));
  TRY(const std::int64_t count,
      write_mentions(*it.store, file, csv, from, progress, [&](std::int64_t seq) { return part.reached(seq); }));
  file.close();
  TRY(part.finish());
  return count;
}

}  // namespace

int cmd_import(const ImportOptions& options, std::istream& in, std::ostream& out, std::ostream& err) {
  const Result<CommitSummary> total = import_all(options, in, err);
  if (!total) return report(err, "import", total.error());
  out << "new " << total->added << ", edited " << total->edited << ", already known " << total->repeated
      << ", copies of others " << total->copies << ", rejected " << total->rejected << "\n";
  if (total->rejected > 0)
    err << "vigie import: " << total->rejected
        << " lines were rejected; they are kept with their reasons, mend and import them again\n";
  return total->rejected > 0 ? kAnswerIsNo : kDone;
}

int cmd_export(const ExportOptions& options, std::ostream& out, std::ostream& err) {
  const Result<std::int64_t> count = export_all(options, out, err);
  if (!count) return report(err, "export", count.error());
  err << "exported " << *count << " mentions\n";
  return kDone;
}

int cmd_login(const std::string& config, std::ostream& out, std::ostream& err) {
  const SystemClock clock;
  Result<Opened> it = open_installation(config);
  if (!it) return report(err, "login", it.error());
  const Result<std::string> link = make_login_link(it->settings, *it->store, clock);
  if (!link) return report(err, "login", link.error());
  out << *link << "\n";
  return kDone;
}

}  // namespace vigie
