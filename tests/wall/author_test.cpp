// A review written without an invitation, from the form to its author's private page.

#include "wall/author_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.h"
#include "base/text.h"
#include "store/reviews.h"
#include "tests/support/catalogue.h"
#include "tests/support/temp_dir.h"
#include "wall/log/keys.h"
#include "wall/log/publisher.h"
#include "wall/log/receipt.h"
#include "wall/log_place.h"
#include "wall/stamp.h"
#include "wall/write_page.h"

namespace vigie {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Time kNoon = parse_rfc3339("2026-11-21T12:00:00Z").value();
const std::string kKey(32, 'k');
constexpr std::string_view kSaid = "Livraison en retard, deux fois de suite.";

std::string header(const ServerReply& reply, std::string_view name) {
  for (const Header& header : reply.headers) {
    if (header.first == name) return header.second;
  }
  return "";
}

// What stands between two texts, the first time.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t from = text.find(before);
  if (from == std::string::npos) return "";
  const std::size_t start = from + before.size();
  return text.substr(start, text.find(after, start) - start);
}

class AuthorTest : public testing::Test {
 protected:
  AuthorTest() {
    settings_.data = folder_.file("data");
    settings_.brands = {{"acme", "Acme", "Acme", "fr"}};
    settings_.serve.public_url = "https://avis.example";
    settings_.wall.staff = {"@acme.example"};
    store_ = open().value();
    const WallLogPlace place = wall_log_place(settings_, "acme").value();
    std::filesystem::create_directories(place.key.parent_path());
    const auto key = tlog::make_key_file(place.key, place.origin, tlog::KeyType::ed25519).value();
    publisher_ = tlog::Publisher::open({"acme", place.folder, {key}}, *store_, clock_).value();
    book_ = std::make_unique<Book>(settings_, *store_, clock_);
    write_ = std::make_unique<WritePage>(
        settings_, [this](Submission one) { return hand_in(std::move(one)); }, clock_, kKey);
    author_ = std::make_unique<AuthorPage>(
        settings_, [this] { return open(); }, AuthorLinks(kKey, "https://avis.example"), clock_, [this] { ++acted_; });
  }

  Result<std::unique_ptr<Store>> open() { return open_sqlite_store("sqlite:" + folder_.file("v.db")); }

  Result<Answered> hand_in(Submission one) {
    if (trouble_) return fail(*trouble_);
    TRY(std::vector<Received> received, book_->receive("acme", {std::move(one)}));
    TRY(publisher_->publish());
    TRY(const std::optional<std::string> receipt,
        tlog::receipt_of(*store_, wall_log_place(settings_, "acme").value().folder, "acme", received.front().leaf, {}));
    return Answered{std::move(received.front()), receipt.value_or("")};
  }

  static ServerRequest request(const std::string& method, const std::string& path, const std::string& body = "",
                               const std::string& type = "application/x-www-form-urlencoded") {
    ServerRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.remote = "192.0.2.1";
    request.headers = {{"Content-Type", type}, {"Host", "avis.example"}, {"Origin", "https://avis.example"}};
    return request;
  }
  ServerReply write(const ServerRequest& request) {
    return write_->answer(request).value_or(ServerReply{0, "", "", {}});
  }
  ServerReply author(const ServerRequest& request) {
    return author_->answer(request).value_or(ServerReply{0, "", "", {}});
  }

  std::string filled(const std::string& more = "") {
    return concat("rating=2&text=", url_encode(kSaid),
                  "&when=2026-11-03&experienced=1&website=&stamp=", make_stamp(kKey, clock_.now() - minutes(1)), more);
  }
  // The path of the private page of a review just written.
  std::string written(const std::string& more = "") {
    const ServerReply reply = write(request("POST", "/wall/acme/reviews", filled(more)));
    EXPECT_EQ(reply.status, 201) << reply.body;
    secret_ = between(reply.body, "<p class=\"secret\">", "</p>");
    const std::string token = between(reply.body, "/receipt/", "?");
    EXPECT_EQ(token.size(), 22u) << reply.body;
    return concat("/wall/acme/receipt/", token);
  }
  Review newest() { return store_->reviews().reviews({}).value().front(); }

  TempDir folder_;
  Settings settings_;
  ManualClock clock_{kNoon};
  std::unique_ptr<Store> store_;
  std::unique_ptr<tlog::Publisher> publisher_;
  std::unique_ptr<Book> book_;
  std::unique_ptr<WritePage> write_;
  std::unique_ptr<AuthorPage> author_;
  std::optional<Error> trouble_;
  std::string secret_;
  int acted_ = 0;
};

// --- writing

TEST_F(AuthorTest, FillsInAFormThatNeedsNoScript) {
  const ServerReply french = write(request("GET", "/wall/acme/write"));
  EXPECT_EQ(french.status, 200);
  EXPECT_THAT(french.body, AllOf(HasSubstr("lang=\"fr\""), HasSubstr("action=\"/wall/acme/reviews\""),
                                 HasSubstr("name=\"experienced\""), HasSubstr("name=\"lock\" value=\"\"")));
  ServerRequest asked = request("GET", "/wall/acme/write");
  asked.query = {{"lang", "en"}};
  EXPECT_THAT(write(asked).body, HasSubstr("I lived this experience myself"));
  EXPECT_EQ(store_->reviews().count({}).value(), 0) << "looking writes nothing";
}

TEST_F(AuthorTest, GetsPageReceiptAndSecretAtOnce) {
  const ServerReply reply = write(request("POST", "/wall/acme/reviews", filled()));

  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(header(reply, "Cache-Control"), "no-store");
  EXPECT_THAT(reply.body, AllOf(HasSubstr("https://avis.example/wall/acme/receipt/"), HasSubstr("vigie.tlog-proof"),
                                HasSubstr("<p class=\"secret\">")));
  const Review review = newest();
  EXPECT_EQ(review.origin, "web");
  EXPECT_EQ(review.verified, "none");
  EXPECT_EQ(review.secret_by, "server");
  EXPECT_EQ(review.state, ReviewState::waiting) << "received before anybody judges it";
  EXPECT_THAT(review.marks, IsEmpty());
  EXPECT_EQ(review.source, "wall:acme");
  EXPECT_EQ(review.mention, std::to_string(review.leaf));
}

TEST_F(AuthorTest, WhoMadeTheSecretAloneHasIt) {
  const std::string secret = random_bytes(32);
  written(concat("&lock=", to_base64url(sha256(secret))));

  EXPECT_THAT(secret_, IsEmpty());
  EXPECT_EQ(newest().secret_by, "author");
  EXPECT_EQ(newest().lock, sha256(secret));
}

TEST_F(AuthorTest, SendsTheSameFormTwiceAndIsRecordedOnce) {
  const std::string form = filled();
  const ServerReply first = write(request("POST", "/wall/acme/reviews", form));
  const ServerReply again = write(request("POST", "/wall/acme/reviews", form));

  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(between(again.body, "/receipt/", "?"), between(first.body, "/receipt/", "?"));
  EXPECT_EQ(store_->reviews().count({}).value(), 1);
}

TEST_F(AuthorTest, KeepsWhatWasTypedWhenSomethingIsWrong) {
  const ServerReply reply =
      write(request("POST", "/wall/acme/reviews", "rating=2&text=Trop+lent+%3Cb%3E&when=2026-11-03"));

  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.body, AllOf(HasSubstr("role=\"alert\""), HasSubstr("Trop lent &lt;b&gt;"),
                                HasSubstr("value=\"2\" required checked")));
  EXPECT_EQ(store_->reviews().count({}).value(), 0);
}

TEST_F(AuthorTest, MayBeAProgram) {
  const ServerReply reply = write(
      request("POST", "/wall/acme/reviews", R"({"rating":5,"when":"2026-11","experienced":true})", "application/json"));

  EXPECT_EQ(reply.status, 201);
  const auto json = json::parse(reply.body).value();
  EXPECT_THAT(json.root().text_or("page", ""), HasSubstr("https://avis.example/wall/acme/receipt/"));
  EXPECT_TRUE(tlog::parse_receipt(json.root().text_or("receipt", "")));
  EXPECT_TRUE(read_secret(json.root().text_or("secret", "")));
  EXPECT_EQ(newest().channel, "api");
  EXPECT_THAT(write(request("POST", "/wall/acme/reviews", R"({"rating":9})", "application/json")).body,
              HasSubstr("\"field\":\"rating\""));
}

TEST_F(AuthorTest, IsNotWhoWorksForTheBrand) {
  EXPECT_EQ(write(request("POST", "/wall/acme/reviews", filled("&contact=ceo%40acme.example"))).status, 403);
  EXPECT_EQ(store_->reviews().count({}).value(), 0);
}

TEST_F(AuthorTest, IsNotSentFromAnotherSite) {
  ServerRequest foreign = request("POST", "/wall/acme/reviews", filled());
  foreign.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", "https://evil.example"}};
  EXPECT_EQ(write(foreign).status, 403);
  EXPECT_EQ(store_->reviews().count({}).value(), 0);
}

TEST_F(AuthorTest, IsMarkedAndNeverDroppedWhenItLooksLikeAProgram) {
  EXPECT_EQ(write(request("POST", "/wall/acme/reviews", filled("&x=1") + "&website2=")).status, 201);
  const std::string hasty = concat("rating=5&when=2026-11-03&experienced=1&website=&stamp=", make_stamp(kKey, kNoon));
  EXPECT_EQ(write(request("POST", "/wall/acme/reviews", hasty)).status, 201);
  EXPECT_THAT(newest().marks, ElementsAre("bot")) << "within two seconds";
  clock_.advance(minutes(1));
  const std::string trapped =
      concat("rating=5&when=2026-11-03&experienced=1&website=x&stamp=", make_stamp(kKey, kNoon));
  EXPECT_EQ(write(request("POST", "/wall/acme/reviews", trapped)).status, 201);
  EXPECT_THAT(newest().marks, ElementsAre("bot")) << "a field that people do not see";
  EXPECT_EQ(store_->reviews().count({}).value(), 3);
}

TEST_F(AuthorTest, IsMarkedWhenTheTextWasSeenBeforeInWhateverEncoding) {
  const auto say = [&](const std::string& text) {
    clock_.advance(minutes(1));
    write(request(
        "POST", "/wall/acme/reviews",
        concat("rating=5&when=2026-11-03&experienced=1&website=&stamp=", make_stamp(kKey, kNoon), "&text=", text)));
    return newest();
  };
  const Review composed = say("D%C3%A9%C3%A7u+par+la+livraison+tardive");
  const Review decomposed = say("De%CC%81c%CC%A7u+par+la+livraison+tardive");

  EXPECT_THAT(composed.marks, IsEmpty());
  EXPECT_THAT(decomposed.marks, ElementsAre("duplicate"));
  EXPECT_NE(commitment_of(composed.newest()), commitment_of(decomposed.newest()));

  WritePage after_a_restart(
      settings_, [this](Submission one) { return hand_in(std::move(one)); }, clock_, kKey);
  ASSERT_TRUE(after_a_restart.remember(*store_));
  after_a_restart.answer(request("POST", "/wall/acme/reviews", filled("&text2=") + "&a=b"));
  clock_.advance(minutes(1));
  after_a_restart.answer(request("POST", "/wall/acme/reviews",
                                 concat("rating=1&when=2026-11-03&experienced=1&website=&stamp=",
                                        make_stamp(kKey, kNoon), "&text=D%C3%A9%C3%A7u+par+la+livraison+tardive")));
  EXPECT_THAT(newest().marks, Contains("duplicate"));
}

TEST_F(AuthorTest, OfManyReviewsInAnHourIsMarkedWhateverTheyRate) {
  for (const int rating : {1, 5}) {
    const std::string network = concat("198.51.100.", std::to_string(rating));
    for (int i = 0; i < 6; ++i) {
      ServerRequest one = request(
          "POST", "/wall/acme/reviews",
          concat("rating=", std::to_string(rating), "&when=2026-11-03&experienced=1&website=&n=", std::to_string(i),
                 "&stamp=", make_stamp(kKey, kNoon - minutes(5))));
      one.remote = network;
      clock_.advance(seconds(30));
      EXPECT_EQ(write(one).status, 201);
      EXPECT_EQ(newest().marks.size(), i == 5 ? 1u : 0u) << rating << " " << i;
    }
  }
}

TEST_F(AuthorTest, IsAskedToComeBackWhenTooMuchComes) {
  ServerReply last;
  for (int i = 0; i < 31; ++i) last = write(request("POST", "/wall/acme/reviews", "rating=0"));
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(header(last, "Retry-After"), "20");

  trouble_ = Error{ErrorKind::rate_limited, "full", std::nullopt};
  clock_.advance(hours(1));
  const ServerReply busy = write(request("POST", "/wall/acme/reviews", filled()));
  EXPECT_EQ(busy.status, 503);
  EXPECT_THAT(busy.body, HasSubstr("n’a pas été inscrit"));
}

TEST_F(AuthorTest, IsToldWhenNobodyKnows) {
  trouble_ = Error{ErrorKind::transient, "late", std::nullopt};
  trouble_->maybe_done = true;
  const ServerReply reply = write(request("POST", "/wall/acme/reviews", filled()));
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr("ne sera inscrit qu’une fois"));
}

// --- the private page

TEST_F(AuthorTest, SeesUntilWhenItWaits) {
  const ServerReply page = author(request("GET", written()));

  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, AllOf(HasSubstr("28\u00a0nov.\u00a02026"), HasSubstr("noindex"), HasSubstr("Livraison en retard")));
  EXPECT_EQ(header(page, "Cache-Control"), "no-store");
}

TEST_F(AuthorTest, SeesWhyItIsRefusedAndWhatCanBeDone) {
  settings_.wall.contact = "avis@acme.example";
  const std::string page = written();
  ReviewAct act;
  act.act = "refuse";
  act.code = "OFF-TOPIC";
  act.by = "human";
  act.words = "It is about <another> shop.";
  act.version = newest().leaf;
  ASSERT_TRUE(book_->decide(newest(), act));

  EXPECT_THAT(author(request("GET", page)).body,
              AllOf(HasSubstr("ne porte pas sur une expérience"), HasSubstr("It is about &lt;another&gt; shop."),
                    HasSubstr("Une personne en a décidé"), HasSubstr("avis@acme.example"),
                    HasSubstr("href=\"https://avis.example/wall/acme/appeal/")));
}

TEST_F(AuthorTest, FollowsTheLinkOnceItIsPublished) {
  const std::string page = written();
  ReviewAct act;
  act.act = "publish";
  act.by = "auto";
  act.version = newest().leaf;
  ASSERT_TRUE(book_->decide(newest(), act));

  EXPECT_THAT(author(request("GET", page)).body,
              HasSubstr(concat("/wall/acme?review=", std::to_string(newest().leaf))));
}

TEST_F(AuthorTest, DownloadsAReceiptThatOpensWhatWasSent) {
  const ServerReply file = author(request("GET", written() + "/vigie.tlog-proof"));

  EXPECT_EQ(file.status, 200);
  const tlog::Receipt receipt = tlog::parse_receipt(file.body).value();
  const auto leaf = store_->leaves("acme", receipt.index, 1).value();
  EXPECT_TRUE(tlog::check_receipt(
      receipt, leaf.front().bytes,
      {tlog::verifier_of(tlog::read_keys(wall_log_place(settings_, "acme").value().key).value().front()).value()}));
  EXPECT_THAT(receipt.extra.value_or(""), HasSubstr("Livraison en retard"));
}

TEST_F(AuthorTest, WithdrawsWithTheSecretAndNotWithAnother) {
  const std::string page = written();
  EXPECT_EQ(author(request("POST", page + "/withdraw", "secret=nonsense")).status, 422);
  EXPECT_EQ(author(request("POST", page + "/withdraw", "secret=" + to_base64url(random_bytes(32)))).status, 403);
  EXPECT_EQ(newest().state, ReviewState::waiting);
  EXPECT_EQ(acted_, 0);

  const ServerReply done = author(request("POST", page + "/withdraw", "secret=" + secret_));

  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(newest().state, ReviewState::withdrawn);
  EXPECT_EQ(acted_, 1);
  EXPECT_THAT(author(request("GET", page)).body, HasSubstr("Vous l’avez retiré"));
}

TEST_F(AuthorTest, ChangesTheWordingAndTheFirstStays) {
  const std::string page = written();
  const ServerReply done = author(request("POST", page + "/update", "rating=4&text=Finalement+bien.&when=2026-11-03"));

  EXPECT_EQ(done.status, 200) << done.body;
  ASSERT_EQ(newest().versions.size(), 2u);
  EXPECT_EQ(newest().newest().rating, 4);
  EXPECT_EQ(newest().versions.front().values[kText], kSaid);
  EXPECT_EQ(author(request("POST", page + "/update", "rating=4&text=Finalement+bien.&when=2026-11-03")).status, 200);
  EXPECT_EQ(newest().versions.size(), 2u) << "the same again is nothing new";
  EXPECT_EQ(author(request("POST", page + "/update", "rating=9&when=2026-11-03")).status, 422);
}

TEST_F(AuthorTest, ErasesForGood) {
  const std::string page = written();
  const ServerReply done = author(request("POST", page + "/erase", "secret=" + secret_ + "&sure=1"));

  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(newest().state, ReviewState::erased);
  EXPECT_THAT(author(request("GET", page)).body, AllOf(Not(HasSubstr("Livraison")), HasSubstr("Il a été effacé"), Not(HasSubstr("nom affiché"))));
  EXPECT_THAT(author(request("GET", page + "/vigie.tlog-proof")).body, Not(HasSubstr("extra")));
  EXPECT_THAT(author(request("GET", page + "/review.json")).body, Not(HasSubstr("Livraison")));
}

TEST_F(AuthorTest, TakesACopyOfEverything) {
  const ServerReply copy =
      author(request("GET", written("&contact=a%40b.example&author=client-0042") + "/review.json"));

  const auto json = json::parse(copy.body).value();
  EXPECT_EQ(json.root().text_or("contact", ""), "a@b.example");
  EXPECT_EQ(json.root().text_or("versions.0.fields.text.value", ""), kSaid);
  EXPECT_EQ(json.root().text_or("versions.0.fields.author.value", ""), "client-0042");
}

TEST_F(AuthorTest, ActsFromThePageItselfAlone) {
  const std::string page = written();
  ServerRequest foreign = request("POST", page + "/erase", "sure=1");
  foreign.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", "https://evil.example"}};
  EXPECT_EQ(author(foreign).status, 403);
  EXPECT_EQ(author(request("GET", page + "/erase")).status, 404);
  EXPECT_EQ(newest().state, ReviewState::waiting);
}

TEST_F(AuthorTest, GuessesNoAddress) {
  const std::string page = written();
  std::set<std::string> bodies;
  int found = 0, refused = 0;
  for (int i = 0; i < 1'000; ++i) {
    clock_.advance(milliseconds(60));
    const ServerReply reply = author(request("GET", concat("/wall/acme/receipt/", to_base64url(random_bytes(16)))));
    if (reply.status == 404) bodies.insert(reply.body);
    if (reply.status == 429) {
      ++refused;
      EXPECT_NE(header(reply, "Retry-After"), "");
    }
    found += reply.status == 200 ? 1 : 0;
  }
  EXPECT_EQ(found, 0);
  EXPECT_GT(refused, 800);
  ASSERT_EQ(bodies.size(), 1u) << "one page for all that lead nowhere";
  EXPECT_THAT(*bodies.begin(), HasSubstr("Il n’y a pas d’avis"));
  clock_.advance(hours(1));
  EXPECT_EQ(author(request("GET", "/wall/acme/receipt/")).status, 404);
  EXPECT_EQ(author(request("GET", "/wall/other/receipt/" + page.substr(page.rfind('/') + 1))).status, 404);
  EXPECT_EQ(author(request("GET", page)).status, 200);
}

TEST(AuthorCatalogue, SaysTheSameThingsInBothLanguages) {
  EXPECT_THAT(test::catalogue_faults("author"), testing::IsEmpty());
}

TEST(Stamps, TellWhenTheyWereMadeToWhoMadeThem) {
  const std::string stamp = make_stamp(kKey, kNoon);
  EXPECT_EQ(read_stamp(kKey, stamp), kNoon);
  EXPECT_NE(stamp, make_stamp(kKey, kNoon));
  EXPECT_EQ(read_stamp("another key", stamp), std::nullopt);
  std::string changed = stamp;
  changed[3] = changed[3] == 'A' ? 'B' : 'A';
  EXPECT_EQ(read_stamp(kKey, changed), std::nullopt);
  EXPECT_EQ(read_stamp(kKey, ""), std::nullopt);
}

}  // namespace
}  // namespace vigie
