#include "app/moves.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace vigie {
namespace {

const Time kStart = parse_rfc3339("2026-11-21T12:00:00Z").value();

HttpReply moved_to(const std::string& url) {
  HttpReply reply;
  reply.status = 200;
  reply.url = url;
  reply.moved_permanently = true;
  return reply;
}

TEST(Moves, AreBelievedAfterThreePollsOverADay) {
  HttpRequest asked;
  asked.url = "https://old.example/feed";
  std::optional<Move> move;

  for (const Duration after : {Duration(hours(0)), Duration(hours(1)), Duration(hours(2))}) {
    move = observe_move(move, "blog", asked, moved_to("https://new.example/feed"), kStart + after);
  }
  const bool too_soon = move->used_since.has_value();
  move = observe_move(move, "blog", asked, moved_to("https://new.example/feed"), kStart + hours(24));

  EXPECT_FALSE(too_soon);
  ASSERT_TRUE(move->used_since);
  EXPECT_EQ(follow_move(move, asked).url, "https://new.example/feed");
  EXPECT_EQ(move->old_url, "https://old.example/feed");
}

TEST(Moves, BeginAnewWhenTheTargetChanges) {
  HttpRequest asked;
  asked.url = "https://old.example/feed";
  auto move = observe_move(std::nullopt, "blog", asked, moved_to("https://a.example/"), kStart);

  move = observe_move(move, "blog", asked, moved_to("https://b.example/"), kStart + kDay);

  EXPECT_EQ(move->polls, 1);
  EXPECT_EQ(move->first_at, kStart + kDay);
}

TEST(Moves, AreForgottenWhenTheServerAnswersInPlaceAgain) {
  HttpRequest asked;
  asked.url = "https://old.example/feed";
  const auto move = observe_move(std::nullopt, "blog", asked, moved_to("https://a.example/"), kStart);
  HttpReply in_place;
  in_place.status = 200;
  in_place.url = asked.url;

  EXPECT_FALSE(observe_move(move, "blog", asked, in_place, kStart + hours(1)));
}

TEST(Moves, NeverLeadASecretToAnotherHost) {
  HttpRequest header, query;
  header.url = "https://old.example/api";
  header.secret_headers = {{"Authorization", "Bearer x"}};
  query.url = "https://old.example/api?key=abcdef";

  EXPECT_FALSE(observe_move(std::nullopt, "x", header, moved_to("https://new.example/api"), kStart));
  EXPECT_FALSE(observe_move(std::nullopt, "x", query, moved_to("https://new.example/api?key=abcdef"), kStart));
  EXPECT_TRUE(observe_move(std::nullopt, "x", header, moved_to("https://old.example/v2/api"), kStart));
}

}  // namespace
}  // namespace vigie
