// docs/add-a-source.md, followed to the letter: its blocks make the files, its commands are run in their order, and
// what it shows below each command is what is printed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "collectors/definition.h"
#include "collectors/source.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kDocument = "docs/add-a-source.md";
constexpr std::string_view kData = "tests/collectors/data/walkthrough/";
constexpr std::string_view kDefinition = "peertube.toml";
constexpr std::string_view kRecording = "recorded/search.exchanges.jsonl";

// A fenced block: ```toml peertube.toml +
struct Block {
  int line = 0;
  std::string language, about;  // "toml", "peertube.toml +"
  std::string text;
};

std::vector<Block> blocks_of(const std::string& document) {
  std::vector<Block> blocks;
  bool inside = false;
  int number = 0;
  for (const std::string_view line : split(document, '\n')) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (!inside) continue;
      const std::string_view info = line.substr(3);
      const std::size_t space = std::min(info.find(' '), info.size());
      blocks.push_back({number, std::string(info.substr(0, space)), std::string(trim(info.substr(space))), ""});
    } else if (inside) {
      blocks.back().text += concat(line, "\n");
    }
  }
  return blocks;
}

std::string data(std::string_view name) { return test::read_bytes(test::source_path(concat(kData, name))); }

// Someone who does what the document says, in a folder of their own.
class Follower {
 public:
  // A block that is no file and no command (how to record, say) is read and left.
  void follow(const Block& block) {
    if (block.language == "diff") return change(block.text);
    if (block.about == kRecording) folder_.write(kRecording, block.text);
    if (block.about == kDefinition) definition_ = block.text;
    if (block.about == concat(kDefinition, " +")) definition_ += block.text;
    folder_.write(kDefinition, definition_);
  }

  // What a command prints: mentions, then what it has to say about the others.
  std::string run(std::string_view command) const {
    std::vector<std::string_view> words = split(command, ' ');
    if (words.size() < 6 || words[1] != "vigie" || words[2] != "source" || words[3] != "test") return "?";
    SourceTest test;
    test.definition_path = folder_.file(words[4]);
    test.folder = folder_.file(words[5]);
    test.now = *parse_rfc3339("2026-11-21T00:00:00Z");
    for (std::size_t i = 6; i + 1 < words.size() && words[i] == "--param"; i += 2) {
      const std::vector<std::string_view> pair = split(words[i + 1], '=');
      test.params.emplace(pair.at(0), pair.at(1));
    }
    std::string out, err;
    test_source(test, out, err);
    return without_folder(out + err);
  }

  const std::string& definition() const { return definition_; }
  std::string path_of(std::string_view file) const { return folder_.file(file); }

 private:
  // "-" and " " lines stand in the definition, once, and become the "+" and " " lines.
  void change(const std::string& diff) {
    std::string before, after;
    for (const std::string_view line : split(diff, '\n')) {
      if (line.empty()) continue;
      if (line[0] != '+') before += concat(line.substr(1), "\n");
      if (line[0] != '-') after += concat(line.substr(1), "\n");
    }
    const std::size_t at = definition_.find(before);
    ASSERT_NE(at, std::string::npos) << "not in the definition:\n" << before;
    ASSERT_EQ(definition_.find(before, at + 1), std::string::npos) << "twice in the definition:\n" << before;
    definition_.replace(at, before.size(), after);
    folder_.write(kDefinition, definition_);
  }

  std::string without_folder(std::string text) const {
    const std::string prefix = folder_.file("");
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

  test::TempDir folder_;
  std::string definition_;
};

class Walkthrough : public testing::Test {
 protected:
  const std::vector<Block> blocks_ = blocks_of(test::read_bytes(test::source_path(kDocument)));

  const Block* block_about(std::string_view about) const {
    for (const Block& block : blocks_) {
      if (block.about == about) return &block;
    }
    return nullptr;
  }
};

TEST_F(Walkthrough, PrintsAtEachStageWhatItShows) {
  Follower follower;
  int commands = 0;

  for (const Block& block : blocks_) {
    if (block.language != "console") {
      follower.follow(block);
      continue;
    }
    const std::size_t end = block.text.find('\n');
    EXPECT_EQ(follower.run(block.text.substr(0, end)), block.text.substr(end + 1)) << kDocument << ":" << block.line;
    ++commands;
  }

  EXPECT_GE(commands, 8);
}

TEST_F(Walkthrough, EndsWithTheFilesOfTheSourceTree) {
  Follower follower;
  std::string last;

  for (const Block& block : blocks_) {
    block.language == "console" ? static_cast<void>(last = block.text) : follower.follow(block);
  }

  EXPECT_EQ(follower.definition(), data(kDefinition));
  EXPECT_THAT(last, HasSubstr(data("expected.jsonl")));
  ASSERT_NE(block_about(kRecording), nullptr);
  EXPECT_EQ(block_about(kRecording)->text, data(kRecording));
}

TEST_F(Walkthrough, NeedsOneDefinitionAndOneRecordedFolder) {
  SourceTest test;
  test.definition_path = test::source_path(concat(kData, kDefinition)).string();
  test.folder = test::source_path(concat(kData, "recorded")).string();
  test.params = {{"instance", "peertube.example.org"}, {"query", "tilvane"}};
  test.now = *parse_rfc3339("2026-11-21T00:00:00Z");
  std::string out, err;

  EXPECT_EQ(test_source(test, out, err), 0) << err;

  EXPECT_EQ(out, data("expected.jsonl"));
}

TEST_F(Walkthrough, ItsConfigurationOpensTheSource) {
  Follower follower;
  for (const Block& block : blocks_) {
    if (block.language != "console") follower.follow(block);
  }
  const Block* const block = block_about("vigie.toml");
  ASSERT_NE(block, nullptr);
  const config::Tree tree = config::Tree::parse(block->text, "vigie.toml");
  const std::vector<config::Node> sources = tree.root().children("source");
  ASSERT_EQ(sources.size(), 1u);

  SourceSettings settings;
  settings.id = sources[0].text("id");
  settings.kind = follower.path_of(sources[0].text("kind"));
  settings.params = {{"instance", sources[0].text("instance")}, {"query", sources[0].text("query")}};
  const Result<OpenedSource> opened = open_source(settings);

  EXPECT_THAT(tree.problems(), IsEmpty());
  EXPECT_TRUE(opened.has_value()) << opened.error().what;
}

}  // namespace
}  // namespace vigie
