#include "app/cmd_train_language.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/exit.h"
#include "pipeline/language/model.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using testing::HasSubstr;

constexpr std::string_view kRows =
    "a:1\ten\ttweet\t-\tthe parcel never came\na:2\tfr\ttweet\t-\tle colis est perdu\na:3\tde\ttweet\t-\tdas paket ist "
    "weg\n"
    "a:4\tes\ttweet\t-\tel paquete no llega\na:5\tit\ttweet\t-\til pacco non arriva\na:6\tpt\ttweet\t-\to pacote não "
    "chega\n";

class TrainLanguage : public testing::Test {
 protected:
  int run(const TrainLanguageRequest& request) { return cmd_train_language(request, out_, err_); }
  test::TempDir dir_;
  std::ostringstream out_, err_;
};

TEST_F(TrainLanguage, WritesAModelThatCanBeRead) {
  const std::string data = dir_.write("rows.tsv", kRows);
  ASSERT_EQ(run({{data}, {}, dir_.file("language.vlm")}), kDone) << err_.str();

  const std::string bytes = test::read_bytes(dir_.file("language.vlm"));
  EXPECT_TRUE(language::Model::over(bytes));
  EXPECT_THAT(out_.str(), HasSubstr("6 rows"));
  EXPECT_FALSE(std::filesystem::exists(dir_.file("language.vlm.part")));
}

TEST_F(TrainLanguage, NamesWhatIsWrong) {
  const std::string data = dir_.write("rows.tsv", kRows);
  EXPECT_EQ(run({{dir_.file("absent.tsv")}, {}, dir_.file("m")}), kBadInput);
  EXPECT_EQ(run({{data}, {"a"}, dir_.file("m")}), kBadInput);
  EXPECT_EQ(run({{data}, {"a:pt=0"}, dir_.file("m")}), kBadInput);
  EXPECT_EQ(run({{data}, {}, dir_.file("absent/m")}), kOutsideFault);

  EXPECT_THAT(err_.str(), HasSubstr("absent.tsv: cannot be read"));
  EXPECT_THAT(err_.str(), HasSubstr("found \"a\""));
  EXPECT_THAT(err_.str(), HasSubstr("no rows in \"pt\""));
  EXPECT_THAT(err_.str(), HasSubstr("absent/m.part: No such file or directory"));
}

}  // namespace
}  // namespace vigie
