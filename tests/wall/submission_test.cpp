// What comes in over HTTP as a review: every field is held against its rules, and what is wrong has a name.

#include "wall/submission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();

SubmissionRules rules() {
  SubmissionRules rules;
  rules.brand = "acme";
  rules.lang = "fr";
  rules.staff = {"boss@acme.example", "@staff.example"};
  return rules;
}

Checked<Submission> read(const std::string& body, const std::string& type = "application/json") {
  ServerRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", type}};
  request.body = body;
  const Checked<FilledForm> form = FilledForm::read(request);
  if (!form) return tl::unexpected(form.error());
  return read_submission(*form, rules(), kNoon);
}

Checked<Submission> form(const std::string& body) {
  return read(body, "application/x-www-form-urlencoded; charset=utf-8");
}

// A good review but for one member.
std::string with(const std::string& member) { return R"({"when":"2026-11-03","experienced":true,)" + member + "}"; }

struct Refused {
  std::string body;
  int status;
  std::string field;
};

TEST(Submissions, AreReadFromJsonAndFormsAlike) {
  const auto json = read(with(
      R"("rating":4,"text":"Colis abîmé.\nDeux fois.","author":" client-0042 ","contact":"a@b.example","tell":true)"));
  const auto filled = form(
      "rating=4&text=Colis+ab%C3%AEm%C3%A9.%0D%0ADeux+fois.&author=+client-0042+&when=2026-11-03&"
      "experienced=1&contact=a%40b.example&tell=1");

  for (const auto& one : {json, filled}) {
    ASSERT_TRUE(one) << one.error().what();
    EXPECT_EQ(one->brand, "acme");
    EXPECT_EQ(one->rating, 4);
    EXPECT_EQ(one->values[kText], "Colis abîmé.\nDeux fois.");
    EXPECT_EQ(one->values[kAuthor], "client-0042");
    EXPECT_EQ(one->values[kWhen], "2026-11-03");
    EXPECT_EQ(one->contact, "a@b.example");
    EXPECT_TRUE(one->tell);
    EXPECT_EQ(one->lang, "fr");
  }
}

TEST(Submissions, KeepTheTextAsItWasWritten) {
  const std::string text = "  <script>alert(1)</script> \u202e 👨‍👩‍👧 e\u0301 vs \u00e9\t";
  const auto one = read(with(concat(
      R"("rating":1,"text":")", "  <script>alert(1)</script> \\u202e 👨‍👩‍👧 e\\u0301 vs \u00e9\\t", "\"")));
  ASSERT_TRUE(one) << one.error().what();
  EXPECT_EQ(one->values[kText], text);
}

TEST(Submissions, OfNothingButSpacesAreARatingWithoutText) {
  for (const char* blank : {"", " ", "\\u200b\\u200d \\ufeff\\n", "\\u3000\\u00a0\\u2800"}) {
    const auto one = read(with(concat(R"("rating":1,"text":")", blank, "\"")));
    ASSERT_TRUE(one) << blank << ": " << one.error().what();
    EXPECT_EQ(one->values[kText], "");
    EXPECT_EQ(one->rating, 1);
  }
}

TEST(Submissions, AreRefusedByTheNameOfWhatIsWrong) {
  const std::string deep(100'000, '['), five_thousand(5'001, 'x');
  const std::vector<Refused> all = {{with(R"("rating":11)"), 422, "rating"},
                                    {with(R"("rating":0)"), 422, "rating"},
                                    {with(R"("rating":-1)"), 422, "rating"},
                                    {with(R"("rating":-0)"), 422, "rating"},
                                    {with(R"("rating":3.5)"), 422, "rating"},
                                    {with(R"("rating":4.0)"), 422, "rating"},
                                    {with(R"("rating":"5")"), 422, "rating"},
                                    {with(R"("rating":"NaN")"), 422, "rating"},
                                    {with(R"("rating":null)"), 422, "rating"},
                                    {with(R"("rating":1e400)"), 422, "rating"},
                                    {with(R"("rating":1e0)"), 422, "rating"},
                                    {with(R"("rating":18446744073709551616)"), 422, "rating"},
                                    {with(R"("rating":true)"), 422, "rating"},
                                    {with(R"("text":"no rating")"), 422, "rating"},
                                    {with(R"("rating":4,"text":7)"), 422, "text"},
                                    {with(R"("rating":4,"text":"a\u0000b")"), 422, "text"},
                                    {with(R"("rating":4,"text":"a\u001bb")"), 422, "text"},
                                    {with(R"("rating":4,"text":"a\rb")"), 422, "text"},
                                    {with(concat(R"("rating":4,"text":")", five_thousand, "\"")), 422, "text"},
                                    {with(R"("rating":4,"author":"Bob\r\nBcc: x@y")"), 422, "author"},
                                    {with(R"("rating":4,"author":"a\tb")"), 422, "author"},
                                    {with(R"("rating":4,"contact":"not an address")"), 422, "contact"},
                                    {with(R"("rating":4,"contact":"a@b.example\r\nBcc: c@d.example")"), 422, "contact"},
                                    {with(R"("rating":4,"contact":"Boss@ACME.example")"), 403, "contact"},
                                    {with(R"("rating":4,"contact":"anyone@staff.example")"), 403, "contact"},
                                    {with(R"("rating":4,"lock":"AAAA")"), 422, "lock"},
                                    {with(R"("rating":4,"lang":"<b>")"), 422, "lang"},
                                    {R"({"rating":4,"experienced":true})", 422, "when"},
                                    {R"({"rating":4,"experienced":true,"when":"2026-02-30"})", 422, "when"},
                                    {R"({"rating":4,"experienced":true,"when":"2027-01-01"})", 422, "when"},
                                    {R"({"rating":4,"experienced":true,"when":"1899-01-01"})", 422, "when"},
                                    {R"({"rating":4,"when":"2026-11"})", 422, "experienced"},
                                    {R"({"rating":4,"when":"2026-11","experienced":"true"})", 422, "experienced"},
                                    {with(R"("rating":1,"rating":5)"), 400, ""},
                                    {with(R"("rating":NaN)"), 400, ""},
                                    {"[1]", 400, ""},
                                    {"", 400, ""},
                                    {deep, 400, ""},
                                    {"{\"rating\":1,\"text\":\"\xc3\x28\"}", 400, ""},
                                    {"{\"rating\":1,\"text\":\"\xed\xa0\x80\"}", 400, ""},
                                    {"{\"rating\":1,\"text\":\"\xc0\xaf\"}", 400, ""}};
  for (const Refused& one : all) {
    const auto taken = read(one.body);
    ASSERT_FALSE(taken) << one.body.substr(0, 200);
    EXPECT_EQ(taken.error().status, one.status) << one.body.substr(0, 200) << ": " << taken.error().what();
    EXPECT_EQ(taken.error().field, one.field) << one.body.substr(0, 200) << ": " << taken.error().what();
  }
  for (const Refused& one : std::vector<Refused>{{"rating=5&rating=1&when=2026-11&experienced=1", 400, "rating"},
                                                 {"rating=4&text=%C3%28&when=2026-11&experienced=1", 400, "text"},
                                                 {"rating=05&when=2026-11&experienced=1", 422, "rating"},
                                                 {"rating=+4&when=2026-11&experienced=1", 422, "rating"},
                                                 {"rating=&when=2026-11&experienced=1", 422, "rating"},
                                                 {"rating=4&text=a%00b&when=2026-11&experienced=1", 422, "text"}}) {
    const auto taken = form(one.body);
    ASSERT_FALSE(taken) << one.body;
    EXPECT_EQ(taken.error().status, one.status) << one.body;
    EXPECT_EQ(taken.error().field, one.field) << one.body;
  }
  EXPECT_EQ(read("rating=4", "text/plain").error().status, 415);
}

TEST(Submissions, TakeFiveThousandCharactersHoweverManyBytes) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "é";
  const auto one = read(with(concat(R"("rating":4,"text":")", text, "\"")));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->values[kText], text);
}

TEST(Submissions, SayWhatIsWrongInOneLine) {
  EXPECT_EQ(read(with(R"("rating":4,"author":"a\u0007")")).error().what(), "author: a control character");
}

TEST(Secrets, AreThirtyTwoBytesInOneSpelling) {
  const std::string secret = random_bytes(32), text = to_base64url(secret);
  EXPECT_EQ(read_secret(" " + text + "\n"), secret);
  EXPECT_EQ(read_secret(text + "="), std::nullopt);
  EXPECT_EQ(read_secret(text.substr(1)), std::nullopt);
  EXPECT_EQ(read_secret(""), std::nullopt);
}

TEST(Origins, OfOtherSitesAreNotOurs) {
  const auto from = [](std::vector<Header> headers) {
    ServerRequest request;
    request.headers = std::move(headers);
    return is_same_origin(request, "https://avis.example/base");
  };
  EXPECT_TRUE(from({}));
  EXPECT_TRUE(from({{"Origin", "https://avis.example"}}));
  EXPECT_TRUE(from({{"Origin", "http://127.0.0.1:8080"}, {"Host", "127.0.0.1:8080"}}));
  EXPECT_FALSE(from({{"Origin", "https://evil.example"}, {"Host", "avis.example"}}));
  EXPECT_FALSE(from({{"Origin", "https://avis.example.evil.example"}}));
  EXPECT_FALSE(from({{"Origin", "null"}}));
  EXPECT_FALSE(from({{"Sec-Fetch-Site", "cross-site"}}));
}

}  // namespace
}  // namespace vigie
