#include "base/url.h"

#include <gmock/gmock.h>

#include "base/http.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Resolution {
  const char* reference;
  const char* expected;
};
class ResolveUrl : public testing::TestWithParam<Resolution> {};

TEST_P(ResolveUrl, FollowsRfc3986) {
  EXPECT_EQ(resolve_url("http://a/b/c/d;p?q", GetParam().reference), GetParam().expected);
}

// RFC 3986, 5.4.1 and 5.4.2.
INSTANTIATE_TEST_SUITE_P(
    Examples, ResolveUrl,
    testing::Values(Resolution{"g:h", "g:h"}, Resolution{"g", "http://a/b/c/g"}, Resolution{"./g", "http://a/b/c/g"},
                    Resolution{"g/", "http://a/b/c/g/"}, Resolution{"/g", "http://a/g"}, Resolution{"//g", "http://g"},
                    Resolution{"?y", "http://a/b/c/d;p?y"}, Resolution{"g?y", "http://a/b/c/g?y"},
                    Resolution{"#s", "http://a/b/c/d;p?q#s"}, Resolution{"g#s", "http://a/b/c/g#s"},
                    Resolution{";x", "http://a/b/c/;x"}, Resolution{"", "http://a/b/c/d;p?q"},
                    Resolution{".", "http://a/b/c/"}, Resolution{"./", "http://a/b/c/"},
                    Resolution{"..", "http://a/b/"}, Resolution{"../g", "http://a/b/g"},
                    Resolution{"../..", "http://a/"}, Resolution{"../../g", "http://a/g"},
                    Resolution{"../../../g", "http://a/g"}, Resolution{"/./g", "http://a/g"},
                    Resolution{"/../g", "http://a/g"}, Resolution{"g.", "http://a/b/c/g."},
                    Resolution{"..g", "http://a/b/c/..g"}, Resolution{"./../g", "http://a/b/g"},
                    Resolution{"g/./h", "http://a/b/c/g/h"}, Resolution{"g/../h", "http://a/b/c/h"},
                    Resolution{"g;x=1/../y", "http://a/b/c/y"}, Resolution{"g?y/../x", "http://a/b/c/g?y/../x"},
                    Resolution{"g#s/../x", "http://a/b/c/g#s/../x"}));

TEST(ResolveUrlOddities, LeaveTheReferenceAlone) {
  EXPECT_EQ(resolve_url("not a base", "/x"), "/x");
  EXPECT_EQ(resolve_url("http://a/b", "java\nscript:x"), "java\nscript:x");
  EXPECT_EQ(resolve_url("http://a/b", "mailto:x@y"), "mailto:x@y");
  EXPECT_EQ(resolve_url("http://a", "b"), "http://a/b");
  EXPECT_EQ(resolve_url("http://a/b", "  c \n"), "http://a/c");
}

TEST(OriginOf, IsLowerCaseAndWithoutTheDefaultPort) {
  EXPECT_EQ(origin_of("HTTPS://Example.ORG:443/Path?q"), "https://example.org");
  EXPECT_EQ(origin_of("http://example.org:80"), "http://example.org");
  EXPECT_EQ(origin_of("http://example.org:8080/"), "http://example.org:8080");
  EXPECT_EQ(origin_of("https://user:pw@example.org/"), "https://example.org");
  EXPECT_EQ(origin_of("wss://jet.example.org/x"), "wss://jet.example.org");
  EXPECT_EQ(origin_of("http://[::1]:8080/"), "http://[::1]:8080");
  EXPECT_EQ(origin_of("http://0x7f.1/"), "http://127.0.0.1");
}

TEST(OriginOf, IsEmptyWhenThereIsNone) {
  for (const char* text : {"", "/path", "example.org", "http://", "http://a b/", "http://h:99999/"})
    EXPECT_EQ(origin_of(text), "") << text;
}

TEST(RedactUrl, HidesWhatOpensDoors) {
  EXPECT_EQ(redact_url("https://u:p@h/x?a=1&api_key=K1&b=2#access_token=K2"),
            "https://h/x?a=1&api_key=[secret]&b=2#access_token=[secret]");
  for (const char* key : {"key", "apikey", "API_KEY", "access_token", "token", "utoken", "passkey", "client_secret",
                          "sig", "api%5Fkey", "api_token"}) {
    EXPECT_EQ(redact_url(concat("http://h/?", key, "=K1")), concat("http://h/?", key, "=[secret]"));
  }
  EXPECT_EQ(redact_url("https://api.telegram.org/bot123456:AA-bb_cc/getUpdates"),
            "https://api.telegram.org/bot[secret]/getUpdates");
  EXPECT_EQ(redact_url("https://api.telegram.org/bot123456%3AAA-bb_cc/getUpdates"),
            "https://api.telegram.org/bot[secret]/getUpdates");
  EXPECT_EQ(redact_url("https://hooks.slack.com/services/T0AAA/B0BBB/cccc"),
            "https://hooks.slack.com/services/T0AAA/B0BBB/[secret]");
  EXPECT_EQ(redact_url("https://discord.com/api/webhooks/42/abcdef?wait=true"),
            "https://discord.com/api/webhooks/42/[secret]?wait=true");
}

TEST(RedactUrl, LeavesTheRestReadable) {
  for (const char* url : {"https://h/a/b?page=2&keyword=x&monkey=y", "http://[::1]:80/", "mailto:someone@example.org",
                          "/path?q=1", "https://h/@name/1"}) {
    EXPECT_EQ(redact_url(url), url);
  }
}

TEST(RedactUrl, GivesNothingAwayWhenTheUrlIsBroken) {
  for (const char* url :
       {"user:hunter2@host/path", "https://user:hunter2?x@host/", "https://user:hunter2#x@host/", "hunter2@host"}) {
    EXPECT_THAT(redact_url(url), Not(HasSubstr("hunter2"))) << url;
  }
  EXPECT_EQ(redact_url("http://h/a\r\nb"), "http://h/a%0D%0Ab");
}

TEST(SplitUrl, CutsWhereTheStandardDoes) {
  const UrlParts parts = split_url("https://h:1/p/q?a=?b#c?d#e");

  EXPECT_EQ(parts.scheme, "https");
  EXPECT_EQ(parts.authority, "h:1");
  EXPECT_EQ(parts.path, "/p/q");
  EXPECT_EQ(parts.query, "a=?b");
  EXPECT_EQ(parts.fragment, "c?d#e");
}

}  // namespace
}  // namespace vigie
