// What single networks do that no other does, and what their definitions must make of it. What all of them owe is in
// shipped_definitions_test.cpp.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/collectors/definition_run.h"

namespace vigie {
namespace {

using test::Folder;
using test::Told;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

json::Document body_of(const test::Page& page) { return json::parse(page.request.body).value_or(json::Document()); }

// All that a run says was deleted.
std::vector<std::string> gone_in(const Folder& folder) {
  std::vector<std::string> gone;
  Result<Recording> recording = Recording::load(folder.path.string());
  const Result<OpenedSource> source = open_source(folder.settings);
  if (!recording || !source) return {"the folder or its definition cannot be read"};
  Cursor cursor;
  for (std::size_t step = 0; step < folder.lines.size(); ++step) {
    const Result<std::optional<HttpRequest>> request = source->http->next(cursor, folder.now);
    const std::optional<HttpReply> reply = request && *request ? recording->answer(**request) : std::nullopt;
    if (!reply) return gone;
    const Result<Batch> batch = source->http->read(*reply, cursor, folder.now);
    if (!batch) continue;  // "later": the same is asked again
    gone.insert(gone.end(), batch->gone.begin(), batch->gone.end());
    cursor = batch->next;
    if (!batch->more) return gone;
  }
  return gone;
}

TEST(GithubDiscussions, AreAskedForInGraphqlFromTheCursorOfThePageBefore) {
  const Folder folder = test::folder_of("github-discussions");

  const Told told = read_all(folder, folder.lines);

  ASSERT_EQ(told.error, "");
  const json::Document first = body_of(told.pages.front()), last = body_of(told.pages.back());
  EXPECT_THAT(
      first.root().text_or("query", ""),
      AllOf(HasSubstr(
                "query($q: String!, $after: String) { search(type: DISCUSSION, query: $q, first: 50, after: $after) {"),
            HasSubstr("nodes { ... on Discussion { id url title"), Not(HasSubstr("{{"))));
  EXPECT_EQ(first.root().text_or("variables.q", ""),
            "\"Tilvane\" created:2026-10-22T00:00:00Z..2026-11-06T00:00:00Z sort:created-desc");
  EXPECT_TRUE(first.root().at("variables.after").is_null());
  EXPECT_EQ(last.root().text_or("variables.after", ""), "Y3Vyc29yOjI=");
}

// paging.next is a whole address with the access token in it.
TEST(Facebook, IsReadByTheCursorSoThatNoTokenOfAnAnswerIsKept) {
  for (const std::string id :
       {"facebook", "facebook-comments", "facebook-tagged", "facebook-ratings", "instagram", "threads"}) {
    const Folder folder = test::folder_of(id);

    const Told told = read_all(folder, folder.lines);

    ASSERT_EQ(told.error, "");
    EXPECT_THAT(told.cursors, Each(Not(HasSubstr("SECRET-OF-THE-RECORDING")))) << id;
    EXPECT_THAT(told.asked(), Each(Not(HasSubstr("SECRET-OF-THE-RECORDING")))) << id;
  }
}

TEST(Chats, TellInTheirListingsWhatWasDeleted) {
  EXPECT_THAT(gone_in(test::folder_of("mattermost")), UnorderedElementsAre("p4aaaaaaaaaaaaaaaaaaaaaaaa"));
  EXPECT_THAT(gone_in(test::folder_of("zendesk")), UnorderedElementsAre("232"));
  EXPECT_THAT(gone_in(test::folder_of("freshdesk")), UnorderedElementsAre("244"));
}

// Yelp and Tripadvisor let counts and links be kept, and nothing anyone wrote.
TEST(CountsAndLinksOnly, KeepNoWordAndNoName) {
  for (const std::string id : {"yelp", "tripadvisor"}) {
    const Folder folder = test::folder_of(id);

    const Told told = read_all(folder, folder.lines);

    EXPECT_EQ(told.mentions.size(), 3u) << id;
    EXPECT_THAT(told.mentions,
                Each(AllOf(Not(HasSubstr("Ces mots")), Not(HasSubstr("client-")), HasSubstr("https://"))))
        << id;
    EXPECT_FALSE(open_source(folder.settings)->terms.keep_text) << id;
  }
}

// Asking for the number after the last update makes Telegram forget all up to it.
TEST(Telegram, AcknowledgesOnlyWhatTheBookmarkSays) {
  const Folder folder = test::folder_of("telegram");

  const Told told = read_all(folder, folder.lines);

  ASSERT_GE(told.cursors.size(), 2u);
  EXPECT_THAT(told.cursors.front(), HasSubstr("880000005"));
  const Result<std::optional<HttpRequest>> again =
      open_source(folder.settings)->http->next(Cursor{told.cursors.back()}, folder.now + minutes(1));
  ASSERT_TRUE(again && *again);
  EXPECT_THAT((*again)->url, HasSubstr("offset=880000008"));
}

}  // namespace
}  // namespace vigie
