// A sender killed with -9 at every step of one message's way: nothing is lost, and at most one message comes twice.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "store/sql_store.h"
#include "store/sqlite.h"
#include "tests/outbox/bench.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using namespace test;

void die() { ::kill(::getpid(), SIGKILL); }

// A driver that dies at a commit: before it is made, or after.
class DyingDriver final : public Driver {
 public:
  DyingDriver(std::unique_ptr<Driver> driver, int commit, bool before)
      : driver_(std::move(driver)), left_(commit), before_(before) {}

  Result<Query> prepare(std::string_view sql) override { return driver_->prepare(sql); }
  Result<void> run_script(const std::string& sql) override { return driver_->run_script(sql); }
  std::int64_t changes() const override { return driver_->changes(); }
  Result<void> begin(Durability durability) override { return driver_->begin(durability); }
  Result<void> commit() override {
    const bool now = --left_ == 0;
    if (now && before_) die();
    Result<void> done = driver_->commit();
    if (now) die();
    return done;
  }
  void rollback() override { driver_->rollback(); }
  Result<void> add_words(std::int64_t seq, std::string_view title, std::string_view text) override {
    return driver_->add_words(seq, title, text);
  }
  Result<void> remove_words(std::int64_t seq, std::string_view title, std::string_view text) override {
    return driver_->remove_words(seq, title, text);
  }
  Result<std::string> search_expression(std::string_view words) override { return driver_->search_expression(words); }
  std::string_view search_condition() const override { return driver_->search_condition(); }
  Result<void> tidy() override { return driver_->tidy(); }
  Result<std::int64_t> version() override { return driver_->version(); }
  Result<void> purge() override { return driver_->purge(); }

 private:
  std::unique_ptr<Driver> driver_;
  int left_;
  bool before_;
};

struct Point {
  const char* name;
  int commit;  // the sender's first, second or third: claim, bytes, outcome; 0: none
  bool before = false;
  bool at_remote = false, taken = false;  // within the send: before or after the remote has it
};

const Point kPoints[] = {{"BeforeTheClaimIsKept", 1, true},
                         {"AfterTheClaim", 1},
                         {"BeforeTheBytesAreKept", 2, true},
                         {"AfterTheBytesAreKept", 2},
                         {"BeforeTheRemoteHasIt", 0, false, true, false},
                         {"AfterTheRemoteHasIt", 0, false, true, true},
                         {"BeforeTheOutcomeIsKept", 3, true},
                         {"AfterTheOutcome", 3}};

class KilledSender : public testing::TestWithParam<Point>, protected OutboxBench {
 protected:
  KilledSender() {
    settings.endpoints = {endpoint("mail", "")};
    open(url_);
  }

  // What the remote has taken stands in a file, so that it outlives the sender.
  void journal() {
    remotes["mail"].always.after = [this] {
      std::ofstream(journal_, std::ios::app) << remotes["mail"].current << "\n";
    };
  }
  std::vector<std::string> taken() {
    std::vector<std::string> ids;
    std::ifstream file(journal_);
    for (std::string line; std::getline(file, line);) ids.push_back(line);
    return ids;
  }

  [[noreturn]] void send_and_die(const Point& point) {
    auto driver = open_sqlite_driver(path_);
    if (!driver) ::_exit(2);
    store = std::make_unique<SqlStore>(std::make_unique<DyingDriver>(*std::move(driver), point.commit, point.before));
    journal();
    if (point.at_remote && !point.taken) remotes["mail"].always.before = die;
    if (point.at_remote && point.taken) {
      remotes["mail"].always.after = [write = remotes["mail"].always.after] {
        write();
        die();
      };
    }
    (void)sender().tick();
    ::_exit(1);
  }

  const TempDir dir_;
  const std::string path_ = dir_.file("vigie.db"), url_ = concat("sqlite:", path_), journal_ = dir_.file("taken");
};

TEST_P(KilledSender, LosesNothingAndDoublesAtMostOneMessage) {
  owe({owed("first", 1), owed("worse", 2)});
  store.reset();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) send_and_die(GetParam());
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);

  open(url_);
  journal();
  send_all();
  after(minutes(1));

  std::vector<std::string> ids = taken();
  const bool twice = ids.size() == 3;
  EXPECT_LE(ids.size(), 3u);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  EXPECT_THAT(ids, testing::ElementsAre("incident-1-1-first-mail", "incident-1-2-worse-mail"));
  EXPECT_EQ(state("incident-1-1-first-mail"), NotificationState::sent);
  EXPECT_EQ(state("incident-1-2-worse-mail"), NotificationState::sent);
  const bool between = std::string_view(GetParam().name) == "AfterTheRemoteHasIt" ||
                       std::string_view(GetParam().name) == "BeforeTheOutcomeIsKept";
  EXPECT_EQ(twice, between) << "only between the remote's yes and our own note of it";
}

INSTANTIATE_TEST_SUITE_P(At, KilledSender, testing::ValuesIn(kPoints),
                         [](const testing::TestParamInfo<Point>& at) { return at.param.name; });

}  // namespace
}  // namespace vigie
