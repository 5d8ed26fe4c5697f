#include "model/false_alarm.h"

#include <gtest/gtest.h>

namespace vigie {
namespace {

TEST(FalseAlarm, IsSaidInBothLanguagesAndAnySpelling) {
  for (const char* said : {"false alarm", "False alarm.", "false_positive", "FALSE-POSITIVE", "fausse alerte",
                           "Fausse  alerte !", "faux positif", "false"})
    EXPECT_TRUE(is_false_alarm(said)) << said;
  for (const char* said : {"", "handled", "not a false alarm", "false alarm? no: 3 shops", "alarm", "falsealarms"})
    EXPECT_FALSE(is_false_alarm(said)) << said;
}

}  // namespace
}  // namespace vigie
