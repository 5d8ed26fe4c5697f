#include "app/cmd_data.h"

#include <unistd.h>

#include <fstream>
#include <iostream>

#include "app/backends.h"
#include "app/exit.h"
#include "app/ingest.h"
#include "app/load.h"
#include "base/clock.h"
#include "base/secret.h"
#include "collectors/file.h"
#include "console/console.h"

namespace vigie {

namespace {

constexpr std::size_t kChunk = 256u << 10;
constexpr std::size_t kBatch = 500;
constexpr std::int64_t kMostTold = 20;

// How far an import has come, told once a second, or in place on a terminal.
class Progress {
 public:
  Progress(std::ostream& err, const Clock& clock) : err_(err), clock_(clock), last_(clock.now()), start_(last_), terminal_(isatty(STDERR_FILENO) == 1) {}
  void show(std::int64_t done, bool force = false) {
    const Time now = clock_.now();
    if (!force && now - last_ < seconds(1)) return;
    last_ = now;
    const double passed = std::max(1e-3, static_cast<double>((now - start_).count()) / 1e6);
    err_ << (terminal_ ? "\r" : "") << "imported " << done << " mentions, " << static_cast<std::int64_t>(static_cast<double>(done) / passed) << " a second"
         << (terminal_ && !force ? "" : "\n") << std::flush;
  }

 private:
  std::ostream& err_;
  const Clock& clock_;
  Time last_, start_;
  bool terminal_;
};

// One run of an import: bytes in, judged batches out.
class Importer {
 public:
  Importer(Store& store, const Pipeline& pipeline, const Clock& clock, std::ostream& err)
      : store_(store), pipeline_(pipeline), clock_(clock), err_(err), reader_("import"), progress_(err, clock) {}

  Result<void> feed(std::string_view bytes, bool last) {
    reader_.feed(bytes, last, pending_);
    if (last || pending_.mentions.size() >= kBatch || pending_.rejected.size() >= kBatch) TRY(flush());
    return {};
  }

  Result<void> flush() {
    JudgedBatch batch;
    batch.source = "import";
    batch.ingested = clock_.now();
    batch.history = true;
    for (Mention& mention : pending_.mentions) batch.mentions.push_back(pipeline_.judge(std::move(mention)));
    for (const Rejected& rejected : pending_.rejected) {
      if (++told_ <= kMostTold) err_ << "rejected: " << rejected.reason << "\n";
    }
    batch.rejected = std::move(pending_.rejected);
    pending_ = Batch{};
    if (batch.mentions.empty() && batch.rejected.empty()) return {};
    TRY(const CommitSummary done, store_.commit(batch));
    total.added += done.added;
    total.edited += done.edited;
    total.repeated += done.repeated;
    total.copies += done.copies;
    total.rejected += done.rejected;
    read_ += static_cast<std::int64_t>(batch.mentions.size());
    progress_.show(read_);
    return {};
  }

  CommitSummary total;

 private:
  Store& store_;
  const Pipeline& pipeline_;
  const Clock& clock_;
  std::ostream& err_;
  MentionReader reader_;
  Progress progress_;
  Batch pending_;
  std::int64_t read_ = 0;
  std::int64_t told_ = 0;  // rejects whose reason was printed
};

// The place reached in a file, kept in the store so that an interrupted import goes on from the last whole line that was committed.
std::string place_key(const std::string& path) { return concat("import:", to_hex(sha256(path)).substr(0, 16)); }

Result<void> import_stream(Importer& importer, std::istream& in, Store* store, const std::string& key, std::int64_t offset) {
  std::string chunk(kChunk, '\0');
  std::string line_rest;
  while (in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    std::string_view got(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (got.empty()) break;
    offset += static_cast<std::int64_t>(got.size());
    // Cut at the last line end, so that the place saved is always the start of a line.
    const std::size_t end = got.rfind('\n');
    if (store == nullptr || end == std::string_view::npos) {
      TRY(importer.feed(got, false));
      continue;
    }
    TRY(importer.feed(got.substr(0, end + 1), false));
    TRY(importer.flush());
    TRY(store->set_setting(key, std::to_string(offset - static_cast<std::int64_t>(got.size() - end - 1))));
    TRY(importer.feed(got.substr(end + 1), false));
  }
  TRY(importer.feed("", true));
  TRY(importer.flush());
  return {};
}

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

Result<CommitSummary> import_all(const std::string& config, const std::string& target, std::istream& in, std::ostream& err) {
  TRY(Opened it, open_installation(config));
  TRY(const std::unique_ptr<Pipeline> pipeline, Pipeline::make(it.settings.brands, it.settings.sources));
  const SystemClock clock;
  Importer importer(*it.store, *pipeline, clock, err);
  if (target == "-") {
    TRY(import_stream(importer, in, nullptr, "", 0));
    return importer.total;
  }
  std::ifstream file(target, std::ios::binary);
  if (!file) return fail(ErrorKind::bad_data, concat(target, ": cannot be read; check the path and its permissions"));
  const std::string key = place_key(target);
  TRY(const std::string saved, it.store->get_setting(key));
  std::int64_t offset = 0;
  file.seekg(0, std::ios::end);
  if (!saved.empty()) offset = std::stoll(saved);
  if (offset > static_cast<std::int64_t>(file.tellg())) offset = 0;  // another file by the same name
  if (offset > 0) err << target << ": going on after " << offset << " bytes\n";
  file.seekg(offset);
  TRY(import_stream(importer, file, it.store.get(), key, offset));
  TRY(it.store->set_setting(key, ""));  // done: the next import of it starts at its beginning, and finds only repeats
  return importer.total;
}

Result<std::int64_t> export_all(const std::string& config, std::ostream& out) {
  TRY(const Opened it, open_installation(config));
  std::int64_t seq = 0, count = 0;
  for (;;) {
    TRY(const std::vector<StoredMention> page, it.store->mentions_after(seq, 1000));
    if (page.empty()) return count;
    for (const StoredMention& stored : page) {
      out << to_json(stored.mention) << "\n";
      seq = stored.seq;
      ++count;
    }
    if (!out) return fail(ErrorKind::denied, "writing failed; is the disk full?");
  }
}

}  // namespace

int cmd_import(const std::string& config, const std::string& target, std::istream& in, std::ostream& out, std::ostream& err) {
  const Result<CommitSummary> total = import_all(config, target, in, err);
  if (!total) return report(err, "import", total.error());
  out << "new " << total->added << ", edited " << total->edited << ", already known " << total->repeated << ", copies of others " << total->copies
      << ", rejected " << total->rejected << "\n";
  if (total->rejected > 0) err << "vigie import: " << total->rejected << " lines were rejected; they are kept with their reasons, mend and import them again\n";
  return total->rejected > 0 ? kAnswerIsNo : kDone;
}

int cmd_export(const std::string& config, const std::string& target, std::ostream& out, std::ostream& err) {
  std::ofstream file;
  if (target != "-") {
    file.open(target, std::ios::binary | std::ios::trunc);
    if (!file) return report(err, "export", {ErrorKind::denied, concat(target, ": cannot be written; check the path and its permissions"), {}});
  }
  const Result<std::int64_t> count = export_all(config, target == "-" ? out : file);
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
