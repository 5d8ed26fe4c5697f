#include "app/data_register.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "store/sqlite.h"
#include "tests/support/catalogue.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// "table.column" of everything in the schema that holds text or bytes.
std::set<std::string> columns_of_the_schema() {
  std::set<std::string> found;
  auto driver = open_sqlite_driver(":memory:");
  if (!driver || !migrate_sqlite(**driver, "memory")) return found;
  const auto query = (*driver)->prepare(
      "select t.name, c.name from sqlite_schema t, pragma_table_xinfo(t.name) c where t.type = 'table' and "
      "t.name not like 'sqlite_%' and t.name not like 'mention\\_words\\_%' escape '\\' and c.hidden = 0 and "
      "(lower(c.type) in ('text', 'blob') or t.name = 'mention_words')");
  while (query && (*query)->step().value_or(false)) found.insert(concat((*query)->text(0), ".", (*query)->text(1)));
  return found;
}

TEST(DataRegister, KnowsEveryColumnOfTheSchemaThatHoldsText) {
  std::set<std::string> known;
  for (const HeldColumns& table : held_columns()) {
    for (const std::string_view columns : {table.personal, table.other}) {
      for (const std::string_view column : split(columns, ' ')) {
        if (!column.empty()) known.insert(concat(table.table, ".", column));
      }
    }
  }

  const std::set<std::string> schema = columns_of_the_schema();

  ASSERT_FALSE(schema.empty());
  std::vector<std::string> unknown, gone;
  std::set_difference(schema.begin(), schema.end(), known.begin(), known.end(), std::back_inserter(unknown));
  std::set_difference(known.begin(), known.end(), schema.begin(), schema.end(), std::back_inserter(gone));
  EXPECT_THAT(unknown, IsEmpty()) << "name them in held_columns(): what they hold of people, what for, how long";
  EXPECT_THAT(gone, IsEmpty());
}

TEST(DataRegister, SaysTheRealTermsAndRecipientsInBothLanguages) {
  Settings settings;
  settings.organisation = "Acme SARL";
  settings.wall.keep = 400 * kDay;
  EndpointSettings desk;
  desk.id = "desk";
  desk.kind = "slack";
  settings.endpoints = {desk};

  const auto french = data_register(settings, "fr"), english = data_register(settings, "en");

  ASSERT_TRUE(french && english);
  EXPECT_THAT(*french, AllOf(HasSubstr("Acme SARL"), HasSubstr("400 jours"), HasSubstr("desk (slack)")));
  EXPECT_THAT(*english, AllOf(HasSubstr("400 days"), HasSubstr("`reviews`: `contact`"), HasSubstr("`review_values`")));
}

TEST(DataRegister, SaysTheSameThingsInBothLanguages) { EXPECT_THAT(test::catalogue_faults("privacy"), IsEmpty()); }

}  // namespace
}  // namespace vigie
