// What every definition of collectors/sources owes: its recorded pages give exactly the mentions expected, however
// often the run is broken off; one bad item costs itself alone; no secret shows anywhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/node.h"
#include "tests/collectors/definition_run.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

using test::Folder;
using test::Harm;
using test::Opened;
using test::Told;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ShippedDefinition : public testing::TestWithParam<std::string> {
 protected:
  const Folder folder_ = test::folder_of(GetParam());
  const config::Tree tree_ =
      config::Tree::load(test::source_path(concat("collectors/sources/", GetParam(), ".toml")).string());
};

std::string test_name(const testing::TestParamInfo<std::string>& definition) {
  std::string name = definition.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, ShippedDefinition, testing::ValuesIn(test::shipped_definitions()), test_name);

// One mention a line, written as the program writes them: a failure then shows the lines that differ.
std::string expected_of(const std::filesystem::path& folder) {
  const std::string bytes = test::read_bytes(folder / "expected.jsonl");
  std::string lines;
  for (const std::string_view line : split(bytes, '\n')) {
    if (line.empty()) continue;
    const Result<json::Document> mention = json::parse(line);
    if (!mention) ADD_FAILURE() << folder << "/expected.jsonl: " << mention.error().what;
    json::Writer out;
    if (mention) out.value(mention->root());
    lines += concat(out.text(), "\n");
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += concat(line, "\n");
  return all;
}

TEST_P(ShippedDefinition, SaysHowItIsKnownAndWhatItTakes) {
  const config::Node source = tree_.root().child("source");

  EXPECT_EQ(source.text("id"), GetParam());
  EXPECT_THAT(source.text("grade"), testing::AnyOf("seen", "documented", "unconfirmed"));
  EXPECT_THAT(source.text("access"), Not(IsEmpty()));
  EXPECT_THAT(source.text("access"), Not(HasSubstr("\n")));
}

TEST_P(ShippedDefinition, GivesExactlyTheExpectedMentions) {
  const Told told = read_all(folder_, folder_.lines);

  EXPECT_EQ(told.error, "");
  EXPECT_EQ(joined(told.mentions), expected_of(folder_.path));
  const auto pages =
      std::count_if(told.pages.begin(), told.pages.end(), [](const auto& p) { return !p.mentions.empty(); });
  const bool has_pages = tree_.root().child("page").text("style", "none") != "none";
  EXPECT_GE(pages, has_pages ? 2 : 1) << "two pages with mentions, or more, are recorded";
  EXPECT_EQ(told.pages.size(), folder_.lines.size()) << "every recorded exchange is asked for, once";
}

TEST_P(ShippedDefinition, GoesOnFromItsBookmarkAfterEveryPage) {
  const Told whole = read_all(folder_, folder_.lines);

  const Told broken = read_all(folder_, folder_.lines, Opened::anew_for_each_page);

  EXPECT_EQ(broken.error, "");
  EXPECT_EQ(joined(broken.mentions), joined(whole.mentions));
  EXPECT_EQ(joined(broken.asked()), joined(whole.asked())) << "no page is asked for twice";
}

TEST_P(ShippedDefinition, LeavesABookmarkThatTheNextRunStartsFrom) {
  const Told told = read_all(folder_, folder_.lines);
  ASSERT_THAT(told.cursors, Not(IsEmpty()));
  const Cursor end{told.cursors.back()};

  const OpenedSource source = *open_source(folder_.settings);
  const Result<std::optional<HttpRequest>> request = source.http->next(end, folder_.now + hours(1));

  ASSERT_TRUE(request) << request.error().what;
  ASSERT_TRUE(*request);
  EXPECT_LE(end.value.size(), 8u << 10) << "a bookmark is a line, not a store";
}

// The first item of each recorded page in turn, and what it costs.
void expect_neighbours_kept(const Folder& folder, const config::Tree& tree, Harm harm) {
  const Told whole = read_all(folder, folder.lines);
  const bool expands = static_cast<bool>(tree.root().child("expand"));
  const std::string where = tree.root().child("items").text("where", ""), id = tree.root().child("map").text("id", "");
  // An item that `where` leaves out for its id is no fault, and what stands under an item cannot be found without it.
  const bool counted = harm == Harm::a_number || (!expands && where.find(id) == std::string::npos);
  int mentions_lost = 0;
  for (std::size_t i = 0; i < folder.lines.size(); ++i) {
    const std::optional<std::string> line = harmed(folder, folder.lines[i], harm);
    if (!line) continue;
    std::vector<std::string> lines = folder.lines;
    lines[i] = *line;

    const Told told = read_all(folder, lines);

    std::set<std::string> lost(whole.mentions.begin(), whole.mentions.end());
    for (const std::string& mention : told.mentions) lost.erase(mention);
    mentions_lost += lost.empty() ? 0 : 1;
    EXPECT_EQ(told.error, "") << "exchange " << i;
    EXPECT_LE(told.mentions.size(), whole.mentions.size()) << "exchange " << i;
    EXPECT_TRUE(lost.size() <= 1 || expands) << "exchange " << i << ": " << testing::PrintToString(lost);
    // Some of the recorded items are left out or rejected as they are.
    if (counted && !lost.empty()) {
      EXPECT_EQ(told.rejected.size(), whole.rejected.size() + 1) << "exchange " << i;
    }
  }
  EXPECT_TRUE(mentions_lost > 0 || harm == Harm::without_id) << "no recorded page starts with a mention";
}

TEST_P(ShippedDefinition, KeepsTheNeighboursOfAnItemThatIsNoObject) {
  expect_neighbours_kept(folder_, tree_, Harm::a_number);
}

TEST_P(ShippedDefinition, KeepsTheNeighboursOfAnItemWithoutId) {
  expect_neighbours_kept(folder_, tree_, Harm::without_id);
}

// --- secrets ---

// What must not be seen: the secrets, and each line of those that have several.
std::vector<std::string> hidden_texts(const Folder& folder) {
  std::vector<std::string> texts;
  for (const auto& [name, secret] : folder.settings.secrets) {
    for (const std::string_view line : split(secret, '\n')) {
      if (line.size() >= 6 && !line.starts_with("-----")) texts.emplace_back(line);
    }
  }
  return texts;
}

void expect_hidden(const Folder& folder, std::string_view shown, std::string_view where) {
  for (const std::string& text : hidden_texts(folder)) {
    EXPECT_EQ(shown.find(text), std::string_view::npos) << where << ": " << shown.substr(0, 300);
    EXPECT_EQ(shown.find(url_encode(text)), std::string_view::npos) << where << ": " << shown.substr(0, 300);
  }
}

TEST_P(ShippedDefinition, ShowsNoSecretInWhatItReads) {
  const Told told = read_all(folder_, folder_.lines);

  for (const std::string& mention : told.mentions) expect_hidden(folder_, mention, "a mention");
  for (const std::string& cursor : told.cursors) expect_hidden(folder_, cursor, "a bookmark");
  for (const Rejected& rejected : told.rejected) expect_hidden(folder_, rejected.reason, "a reason");
  for (const test::Page& page : told.pages) {
    expect_hidden(folder_, redact_url(page.request.url), "a URL for people");
    for (const auto& [name, value] : page.request.headers) expect_hidden(folder_, value, "a header that is logged");
  }
}

TEST_P(ShippedDefinition, ShowsNoSecretWhenAServerSaysItBack) {
  const Told told = read_all(folder_, folder_.lines);
  std::string all;
  for (const auto& [name, secret] : folder_.settings.secrets) {
    const bool signs = secret.starts_with("-----");  // it is sent to nobody
    if (!signs) all += concat(secret, " ", url_encode(secret), " ");
  }

  for (std::size_t i = 0; i < told.pages.size(); ++i) {
    const OpenedSource source = *open_source(folder_.settings);
    const Cursor before{i == 0 || i > told.cursors.size() ? "" : told.cursors[i - 1]};
    for (const int status : {200, 400, 401, 403, 404, 429, 500}) {
      for (const std::string& body : {concat("<html>", all, "</html>"), concat("{\"error\":\"", all, "\"}")}) {
        HttpReply reply;
        reply.status = status;
        reply.url = concat(told.pages[i].request.url, "#", all);
        reply.body = body;
        const Result<Batch> batch = source.http->read(reply, before, folder_.now);
        if (!batch) expect_hidden(folder_, batch.error().what, "an error");
        if (batch) expect_hidden(folder_, batch->next.value, "a bookmark");
      }
    }
  }
}

// --- looking again ---

std::vector<KnownMention> known_mentions(const json::Value& list) {
  std::vector<KnownMention> known;
  for (std::size_t i = 0; i < list.size(); ++i)
    known.push_back({list[i].text_or("id", ""), list[i].text_or("native", "")});
  return known;
}

// What the recheck of all of `known` says, in requests of as many as it takes at once.
Result<Batch> look_again(const Folder& folder, const std::vector<KnownMention>& known) {
  // The bookmark holds what the first run logged in with.
  const Told told = read_all(folder, folder.lines);
  const Cursor cursor{told.cursors.empty() ? "" : told.cursors.back()};
  TRY(const OpenedSource source, open_source(folder.settings));
  TRY(Recording recording, Recording::load((folder.path / "recheck").string()));
  if (!source.recheck) return fail(ErrorKind::bug, "no recheck");
  Batch all;
  for (std::size_t at = 0; at < known.size();) {
    const std::size_t count = std::min(source.recheck->at_once(), known.size() - at);
    const auto begin = known.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<KnownMention> some(begin, begin + static_cast<std::ptrdiff_t>(count));
    TRY(const std::optional<HttpRequest> request, source.recheck->ask(some, cursor, folder.now));
    const std::optional<HttpReply> reply = request ? recording.answer(*request) : std::nullopt;
    if (!reply) return fail(ErrorKind::bug, concat("no recorded answer for ", request ? request->url : "none"));
    TRY(Batch batch, source.recheck->read(*reply, some, cursor, folder.now));
    all.mentions.insert(all.mentions.end(), batch.mentions.begin(), batch.mentions.end());
    all.gone.insert(all.gone.end(), batch.gone.begin(), batch.gone.end());
    at += count;
  }
  return all;
}

TEST_P(ShippedDefinition, LearnsOfEditsAndDeletions) {
  if (!tree_.root().child("recheck")) GTEST_SKIP() << "it cannot look again";
  if (!std::filesystem::exists(folder_.path / "recheck")) GTEST_SKIP() << "no answer to looking again is recorded";
  const std::string bytes = test::read_bytes(folder_.path / "recheck" / "recheck.json");
  const json::Document given = json::parse(bytes).value_or(json::Document());
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < given.root().at("gone").size(); ++i) gone.emplace_back(given.root().at("gone")[i].raw());

  const Result<Batch> batch = look_again(folder_, known_mentions(given.root().at("known")));

  ASSERT_TRUE(batch) << batch.error().what;
  EXPECT_THAT(batch->gone, testing::UnorderedElementsAreArray(gone));
  std::vector<std::string> now;
  for (const Mention& mention : batch->mentions) now.push_back(to_json(mention));
  EXPECT_EQ(joined(now), expected_of(folder_.path / "recheck"));
}

TEST_P(ShippedDefinition, TakesNoOtherAnswerForDeletions) {
  const OpenedSource source = *open_source(folder_.settings);
  if (!source.recheck) GTEST_SKIP() << "it cannot look again";

  for (const std::string_view body : {"{\"message\":\"moved\"}", "[7]", "<html>please log in</html>", ""}) {
    HttpReply reply;
    reply.status = 200;
    reply.url = "https://api.example.org/";
    reply.body = body;
    const Result<Batch> batch = source.recheck->read(reply, {{"1", "1"}}, {}, folder_.now);
    EXPECT_TRUE(!batch || batch->gone.empty()) << body;
  }
}

// --- the documentation ---

std::string names(const config::Node& node, bool optional_mark) {
  std::string all;
  for (const std::string& name : node.keys()) {
    const bool optional = optional_mark && node.text(name).ends_with('?');
    all += concat(all.empty() ? "" : ", ", name, optional ? "?" : "");
  }
  return all;
}

std::string table_of_networks() {
  std::string table = "| id | what | access | grade | asks for | secrets |\n|---|---|---|---|---|---|\n";
  for (const std::string& id : test::shipped_definitions()) {
    const config::Tree tree =
        config::Tree::load(test::source_path(concat("collectors/sources/", id, ".toml")).string());
    const config::Node source = tree.root().child("source");
    std::string secrets;
    for (const std::string& secret : source.list("secrets")) secrets += concat(secrets.empty() ? "" : ", ", secret);
    table += concat("| `", id, "` | ", source.text("name"), " | ", source.text("access"), " | ", source.text("grade"),
                    source.boolean("enabled", true) ? "" : ", off", " | ", names(source.child("params"), true), " | ",
                    secrets, " |\n");
  }
  return table;
}

TEST(ShippedDefinitions, AreAllInTheDocumentation) {
  const std::string page = test::read_bytes(test::source_path("docs/sources.md"));

  EXPECT_NE(page.find(table_of_networks()), std::string::npos) << "docs/sources.md: expected this table of networks\n"
                                                               << table_of_networks();
}

}  // namespace
}  // namespace vigie
