#include "app/network.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

TEST(Network, IsSharedByTheKindsThatBringTheSameMentions) {
  EXPECT_EQ(network_of("reddit-comments"), network_of("reddit"));
  EXPECT_EQ(network_of("mastodon-search"), network_of("gotosocial"));
  EXPECT_NE(network_of("hackernews"), network_of("reddit"));
}

TEST(Network, OfAnOwnDefinitionIsItsFilesName) {
  EXPECT_EQ(network_of("defs/forum.toml"), "forum");
  EXPECT_EQ(network_of("defs/reddit-jobs.toml"), "reddit");
  EXPECT_EQ(network_of("feed"), "feed");
}

}  // namespace
}  // namespace vigie
