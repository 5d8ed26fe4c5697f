#include "base/canonical_url.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

struct Form {
  const char* written;
  const char* canonical;
};
class CanonicalUrl : public testing::TestWithParam<Form> {};

TEST_P(CanonicalUrl, IsOneForEveryFormOfAPage) { EXPECT_EQ(canonical_url(GetParam().written), GetParam().canonical); }

INSTANTIATE_TEST_SUITE_P(
    SamePage, CanonicalUrl,
    testing::Values(
        Form{"https://news.example/2026/acme", "news.example/2026/acme"},
        Form{"http://www.News.example:80/2026/acme/", "news.example/2026/acme"},
        Form{"https://u:p@news.example:443/2026/acme#comments", "news.example/2026/acme"},
        Form{"https://news.example/2026/acme?utm_source=rss&utm_medium=feed&UTM_x=1", "news.example/2026/acme"},
        Form{"https://news.example/2026/acme?fbclid=a&gclid=b&msclkid=c&", "news.example/2026/acme"},
        Form{"https://m.news.example/2026/acme", "news.example/2026/acme"},
        Form{"https://amp.news.example/2026/acme", "news.example/2026/acme"},
        Form{"https://news.example/2026/acme/amp/", "news.example/2026/acme"},
        Form{"https://news.example/2026/acme?amp", "news.example/2026/acme"},
        Form{"https://news.example/2026/acme?outputType=amp", "news.example/2026/acme"},
        Form{"https://news.example/2026/acme.amp.html", "news.example/2026/acme"},
        Form{"https://www.google.com/amp/s/news.example/2026/acme", "news.example/2026/acme"},
        Form{"https://news-example.cdn.ampproject.org/c/s/news.example/2026/acme", "news.example/2026/acme"},
        Form{"https://news-example.cdn.ampproject.org/v/s/www.news.example/2026/acme?amp_js_v=1",
             "news.example/2026/acme"}));

INSTANTIATE_TEST_SUITE_P(
    OtherPages, CanonicalUrl,
    testing::Values(Form{"https://news.example/item?id=7&utm_source=x&a=1", "news.example/item?a=1&id=7"},
                    Form{"https://news.example/item?id=8", "news.example/item?id=8"},
                    Form{"https://news.example/#!/article/7", "news.example#!/article/7"},
                    Form{"https://news.example:8443/a", "news.example:8443/a"}, Form{"https://m.com/a", "m.com/a"},
                    Form{"https://news.example/camp", "news.example/camp"},
                    Form{"https://www.google.com/amp/page", "google.com/amp/page"}));

INSTANTIATE_TEST_SUITE_P(NoArticle, CanonicalUrl,
                         testing::Values(Form{"", ""}, Form{"https://news.example/", ""},
                                         Form{"https://news.example/?utm_source=x", ""}, Form{"mailto:a@b.example", ""},
                                         Form{"/2026/acme", ""}, Form{"https://", ""}));

}  // namespace
}  // namespace vigie
