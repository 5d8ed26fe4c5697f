// What every kind that is neither polled nor read from a file owes: it is documented, it says what is wrong with its
// options, and it shows no secret.

#include "collectors/coded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/http.h"
#include "collectors/imap.h"
#include "collectors/push.h"
#include "collectors/stream.h"
#include "tests/support/files.h"

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kCanary = "canary-5521-of-some-length";

SourceSettings usable(const CodedKind& kind) {
  SourceSettings settings;
  settings.id = "contract";
  settings.kind = kind.id;
  settings.params = {{"host", "source.example.org"}, {"user", "care"}};
  for (const std::string& secret : kind.secrets) settings.secrets[secret] = kCanary;
  return settings;
}

class CodedKindContract : public testing::TestWithParam<CodedKind> {};

TEST_P(CodedKindContract, IsDocumentedWithAllItAsksFor) {
  const std::string page = test::read_bytes(test::source_path("docs/mailboxes-streams-pushes.md"));

  EXPECT_THAT(page, HasSubstr(concat("kind = \"", GetParam().id, "\"")));
  for (const std::string& secret : GetParam().secrets) EXPECT_THAT(page, HasSubstr(concat("secrets.", secret)));
}

TEST_P(CodedKindContract, OpensWithWhatItAsksFor) {
  const Result<void> checked = GetParam().check(usable(GetParam()));

  EXPECT_TRUE(checked) << checked.error().what;
}

TEST_P(CodedKindContract, NamesTheOptionThatDoesNotFitAndNoSecret) {
  SourceSettings settings = usable(GetParam());
  settings.params = {{"host", "not a host/"}, {"content", "poem"}, {"user", "care"}};

  const Result<void> checked = GetParam().check(settings);

  ASSERT_FALSE(checked);
  EXPECT_EQ(to_text(checked.error().kind), "bad_config");
  EXPECT_THAT(checked.error().what, HasSubstr(": expected"));
  EXPECT_THAT(checked.error().what, Not(HasSubstr(kCanary)));
}

TEST_P(CodedKindContract, IsFoundByItsName) { EXPECT_NE(find_coded(GetParam().id), nullptr); }

INSTANTIATE_TEST_SUITE_P(Kinds, CodedKindContract, testing::ValuesIn(coded_kinds()), [](const auto& kind) {
  std::string name(kind.param.id);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace vigie
