#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;

TEST(Cursors, AreEmptyBeforeTheFirstPollAndKeepTheLast) {
  const auto store = open_store();

  EXPECT_EQ(store->cursor("hn")->value, "");
  ASSERT_TRUE(store->save_cursor("hn", {"page 2"}));
  ASSERT_TRUE(store->save_cursor("hn", {"page 3"}));

  EXPECT_EQ(store->cursor("hn")->value, "page 3");
  EXPECT_EQ(store->cursor("forum")->value, "");
}

TEST(Tokens, OpenOnceWhenTheyAreForOnce) {
  const auto store = open_store();
  ASSERT_TRUE(store->save_token("hash", "login", kNoon + minutes(10)));

  EXPECT_EQ(store->use_token("hash", "session", kNoon, true), false) << "of another purpose";
  EXPECT_EQ(store->use_token("other", "login", kNoon, true), false);
  EXPECT_EQ(store->use_token("hash", "login", kNoon, true), true);
  EXPECT_EQ(store->use_token("hash", "login", kNoon, true), false);
}

TEST(Tokens, OpenUntilTheyExpire) {
  const auto store = open_store();
  ASSERT_TRUE(store->save_token("hash", "session", kNoon + minutes(10)));

  EXPECT_EQ(store->use_token("hash", "session", kNoon, false), true);
  EXPECT_EQ(store->use_token("hash", "session", kNoon, false), true);
  EXPECT_EQ(store->use_token("hash", "session", kNoon + minutes(10), false), false);
}

TEST(Settings, AreEmptyUntilSet) {
  const auto store = open_store();

  EXPECT_EQ(store->get_setting("wall.key"), "");
  ASSERT_TRUE(store->set_setting("wall.key", "a"));
  ASSERT_TRUE(store->set_setting("wall.key", "b"));

  EXPECT_EQ(store->get_setting("wall.key"), "b");
}

TEST(HumanLabel, IsRefusedForAMentionThatIsNotThere) {
  const auto store = open_store();

  const auto result = store->set_human_label(12, Label::positive, "marie", kNoon);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::gone);
}

TEST(Tidy, ForgetsExpiredTokensAndTheOldestOfTooManyRejectedRecords) {
  const auto store = open_store();
  ASSERT_TRUE(store->save_token("old", "session", kNoon));
  ASSERT_TRUE(store->save_token("young", "session", kNoon + hours(1)));
  JudgedBatch batch = batch_of({});
  batch.rejected.reserve(10'005);
  for (int i = 0; i < 10'005; ++i) batch.rejected.push_back({std::to_string(i), "not JSON"});
  commit(*store, batch);

  ASSERT_TRUE(store->tidy(kNoon));

  EXPECT_EQ(store->use_token("old", "session", kNoon - hours(1), false), false);
  EXPECT_EQ(store->use_token("young", "session", kNoon, false), true);
  EXPECT_EQ(store->count_rejected(), 10'000);
  EXPECT_EQ(store->rejected("", 1)->at(0).bytes, "10004");
  EXPECT_EQ(store->sources()->at(0).rejected, 10'005);
}

}  // namespace
}  // namespace vigie
