#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "alerts/message.h"
#include "tests/alerts/sample.h"
#include "tests/support/fake_http.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::ElementsAre, testing::HasSubstr;

class FileNotifier : public testing::Test {
 protected:
  Result<Sent> send(const Notification& owed, const std::string& folder) {
    EndpointSettings to = test::endpoint("file", "fr");
    to.folder = folder;
    return test::deliver(**make_notifier("file", {http_, clock_, mail_, "http://127.0.0.1:8080"}), owed, to);
  }
  std::set<std::string> names(const std::string& folder) {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      found.insert(entry.path().filename().string());
    return found;
  }
  static Notification owed(const std::string& purpose, const std::string& id) {
    Notification one = test::notification(purpose);
    one.id = id;
    return one;
  }

  test::TempDir dir_;
  MailSettings mail_;
  ManualClock clock_{test::at("2026-11-21T18:10:30Z")};
  test::FakeHttp http_{[](const HttpRequest&) { return test::reply(500, ""); }};
};

TEST_F(FileNotifier, WritesAMailAndAPageInOrder) {
  const std::string folder = dir_.file("outbox/mails");

  ASSERT_TRUE(send(owed("first", "a"), folder));
  ASSERT_TRUE(send(owed("resolved", "b"), folder));

  EXPECT_THAT(names(folder), ElementsAre("001-first-on-call.eml", "001-first-on-call.html", "002-resolved-on-call.eml",
                                         "002-resolved-on-call.html"));
  EXPECT_EQ(test::read_bytes(folder + "/001-first-on-call.html"),
            render_mail(owed("first", "a").document, "fr", "Europe/Paris")->html);
  EXPECT_THAT(test::read_bytes(folder + "/001-first-on-call.eml"), HasSubstr("\r\nX-Vigie-Notification: a\r\n"));
}

TEST_F(FileNotifier, WritesTheSameNotificationOnce) {
  const auto first = send(owed("first", "a"), dir_.path().string());
  const auto second = send(owed("first", "a"), dir_.path().string());

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->remote_id, second->remote_id);
  EXPECT_EQ(names(dir_.path().string()).size(), 2u);
}

TEST_F(FileNotifier, KeepsAnIdWithinTheFolder) {
  EndpointSettings to = test::endpoint("file", "fr");
  to.folder = dir_.file("mails");
  to.id = "../../escape";

  ASSERT_TRUE(test::deliver(**make_notifier("file", {http_, clock_, mail_, ""}), test::notification(), to));

  EXPECT_THAT(names(dir_.path().string()), ElementsAre("mails"));
}

TEST_F(FileNotifier, SaysWhereItCouldNotWrite) {
  const std::string file = dir_.write("a-file", "x");

  const auto sent = send(test::notification(), file);

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::denied);
  EXPECT_THAT(sent.error().what, HasSubstr("cannot write " + file));
}

}  // namespace
}  // namespace vigie
