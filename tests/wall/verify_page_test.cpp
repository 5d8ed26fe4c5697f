#include "wall/verify_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/embedded.h"
#include "tests/support/catalogue.h"
#include "tests/wall/gzipped.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::size_t kMostScript = 3 * 1024;  // gzipped

class VerifyPage : public testing::Test {
 protected:
  VerifyPage() {
    settings.brands = {{"acme", "Acme & Sons", "\"Acme\"", "fr"}};
    settings.serve.public_url = "https://avis.example";
  }
  std::optional<ServerReply> get(const std::string& path, const std::string& language = "en") {
    ServerRequest request;
    request.method = "GET";
    request.path = path;
    request.query = {{"lang", language}};
    return VerifyPages(settings).answer(request);
  }
  static std::string header(const ServerReply& reply, std::string_view name) {
    for (const Header& one : reply.headers) {
      if (one.first == name) return one.second;
    }
    return "";
  }

  Settings settings;
};

TEST_F(VerifyPage, ScriptFitsInThreeKilobytes) {
  const auto script = embedded("wall/assets/verify.js");
  ASSERT_TRUE(script);
  EXPECT_LE(test::gzipped_size(*script), kMostScript);
  EXPECT_THAT(std::string(*script),
              AllOf(Not(HasSubstr("innerHTML")), Not(HasSubstr("import ")), Not(HasSubstr("</"))));
}

TEST_F(VerifyPage, SaysAsOfWhenWhereTheClockIsNotTheWorlds) {
  const ManualClock clock(parse_rfc3339("2026-11-16T01:00:00.5Z").value());
  ServerRequest request;
  request.method = "GET";
  request.path = "/wall/acme/verify";

  EXPECT_THAT(VerifyPages(settings, &clock).answer(request)->body,
              HasSubstr("vigie verify https://avis.example/wall/acme/log --at 2026-11-16T01:00:00Z<"));
  EXPECT_THAT(get("/wall/acme/verify")->body, Not(HasSubstr("--at")));
}

TEST_F(VerifyPage, OfABrandLoadsItsScriptByItsHash) {
  const auto reply = get("/wall/acme/verify");

  ASSERT_TRUE(reply);
  const Asset& script = verify_assets()[1];
  EXPECT_THAT(reply->body,
              AllOf(HasSubstr(concat("src=\"", script.path, "\" integrity=\"", integrity_of(script.bytes), "\"")),
                    HasSubstr("Check the reviews of Acme &amp; Sons"), HasSubstr("value=\"/wall/acme\""),
                    HasSubstr("vigie verify https://avis.example/wall/acme/log"), Not(HasSubstr("<style"))));
  EXPECT_THAT(header(*reply, "Content-Security-Policy"),
              AllOf(HasSubstr("connect-src 'self'"), HasSubstr("frame-ancestors 'none'"), Not(HasSubstr("unsafe"))));
  EXPECT_EQ(get(script.path)->body, script.bytes);
}

TEST_F(VerifyPage, AloneNeedsNothingBesideIt) {
  const auto reply = get("/verify", "fr");

  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->body, AllOf(HasSubstr("<html lang=\"fr\">"), HasSubstr("<script type=\"module\">"),
                                 HasSubstr("<style>"), Not(HasSubstr(" src=")), Not(HasSubstr("<link"))));
  const std::string policy = header(*reply, "Content-Security-Policy");
  EXPECT_THAT(policy, AllOf(HasSubstr(integrity_of(verify_assets()[1].bytes)), HasSubstr("connect-src *")));
  EXPECT_THAT(reply->body, HasSubstr(integrity_of(verify_assets()[0].bytes)));
}

TEST_F(VerifyPage, AnswersForItsOwnAddressesAlone) {
  for (const char* path : {"/wall/other/verify", "/wall/verify", "/wall//verify", "/verify/x", "/wall/acme"})
    EXPECT_FALSE(get(path)) << path;
}

TEST_F(VerifyPage, SaysTheSameThingsInBothLanguages) { EXPECT_THAT(test::catalogue_faults("verify"), IsEmpty()); }

}  // namespace
}  // namespace vigie
