#include "base/http.h"

#include <gmock/gmock.h>

#include "base/gzip.h"
#include "base/http_redirect.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

const Time kNow = *parse_rfc3339("2026-11-21T10:00:00Z");

TEST(Get, AddsParametersAndLeavesEmptyOnesOut) {
  EXPECT_EQ(get("https://h/p", {{"q", "a b&c"}, {"cursor", ""}, {"é", "1"}}).url, "https://h/p?q=a%20b%26c&%C3%A9=1");
  EXPECT_EQ(get("https://h/p?x=1#top", {{"y", "2"}}).url, "https://h/p?x=1&y=2#top");
  EXPECT_EQ(get("https://h/p", {}).url, "https://h/p");
}

TEST(HttpReply, FindsAHeaderInAnyCase) {
  HttpReply reply;
  reply.headers = {{"ETag", "\"1\""}, {"etag", "\"2\""}};

  EXPECT_EQ(reply.header("Etag"), "\"1\"");
  EXPECT_EQ(reply.header("Link"), "");
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  EXPECT_EQ(parse_retry_after("120", kNow), seconds(120));
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), seconds(0));
  EXPECT_EQ(parse_retry_after("Sat, 21 Nov 2026 10:05:00 GMT", kNow), minutes(5));
}

TEST(RetryAfter, WaitsADayAtMost) {
  EXPECT_EQ(parse_retry_after("172800", kNow), hours(24));
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 10:00:00 GMT", kNow), hours(24));
}

TEST(RetryAfter, IgnoresWhatMakesNoSense) {
  for (const char* value : {"", "-5", "soon", "1.5", "99999999999999999999", "9223372036854775807", "2592001",
                            "Sat, 21 Nov 2026 09:59:59 GMT", "Sat, 21 Nov 2037 10:00:00 GMT", "12 s"}) {
    EXPECT_EQ(parse_retry_after(value, kNow), std::nullopt) << value;
  }
}

HttpRequest secret_post() {
  HttpRequest request;
  request.method = "POST";
  request.url = "https://a.example/x/y";
  request.body = "hello";
  request.headers = {{"Content-Type", "text/plain"}, {"Accept", "*/*"}, {"Authorization", "Bearer K"}};
  request.secret_headers = {{"apikey", "K"}};
  return request;
}

HttpReply redirect(int status, std::string location) {
  HttpReply reply;
  reply.status = status;
  reply.headers = {{"location", std::move(location)}};
  return reply;
}

TEST(Redirect, TurnsAPostIntoAGetWhereBrowsersDo) {
  for (const int status : {301, 302, 303}) {
    const auto next = next_hop(secret_post(), redirect(status, "z"));

    ASSERT_TRUE(next && *next) << status;
    EXPECT_EQ((*next)->method, "GET");
    EXPECT_EQ((*next)->url, "https://a.example/x/z");
    EXPECT_THAT((*next)->body, IsEmpty());
    EXPECT_THAT((*next)->headers, ElementsAre(Pair("Accept", "*/*"), Pair("Authorization", "Bearer K")));
  }
}

TEST(Redirect, RepeatsThePostWhereTheServerSaysSo) {
  for (const int status : {307, 308}) {
    const auto next = next_hop(secret_post(), redirect(status, "/z"));

    ASSERT_TRUE(next && *next) << status;
    EXPECT_EQ((*next)->method, "POST");
    EXPECT_EQ((*next)->body, "hello");
    EXPECT_THAT((*next)->secret_headers, ElementsAre(Pair("apikey", "K")));
  }
}

TEST(Redirect, KeepsAPutAPutExceptAfterSeeOther) {
  HttpRequest request = secret_post();
  request.method = "PUT";

  EXPECT_EQ((*next_hop(request, redirect(302, "/z")))->method, "PUT");
  EXPECT_EQ((*next_hop(request, redirect(303, "/z")))->method, "GET");
}

TEST(Redirect, LeavesSecretsBehindOnAnotherHostOrPort) {
  for (const char* place :
       {"https://b.example/", "https://a.example:8443/", "https://a.example.evil.example/", "//b.example/"}) {
    const auto next = next_hop(secret_post(), redirect(302, place));

    ASSERT_TRUE(next && *next) << place;
    EXPECT_THAT((*next)->secret_headers, IsEmpty()) << place;
    EXPECT_THAT((*next)->headers, ElementsAre(Pair("Accept", "*/*"))) << place;
  }
}

TEST(Redirect, KeepsSecretsWhenTheSameHostMovesToHttps) {
  HttpRequest request = secret_post();
  request.url = "http://A.example/";

  const auto next = next_hop(request, redirect(301, "https://a.example/"));

  ASSERT_TRUE(next && *next);
  EXPECT_THAT((*next)->secret_headers, ElementsAre(Pair("apikey", "K")));
}

TEST(Redirect, NeverCarriesSecretsFromHttpsToHttp) {
  const auto next = next_hop(secret_post(), redirect(302, "http://a.example/?token=T1"));

  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().kind, ErrorKind::denied);
  EXPECT_THAT(next.error().what, HasSubstr("http://a.example/?token=[secret]"));
}

TEST(Redirect, MayFollowToHttpWithoutSecrets) {
  const auto next = next_hop(get("https://a.example/", {}), redirect(302, "http://a.example/"));

  ASSERT_TRUE(next && *next);
  EXPECT_EQ((*next)->url, "http://a.example/");
}

TEST(Redirect, SendsNoBodyToAnotherHost) {
  const auto next = next_hop(secret_post(), redirect(307, "https://b.example/"));

  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().kind, ErrorKind::denied);
}

TEST(Redirect, GoesToHttpAndHttpsOnlyAndWithoutUserInfo) {
  for (const char* place : {"ftp://b.example/", "file:///etc/passwd", "gopher://127.0.0.1:25/", "javascript:alert(1)",
                            "https://u:p@b.example/"}) {
    const auto next = next_hop(get("https://a.example/", {}), redirect(302, place));

    ASSERT_FALSE(next) << place;
    EXPECT_EQ(next.error().kind, ErrorKind::denied) << place;
  }
}

TEST(Redirect, IsTheAnswerWhenItLeadsNowhereOrIsNotWanted) {
  HttpRequest stays = get("https://a.example/", {});
  stays.follow_redirects = false;

  EXPECT_EQ(*next_hop(stays, redirect(302, "/x")), std::nullopt);
  EXPECT_EQ(*next_hop(get("https://a.example/", {}), redirect(302, "")), std::nullopt);
  EXPECT_EQ(*next_hop(get("https://a.example/", {}), redirect(304, "/x")), std::nullopt);
  EXPECT_EQ(*next_hop(get("https://a.example/", {}), redirect(201, "/x")), std::nullopt);
}

TEST(Gzip, IsOfferedOnlyWhenTheClientTakesIt) {
  for (const char* value : {"gzip", "deflate, GZIP", "br;q=1, gzip;q=0.5"}) EXPECT_TRUE(accepts_gzip(value)) << value;
  for (const char* value : {"", "br", "gzip;q=0", "gzip; q=0.000", "notgzip"})
    EXPECT_FALSE(accepts_gzip(value)) << value;
}

TEST(Gzip, GivesUpOnWhatDoesNotShrink) {
  EXPECT_EQ(gzip("abc"), std::nullopt);
  EXPECT_LT(gzip(std::string(10000, 'a'))->size(), 100u);
}

}  // namespace
}  // namespace vigie
