// A wall of the brand "acme" filled through its book, and what its public pages answer.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/temp_dir.h"
#include "wall/book.h"
#include "wall/log/account.h"
#include "wall/log/numbers.h"
#include "wall/wall.h"

namespace vigie::test {

class FilledWall : public testing::Test {
 protected:
  FilledWall() {
    settings.organisation = "Acme & Sons";
    settings.brands = {{"acme", "Acme", "\"Acme\"", "fr"}, {"other", "Other", "\"Other\"", "en"}};
    settings.serve.public_url = "https://avis.example";
  }

  static Submission answer(std::optional<std::int64_t> rating, const std::string& text = "Livré à l'heure.") {
    Submission one;
    one.brand = "acme";
    one.rating = rating;
    one.lang = "fr";
    one.values[kText] = text;
    one.values[kAuthor] = "client-0042";
    one.values[kWhen] = "2026-11";
    return one;
  }

  Review receive(Submission one) {
    const auto received = book().receive("acme", {std::move(one)});
    if (!received) throw std::runtime_error(received.error().what);
    secret = received->front().secret;
    return *store().reviews().review(received->front().id).value();
  }
  Review again(const Review& review) { return *store().reviews().review(review.id).value(); }

  Review act(const Review& on, const std::string& what, const std::string& code = "") {
    ReviewAct act;
    act.act = what;
    act.code = code;
    act.by = "human";
    act.version = on.newest().leaf;
    return acted(on, act);
  }
  Review acted(const Review& on, const ReviewAct& act) {
    const auto done = book().decide(on, act);
    if (!done) throw std::runtime_error(done.error().what);
    return again(on);
  }
  Review mask(const Review& on, unsigned fields, const std::string& text = "") {
    ReviewAct act;
    act.act = "mask";
    act.code = "PERSONAL-DATA";
    act.by = "human";
    act.version = on.newest().leaf;
    act.masked = fields;
    act.masked_text = text;
    return acted(on, act);
  }
  Review published(Submission one) { return act(receive(std::move(one)), "publish"); }
  Review published(std::optional<std::int64_t> rating, const std::string& text = "Livré à l'heure.") {
    return published(answer(rating, text));
  }

  // What the loop of a running wall does within a second: adds the log up and keeps its numbers.
  tlog::WallNumbers add_up() {
    tlog::Account account("avis.example/wall/acme/log");
    const auto leaves = store().leaves("acme", 0, 10'000).value();
    for (const LoggedLeaf& one : leaves) {
      const auto faults = account.take(one.index, tlog::parse_leaf(one.bytes).value());
      EXPECT_THAT(faults, testing::IsEmpty());
    }
    const WallSnapshot snapshot{static_cast<std::int64_t>(leaves.size()), clock.now(), numbers_json(account.numbers())};
    EXPECT_TRUE(store().reviews().save_snapshot("acme", snapshot));
    clock.advance(seconds(2));  // the wall looks again
    return account.numbers();
  }

  ServerReply get(const std::string& path, std::vector<Header> query = {}, std::vector<Header> headers = {}) {
    ServerRequest request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    request.headers = std::move(headers);
    if (!wall_) wall_ = make_wall(settings, opener(), clock);
    return wall_(request);
  }
  std::string page(std::vector<Header> query = {{"lang", "fr"}}) { return get("/wall/acme", std::move(query)).body; }
  ServerReply permalink(const Review& review, const std::string& lang = "fr") {
    return get("/wall/acme", {{"lang", lang}, {"review", std::to_string(review.leaf)}});
  }

  OpenStore opener() {
    return [this] {
      ++opened;
      return open_sqlite_store("sqlite:" + folder_.file("wall.db"));
    };
  }
  Store& store() {
    if (!store_) store_ = open_sqlite_store("sqlite:" + folder_.file("wall.db")).value();
    return *store_;
  }
  Book& book() {
    if (!book_) book_.emplace(settings, store(), clock);
    return *book_;
  }

  static std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }
  static std::string header_of(const ServerReply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers) {
      if (key == name) return value;
    }
    return "";
  }

  TempDir folder_;
  Settings settings;
  ManualClock clock{parse_rfc3339("2026-11-21T12:00:00Z").value()};
  std::string method = "GET", secret;
  int opened = 0;

 private:
  std::unique_ptr<Store> store_;
  std::optional<Book> book_;
  Handler wall_;
};

}  // namespace vigie::test
