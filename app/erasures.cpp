#include "app/erasures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "pipeline/rules.h"
#include "pipeline/taxonomy.h"
#include "store/reviews.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;

constexpr Duration kWatchTakes = seconds(10);  // a running watch forgets within a second or two
constexpr Duration kLooksAgain = seconds(45);  // longer than a message is on its way
constexpr Duration kGlance = seconds(2), kAfterFailure = seconds(15);  // the file is written whole each time
constexpr std::size_t kHeaderBytes = 4096;  // of a message written as a file, where its id stands

bool tells_of(const fs::path& mail, const std::vector<std::string>& messages) {
  std::ifstream file(mail, std::ios::binary);
  std::string head(kHeaderBytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return std::any_of(messages.begin(), messages.end(), [&](const std::string& id) {
    return head.find(concat("\r\nX-Vigie-Notification: ", id, "\r\n")) != std::string::npos;
  });
}

// The mail and the page beside it.
Result<void> remove_message(const fs::path& mail) {
  fs::path page = mail;
  page.replace_extension(".html");
  for (const fs::path& path : {page, mail}) {
    std::error_code error;
    fs::remove(path, error);
    if (error)
      return fail(ErrorKind::denied, concat(path.string(), ": cannot be removed (", error.message(),
                                            "); it tells of something that was erased: remove it"));
  }
  return {};
}

Result<void> remove_messages(const fs::path& folder, const std::vector<std::string>& messages) {
  std::error_code error;
  std::vector<fs::path> mails;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".eml" && tells_of(entry->path(), messages)) mails.push_back(entry->path());
  }
  for (const fs::path& mail : mails) TRY(remove_message(mail));
  return {};  // no folder: nothing was written
}

}  // namespace

Result<void> Erasures::step(ErasureWork& work, ErasureStep to) {
  TRY(store_.reviews().privacy().advance(work.number, work.step, to));
  work.step = to;
  return {};
}

// What lies outside its rows: the watch's words, files.
Result<void> Erasures::forget_outside(ErasureWork& work) {
  if (work.step == ErasureStep::watch) {
    if (work.seq && clock_.now() < work.asked + kWatchTakes) return {};
    if (work.seq) TRY(forget_words(work));
    TRY(step(work, ErasureStep::files));
  }
  if (work.step != ErasureStep::files) return {};
  TRY(remove_files(work));
  return step(work, ErasureStep::bytes);
}

Result<bool> Erasures::look_again(ErasureWork& work) {
  if (work.step != ErasureStep::look || clock_.now() < work.asked + kLooksAgain) return false;
  TRY(const bool found, store_.reviews().privacy().look_again(work.number));
  TRY(remove_files(work));  // of a message that was on its way
  TRY(step(work, found ? ErasureStep::files : ErasureStep::done));
  return !found;
}

Result<bool> Erasures::tick() {
  PrivacyStore& privacy = store_.reviews().privacy();
  TRY(std::vector<ErasureWork> all, privacy.unfinished());
  for (ErasureWork& work : all) TRY(forget_outside(work));
  // Once for all of them, and behind the last: forgetting one's words writes a state anew whose old bytes hold
  // another's.
  const auto in_the_file = [](const ErasureWork& work) { return work.step == ErasureStep::bytes; };
  if (std::any_of(all.begin(), all.end(), in_the_file)) TRY(privacy.purge());
  bool done = true;
  for (ErasureWork& work : all) {
    if (in_the_file(work)) TRY(step(work, ErasureStep::look));
    TRY(const bool over, look_again(work));
    done = done && over;
  }
  return done;
}

void Erasures::run(const std::stop_token& stop, Pulse& pulse) {
  const std::stop_callback wake(stop, [&pulse] { pulse.notify(); });
  while (!stop.stop_requested()) {
    const Result<bool> done = tick();
    if (!done)
      log::warn("erasures", "a trace of something erased could not be removed yet; trying again",
                {{"error", done.error().what}});
    pulse.wait(done ? kGlance : kAfterFailure);
  }
}

// No watch is running: its state is cleaned where it is kept.
Result<void> Erasures::forget_words(const ErasureWork& work) {
  TRY(const std::optional<WatchState> saved, store_.watch_state());
  if (!saved) return {};
  config::Problems told;
  const std::unique_ptr<Rules> rules = make_rules(settings_, Taxonomy::with(settings_.theme_files, told).ids());
  WatchCommit commit;
  commit.offset = saved->offset;
  commit.verdicts = saved->verdicts;
  commit.acts = saved->acts;
  // A state of another version is learnt anew from the stored mentions by the next watch: nothing of it is needed.
  if (rules->restore(saved->state)) {
    rules->forget(*work.seq);
    commit.state = rules->save();
  }
  return store_.commit_watch(commit);
}

Result<void> Erasures::remove_files(const ErasureWork& work) {
  if (work.messages.empty()) return {};
  for (const EndpointSettings& endpoint : settings_.endpoints) {
    if (endpoint.kind == "file") TRY(remove_messages(endpoint.folder, work.messages));
  }
  return {};
}

}  // namespace vigie
