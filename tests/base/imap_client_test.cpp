// The mailbox door against Debian's Dovecot, and against servers that mean harm.

#include "base/imap_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/json.h"
#include "tests/base/certificates.h"
#include "tests/base/sockets.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace vigie {
namespace {

using test::Authority;
using test::RawServer;
using test::Socket;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kCanary = "canary-5521";

// One client on which tests wait for one answer at a time.
struct Door {
  explicit Door(HttpOptions options) : client(make_imap_client(std::move(options), metrics)) {}
  Result<ImapReply> ask(ImapRequest request) {
    std::optional<Result<ImapReply>> result;
    client->start(std::move(request), [&](Result<ImapReply> reply) { result = std::move(reply); });
    while (!result) client->poll(seconds(1));
    return *std::move(result);
  }

  Metrics metrics;
  std::unique_ptr<ImapClient> client;
};

HttpOptions allowing(int port, std::string ca_file = "") {
  HttpOptions options;
  options.allow_private = {concat("127.0.0.1:", std::to_string(port))};
  options.ca_file = std::move(ca_file);
  return options;
}

ImapRequest search_at(int port, ImapTls tls, std::string password) {
  ImapRequest request;
  request.account.host = "127.0.0.1";
  request.account.port = port;
  request.account.tls = tls;
  request.account.user = "care";
  request.account.password = std::move(password);
  request.command = "UID SEARCH UID 1:*";
  return request;
}

class Dovecot : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/sbin/dovecot")) GTEST_SKIP() << "Debian's dovecot-imapd is not here";
    test::CertificateWish wish;
    wish.name = "server";
    wish.subject_alternative = "IP:127.0.0.1";
    const test::Certificate certificate = authority_.issue(wish);
    server_.emplace(std::vector<std::string>{"/usr/bin/python3", test::source_path("tests/support/dovecot.py").string(),
                                             folder_.file("dovecot"), certificate.certificate_file,
                                             certificate.key_file});
    ASSERT_TRUE(server_->says("}")) << server_->err();
    const Result<json::Document> ports = json::parse(server_->out());
    ASSERT_TRUE(ports);
    imap_ = static_cast<int>(ports->root().integer_or("imap", 0));
    imaps_ = static_cast<int>(ports->root().integer_or("imaps", 0));
  }

  ImapRequest request(std::string password = "open sesame") const {
    return search_at(imaps_, ImapTls::tls, std::move(password));
  }
  Result<ImapReply> ask(ImapRequest what) { return Door(allowing(what.account.port, authority_.file())).ask(what); }

  test::TempDir folder_;
  Authority authority_{folder_.path()};
  std::optional<test::Process> server_;
  int imap_ = 0, imaps_ = 0;
};

TEST_F(Dovecot, AnswersASearchAndSaysHowItsMailsAreNumbered) {
  const Result<ImapReply> reply = ask(request());

  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_THAT(reply->lines, testing::Contains(HasSubstr("[UIDVALIDITY ")));
}

TEST_F(Dovecot, UpgradesToTlsWhenAsked) {
  const Result<ImapReply> reply = ask(search_at(imap_, ImapTls::starttls, "open sesame"));

  ASSERT_TRUE(reply) << reply.error().what;
}

TEST_F(Dovecot, RefusesAWrongPasswordWhichIsNotShown) {
  const Result<ImapReply> reply = ask(request(std::string(kCanary)));

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), "denied");
  EXPECT_THAT(reply.error().what, HasSubstr("does not accept user \"care\""));
  EXPECT_THAT(reply.error().what, Not(HasSubstr(std::string(kCanary))));
}

TEST_F(Dovecot, HasNoSuchMailbox) {
  ImapRequest wanted = request();
  wanted.account.mailbox = "Nowhere";

  const Result<ImapReply> reply = ask(wanted);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), "denied");
  EXPECT_THAT(reply.error().what, HasSubstr("no mailbox \"Nowhere\""));
}

TEST_F(Dovecot, SaysThatAMissingMailIsGone) {
  ImapRequest wanted = request();
  wanted.command.clear();
  wanted.uid = 9999;
  wanted.uid_validity = 1;

  const Result<ImapReply> reply = ask(wanted);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), "gone");
}

TEST_F(Dovecot, IsNotBelievedWithoutACertificateWeTrust) {
  const Result<ImapReply> reply = Door(allowing(imaps_)).ask(request());

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), "denied");
  EXPECT_THAT(reply.error().what, HasSubstr("ca_file"));
}

TEST(ImapClient, CallsNoPrivateAddress) {
  Door door{HttpOptions{}};

  for (const char* host : {"127.0.0.1", "localhost", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"}) {
    ImapRequest wanted = search_at(993, ImapTls::tls, "x");
    wanted.account.host = host;

    const Result<ImapReply> reply = door.ask(wanted);

    ASSERT_FALSE(reply) << host;
    EXPECT_EQ(to_text(reply.error().kind), "denied") << host << ": " << reply.error().what;
  }
}

TEST(ImapClient, SendsNoPasswordWhereNoEncryptionIsOffered) {
  std::string heard;
  RawServer server([&](Socket& client) {
    client.send("* OK ready\r\n");
    client.send("* CAPABILITY IMAP4rev1\r\nA001 OK done\r\n");
    client.end_sending();
    heard = client.read_all();
  });

  const Result<ImapReply> reply =
      Door(allowing(server.port())).ask(search_at(server.port(), ImapTls::starttls, std::string(kCanary)));

  ASSERT_FALSE(reply);
  EXPECT_THAT(heard, Not(HasSubstr(std::string(kCanary))));
}

TEST(ImapClient, TakesNoGarbageForAMailbox) {
  RawServer server([](Socket& client) { client.send("HTTP/1.1 200 OK\r\n\r\n<html>"); });

  const Result<ImapReply> reply = Door(allowing(server.port())).ask(search_at(server.port(), ImapTls::none, "x"));

  ASSERT_FALSE(reply);
}

TEST(ImapClient, GivesUpOnAServerThatNeverAnswers) {
  RawServer server([](Socket& client) { client.closed_by_peer(); });
  ImapRequest wanted = search_at(server.port(), ImapTls::none, "x");
  wanted.timeout = milliseconds(300);

  const Result<ImapReply> reply = Door(allowing(server.port())).ask(wanted);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), "transient");
  EXPECT_THAT(reply.error().what, HasSubstr("no whole answer"));
}

// Says yes to every command, and sends `talk` in answer to the one that holds `word`.
RawServer mailbox_saying(std::string word, std::string talk) {
  return RawServer([word = std::move(word), talk = std::move(talk)](Socket& client) {
    client.send("* OK ready\r\n");
    for (std::string line = client.read_line(); !line.empty(); line = client.read_line()) {
      const std::string tag = line.substr(0, line.find(' '));
      if (line.find(word) != std::string::npos) client.send(talk);
      if (line.find("SELECT") != std::string::npos) client.send("* OK [UIDVALIDITY 1] x\r\n");
      client.send(concat(tag, " OK done\r\n"));
    }
  });
}

TEST(ImapClient, LetsNoMoreOfAMailInThanItAskedFor) {
  const RawServer server =
      mailbox_saying("FETCH", concat("* 1 FETCH (BODY[] {100000000}\r\n", std::string(1 << 20, 'x')));
  ImapRequest wanted = search_at(server.port(), ImapTls::none, "x");
  wanted.command.clear();
  wanted.uid = wanted.uid_validity = 1;
  wanted.max_bytes = 1000;

  const Result<ImapReply> reply = Door(allowing(server.port())).ask(wanted);

  ASSERT_FALSE(reply);
  EXPECT_EQ(to_text(reply.error().kind), "bad_data");
  EXPECT_THAT(reply.error().what, HasSubstr("larger than the 1000 bytes"));
}

TEST(ImapClient, ListensToEndlessTalkOnlySoLong) {
  std::string talk;
  for (int i = 0; i < 10'000; ++i)
    talk += concat("* ", std::to_string(i), " EXISTS and more of it, so that it adds up\r\n");
  const RawServer server = mailbox_saying("SEARCH", std::move(talk));

  const Result<ImapReply> reply = Door(allowing(server.port())).ask(search_at(server.port(), ImapTls::none, "x"));

  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().what, HasSubstr("256 KiB"));
}

}  // namespace
}  // namespace vigie
