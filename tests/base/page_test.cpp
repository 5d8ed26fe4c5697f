#include "base/page.h"

#include <gtest/gtest.h>

namespace vigie {

TEST(Page, LinksOnlyToTheWeb) {
  EXPECT_EQ(safe_link("https://forum.example/t/1"), "https://forum.example/t/1");
  EXPECT_EQ(safe_link("HTTP://forum.example/"), "HTTP://forum.example/");
  EXPECT_EQ(safe_link("javascript:alert(1)//https://"), "");
  EXPECT_EQ(safe_link(" https://forum.example"), "");
  EXPECT_EQ(safe_link(""), "");
}

TEST(Page, NamesAnAssetAfterItsBytes) {
  const Asset asset = make_asset("wall/assets/wall.css", "text/css");

  EXPECT_FALSE(asset.bytes.empty());
  EXPECT_TRUE(asset.path.starts_with("/assets/wall-") && asset.path.ends_with(".css")) << asset.path;
  EXPECT_EQ(asset_reply(asset).body, asset.bytes);
}

TEST(Page, SaysWhichTemplateIsMissing) {
  const auto html = fill_template("wall/assets/none.mustache", json::Writer().begin_object().end_object());

  ASSERT_FALSE(html);
  EXPECT_EQ(html.error().what, "wall/assets/none.mustache: not built into this program");
}

}  // namespace vigie
