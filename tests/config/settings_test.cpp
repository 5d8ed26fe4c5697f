#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/options.h"

namespace vigie {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const std::filesystem::path kRoot = VIGIE_SOURCE_DIR;

std::string no_brackets(std::string_view query) {
  return query.find('(') == std::string_view::npos ? "" : "character 1: expected no bracket";
}

Kinds kinds() {
  Kinds kinds;
  kinds.definitions["hackernews"] = {{"query"}, {}, "Hacker News reviews"};
  kinds.definitions["forum"] = {{"topic", "page?"}, {"token", "spare?"}};
  kinds.check_query = no_brackets;
  return kinds;
}

std::string problems(const config::Tree& tree) {
  std::string lines;
  for (const config::Problem& problem : tree.problems()) lines += problem.text() + "\n";
  return lines;
}

std::string slurp(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

struct Outcome {
  Settings settings;
  std::string problems;
};

Outcome read(const std::string& text) {
  const config::Tree tree = config::Tree::parse(text, "v.toml");
  Outcome outcome{read_settings(tree, kinds()), ""};
  outcome.problems = problems(tree);
  return outcome;
}

const std::string kBrand = "[[brand]]\nid = 'acme'\nname = 'Acme'\n";
const std::string kSource = "[[source]]\nid = 'hn'\nkind = 'hackernews'\nquery = 'acme'\n";
const std::string kMinimal = kBrand + kSource;

TEST(Settings, NeedOneBrandAndOneSourceAndNothingElse) {
  const auto [settings, problems] = read(kMinimal);

  EXPECT_EQ(problems, "");
  EXPECT_EQ(settings.data, "data");
  EXPECT_EQ(settings.bus, "memory:");
  ASSERT_EQ(settings.brands.size(), 1u);
  EXPECT_EQ(settings.brands[0].match, "\"Acme\"");
  EXPECT_EQ(settings.brands[0].language, "en");
  ASSERT_EQ(settings.sources.size(), 1u);
  EXPECT_THAT(settings.sources[0].params, ElementsAre(Pair("query", "acme")));
  EXPECT_EQ(settings.sources[0].every_min, minutes(2));
  EXPECT_EQ(settings.sources[0].every_max, hours(6));
  EXPECT_EQ(settings.serve.public_url, "http://127.0.0.1:8080");
  EXPECT_EQ(settings.detect.budget, 1.0);
}

TEST(Settings, SayWhatIsMissingFromAFileWithoutBrandOrSource) {
  EXPECT_EQ(read("data = 'd'\n").problems,
            "v.toml:1:1: brand: expected at least one [[brand]], found none\n"
            "v.toml:1:1: source: expected at least one [[source]], found none\n");
}

TEST(Settings, AcceptTheExampleThatIsShipped) {
  const config::Tree tree = config::Tree::load((kRoot / "config/vigie.toml").string());

  read_settings(tree, kinds());

  EXPECT_EQ(problems(tree), "");
}

TEST(Settings, ShowEveryOptionInTheExampleThatIsShipped) {
  const std::string example = slurp(kRoot / "config/vigie.toml");

  for (const config::Section& section : config::sections()) {
    for (const config::Field& field : section.fields) {
      const std::string as_key = concat(field.name, " = "), as_table = concat(field.name, ".");
      EXPECT_TRUE(example.find(as_key) != std::string::npos || example.find(as_table) != std::string::npos)
          << section.name << "." << field.name << " is not in config/vigie.toml";
    }
  }
}

TEST(Settings, AreDescribedOptionByOptionInTheReference) {
  const std::string reference = settings_reference();

  for (const config::Section& section : config::sections()) {
    for (const config::Field& field : section.fields) {
      EXPECT_THAT(reference, HasSubstr(concat("| `", field.name, "` | "))) << section.name;
      EXPECT_THAT(reference, HasSubstr(std::string(field.help)));
    }
  }
  EXPECT_THAT(reference, HasSubstr("| `port` | whole number (1..65535) | `587` | Its port |"));
}

TEST(Settings, CallASourceWhatItsReadersCallIt) {
  const std::string network = "[[source]]\nkind='hackernews'\nquery='acme'\n";
  const auto [settings, problems] = read(kBrand + network + "id='a'\n" + network + "id='b'\nname='Our reviews'\n" +
                                         "[[source]]\nid='c'\nkind='file'\nurl='a.jsonl'\n" +
                                         "[[source]]\nid='d'\nkind='mine.toml'\nname='Le forum'\n");

  EXPECT_EQ(problems, "");
  ASSERT_EQ(settings.sources.size(), 4u);
  EXPECT_EQ(settings.sources[0].name, "Hacker News") << "reviews of it stand where that is seen";
  EXPECT_EQ(settings.sources[1].name, "Our reviews");
  EXPECT_EQ(settings.sources[2].name, "c");
  EXPECT_EQ(settings.sources[3].name, "Le forum");
  EXPECT_TRUE(settings.sources[3].params.empty());
}

TEST(Settings, ReadASourceOfEachKind) {
  ::setenv("VIGIE_FORUM_TOKEN", "tok-12345", 1);
  const auto [settings, problems] =
      read(kBrand +
           "[[source]]\nid='f'\nkind='feed'\nurl='https://a.example/feed'\nevery='10m'\n"
           "[[source]]\nid='l'\nkind='file'\nurl='a.jsonl'\nbrand='acme'\nwall=true\n"
           "[[source]]\nid='q'\nkind='forum'\ntopic=42\nevery=['1m','2h']\nsecrets.token={env='VIGIE_FORUM_TOKEN'}\n"
           "[[source]]\nid='o'\nkind='mine.toml'\nanything='goes'\n");
  ::unsetenv("VIGIE_FORUM_TOKEN");

  EXPECT_EQ(problems, "");
  ASSERT_EQ(settings.sources.size(), 4u);
  EXPECT_EQ(settings.sources[0].every_min, minutes(10));
  EXPECT_EQ(settings.sources[0].every_max, minutes(10));
  EXPECT_EQ(settings.sources[1].brand, "acme");
  EXPECT_TRUE(settings.sources[1].wall);
  EXPECT_THAT(settings.sources[2].params, ElementsAre(Pair("topic", "42")));
  EXPECT_THAT(settings.sources[2].secrets, ElementsAre(Pair("token", "tok-12345")));
  EXPECT_EQ(settings.sources[2].every_max, hours(2));
  EXPECT_THAT(settings.sources[3].params, ElementsAre(Pair("anything", "goes")));
}

TEST(Settings, AskForTheParametersAndSecretsOfADefinition) {
  EXPECT_EQ(read(kBrand + "[[source]]\nid='q'\nkind='forum'\n").problems,
            "v.toml:4:1: source[0].secrets.token: expected a table { env = \"NAME\" } or { file = \"PATH\" }, found "
            "nothing: kind \"forum\" asks for it\n"
            "v.toml:4:1: source[0].topic: expected text, found nothing: kind \"forum\" asks for it\n");
}

TEST(Settings, LendAnEndpointTheLanguageAndZoneOfItsPerson) {
  const auto [settings, problems] =
      read(kMinimal +
           "[[person]]\nid='camille'\nlanguage='fr'\ntime_zone='Europe/Paris'\n"
           "[[endpoint]]\nid='a'\nkind='file'\nfolder='m'\nperson='camille'\n"
           "[[endpoint]]\nid='b'\nkind='file'\nfolder='m'\nperson='camille'\nlanguage='en'\n"
           "[[endpoint]]\nid='c'\nkind='file'\nfolder='m'\n");

  EXPECT_EQ(problems, "");
  ASSERT_EQ(settings.endpoints.size(), 3u);
  EXPECT_EQ(settings.endpoints[0].language, "fr");
  EXPECT_EQ(settings.endpoints[0].time_zone, "Europe/Paris");
  EXPECT_EQ(settings.endpoints[1].language, "en");
  EXPECT_EQ(settings.endpoints[1].time_zone, "Europe/Paris");
  EXPECT_EQ(settings.endpoints[2].language, "en");
  EXPECT_EQ(settings.endpoints[2].time_zone, "UTC");
}

TEST(Settings, ReadAWebhookWhoseAddressIsASecretToo) {
  ::setenv("VIGIE_HOOK_URL", "https://hooks.example.org/t/abcdef", 1);
  ::setenv("VIGIE_HOOK_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", 1);
  const auto [settings, problems] =
      read(kMinimal +
           "[[endpoint]]\nid='h'\nkind='webhook'\nurl={env='VIGIE_HOOK_URL'}\nsecret={env='VIGIE_HOOK_SECRET'}\n");
  ::unsetenv("VIGIE_HOOK_URL");
  ::unsetenv("VIGIE_HOOK_SECRET");

  EXPECT_EQ(problems, "");
  ASSERT_EQ(settings.endpoints.size(), 1u);
  EXPECT_EQ(settings.endpoints[0].url, "https://hooks.example.org/t/abcdef");
}

TEST(Settings, RefuseAWebhookSecretThatIsTooShortWithoutShowingIt) {
  ::setenv("VIGIE_HOOK_SECRET", "whsec_c2hvcnQ=", 1);
  const auto [settings, problems] = read(
      kMinimal + "[[endpoint]]\nid='h'\nkind='webhook'\nurl='https://h.example/x'\nsecret={env='VIGIE_HOOK_SECRET'}\n");
  ::unsetenv("VIGIE_HOOK_SECRET");

  EXPECT_EQ(
      problems,
      "v.toml:12:8: endpoint[0].secret: expected whsec_ followed by 24 to 64 bytes in base64, found another text\n");
}

TEST(Settings, CheckABrandsQuery) {
  EXPECT_THAT(
      read("[[brand]]\nid='a'\nname='A'\nmatch='(acme'\n" + kSource).problems,
      HasSubstr(
          "v.toml:4:7: brand[0].match: expected a brand query, found a mistake: character 1: expected no bracket"));
}

TEST(Settings, LetMailInTheClearOnlyTowardsThisMachine) {
  const auto mail = [](const std::string& host) {
    return read(kMinimal + "[mail]\nhost='" + host + "'\ntls='none'\nfrom='v@a.example'\n").problems;
  };

  EXPECT_EQ(mail("localhost"), "");
  EXPECT_EQ(mail("127.0.0.2"), "");
  EXPECT_EQ(mail("::1"), "");
  EXPECT_THAT(mail("10.0.0.1"), HasSubstr("mail.tls: expected \"starttls\" or \"tls\", found \"none\""));
  EXPECT_THAT(mail("localhost.example.org"), HasSubstr("mail.tls: expected"));
}

TEST(Settings, DeriveThePublicAddressFromWhatIsListenedOn) {
  const auto [settings, problems] =
      read(kMinimal + "[serve]\npublic='127.0.0.1:9000'\nconsole='127.0.0.1:0'\nconsole_url='https://c.example'\n");

  EXPECT_EQ(problems, "");
  EXPECT_EQ(settings.serve.public_url, "http://127.0.0.1:9000");
  EXPECT_EQ(settings.serve.console_url, "https://c.example");
}

TEST(Settings, RefuseOneAddressForPublicAndConsole) {
  EXPECT_THAT(read(kMinimal + "[serve]\npublic='127.0.0.1:8081'\n").problems,
              HasSubstr("serve.public: expected two addresses, one for the public and one for the console"));
}

TEST(Settings, NeverShowAPasswordWrittenIntoAUrl) {
  const std::string told =
      read(kBrand + "[[source]]\nid='f'\nkind='feed'\nurl='https://me:hunter2@a.example/feed'\n").problems;

  EXPECT_THAT(told, HasSubstr("source[0].url: expected an address without user name and password"));
  EXPECT_THAT(told, testing::Not(HasSubstr("hunter2")));
}

// Every broken configuration under data/ says exactly what stands beside it.
class BrokenConfiguration : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(BrokenConfiguration, IsReportedLineByLine) {
  std::filesystem::path expected = GetParam();
  expected.replace_extension(".expected");

  const config::Tree tree = config::Tree::parse(slurp(GetParam()), GetParam().filename().string());
  read_settings(tree, kinds());

  EXPECT_EQ(problems(tree), slurp(expected));
}

std::vector<std::filesystem::path> broken() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "tests/config/data")) {
    if (entry.path().extension() == ".toml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

INSTANTIATE_TEST_SUITE_P(Data, BrokenConfiguration, testing::ValuesIn(broken()),
                         [](const auto& broken_file) { return broken_file.param.stem().string(); });

const std::string kStage = "[second_stage]\nmodel = 'm.onnx'\ntokenizer = 't.json'\n";

TEST(SecondStageSettings, AreOffUnlessTheSectionIsThere) {
  EXPECT_FALSE(read(kBrand).settings.second_stage.on);
  EXPECT_THAT(read(kBrand).problems, testing::Not(HasSubstr("second_stage")));
}

TEST(SecondStageSettings, HaveDefaultsForAllButTheModel) {
  const SecondStageSettings stage = read(kStage + "labels = ['neg', 'neg', 'neu', 'pos', 'pos']\n").settings.second_stage;

  EXPECT_TRUE(stage.on);
  EXPECT_EQ(stage.model, "m.onnx");
  EXPECT_THAT(stage.labels, ElementsAre(Label::negative, Label::negative, Label::neutral, Label::positive, Label::positive));
  EXPECT_EQ(stage.name, "second");
  EXPECT_EQ(stage.below, 0.6);
  EXPECT_EQ(stage.share, 0);
  EXPECT_EQ(stage.weight, 0.5);
  EXPECT_EQ(stage.budget, seconds(2));
  EXPECT_EQ(stage.batch, 1);
  EXPECT_EQ(stage.max_tokens, 128);
}

TEST(SecondStageSettings, NameWhatIsWrongWithThem) {
  EXPECT_THAT(read("[second_stage]\n").problems, testing::AllOf(HasSubstr("second_stage.model: expected text"),
                                                               HasSubstr("second_stage.tokenizer: expected text"),
                                                               HasSubstr("second_stage.labels: expected a list")));
  EXPECT_THAT(read(kStage + "labels = ['neg', 'good']\n").problems,
              HasSubstr("second_stage.labels: expected each to be \"neg\", \"neu\" or \"pos\""));
  EXPECT_THAT(read(kStage + "labels = ['neg', 'neu']\n").problems, HasSubstr("found only one side"));
  EXPECT_THAT(read(kStage + "labels = ['neg', 'pos']\nweight = 0\n").problems, HasSubstr("second_stage.weight: expected more than 0"));
  EXPECT_THAT(read(kStage + "labels = ['neg', 'pos']\nshare = 2\n").problems, HasSubstr("second_stage.share: expected 0 to 1"));
  EXPECT_THAT(read(kStage + "labels = ['neg', 'pos']\nmax_tokens = 4\n").problems, HasSubstr("second_stage.max_tokens"));
  EXPECT_THAT(read(kStage + "labels = ['neg', 'pos']\nbudget = '2h'\n").problems, HasSubstr("at most \"1m\""));
}

TEST(SecondStageSettings, CanBeReadFromAFileThatHoldsNothingElse) {
  const config::Tree tree = config::Tree::parse(kStage + "labels = ['neg', 'pos']\n", "s.toml");

  EXPECT_TRUE(read_second_stage(tree).on);
  EXPECT_THAT(problems(tree), IsEmpty());
}

}  // namespace
}  // namespace vigie
