#include "config/override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kFile = R"(
[[brand]]
id = "acme"
name = "Acme"

[[source]]
id = "news"
kind = "feed"
url = "https://news.example/feed"

[[source]]
id = "blog"
kind = "feed"
url = "https://blog.example/feed"

[[endpoint]]
id = "folder"
kind = "file"
folder = "messages"

[[route]]
to = ["folder"]
)";

// The settings with one value written over, or what was wrong.
struct Changed {
  Settings settings;
  std::string wrong;
};
Changed change(std::string_view path, std::string_view value) {
  config::Tree tree = config::Tree::parse(kFile, "vigie.toml");
  Changed changed;
  changed.wrong = tree.set(path, value);
  if (!changed.wrong.empty()) return changed;
  changed.settings = read_settings(tree, {});
  for (const config::Problem& problem : tree.problems()) changed.wrong += concat(problem.path, ": ", problem.message);
  return changed;
}

TEST(Override, AddsASectionThatTheFileHasNot) {
  const Changed changed = change("detect.budget", "0.5");

  EXPECT_THAT(changed.wrong, IsEmpty());
  EXPECT_EQ(changed.settings.detect.budget, 0.5);
}

TEST(Override, FindsARepeatedTableByItsIdOrItsPlace) {
  EXPECT_EQ(change("source.blog.url", "https://new.example/feed").settings.sources.at(1).url,
            "https://new.example/feed");
  EXPECT_EQ(change("source.0.url", "\"https://new.example/feed\"").settings.sources.at(0).url,
            "https://new.example/feed");
  EXPECT_EQ(change("route.0.min_severity", "high").settings.routes.at(0).min_severity, Severity::high);
}

TEST(Override, NamesTheNearestOfWhatIsNotThere) {
  EXPECT_THAT(change("source.blug.url", "x").wrong, HasSubstr("did you mean \"blog\"?"));
  EXPECT_THAT(change("detect.budgt", "1").wrong, HasSubstr("did you mean \"budget\"?"));
  EXPECT_THAT(change("detekt.budget", "1").wrong, HasSubstr("did you mean \"detect\"?"));
}

TEST(Override, RefusesWhatIsNoPath) {
  EXPECT_THAT(change("", "1").wrong, HasSubstr("expected the path of a setting"));
  EXPECT_THAT(change("detect..budget", "1").wrong, HasSubstr("one dot between"));
  EXPECT_THAT(change("data.x", "1").wrong, testing::AnyOf(HasSubstr("found"), HasSubstr("expected")));
  EXPECT_THAT(change("source.blog.url.x", "1").wrong, HasSubstr("expected a table at \"url\", found a value"));
}

TEST(Override, SaysWhatAValueShouldHaveBeen) {
  EXPECT_THAT(change("detect.budget", "much").wrong, HasSubstr("expected number, found text"));
  EXPECT_THAT(change("detect.budget", "-1").wrong, HasSubstr("found -1"));
}

}  // namespace
}  // namespace vigie
