#include "base/sealed_box.h"

#include <gmock/gmock.h>

namespace vigie {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SealedBox, IsOpenedByItsKeyAlone) {
  const BoxKeys keys = make_box_keys(), others = make_box_keys();
  const std::string bytes("evidence \0 of a year", 20);

  const auto box = seal_box(bytes, keys.close_with);

  ASSERT_TRUE(box);
  EXPECT_THAT(*box, Not(HasSubstr("evidence")));
  EXPECT_EQ(open_box(*box, keys.open_with).value(), bytes);
  EXPECT_EQ(open_box(*box, others.open_with).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(open_box(*box, keys.close_with).error().kind, ErrorKind::bad_data);
}

TEST(SealedBox, TellsWhenItWasChanged) {
  const BoxKeys keys = make_box_keys();
  std::string box = seal_box("words", keys.close_with).value();
  box.back() = static_cast<char>(box.back() ^ 1);

  EXPECT_EQ(open_box(box, keys.open_with).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(open_box("", keys.open_with).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(seal_box("words", "short").error().kind, ErrorKind::bad_data);
}

TEST(SealedBox, ClosesTheSameBytesDifferentlyEachTime) {
  const BoxKeys keys = make_box_keys();

  EXPECT_NE(seal_box("words", keys.close_with).value(), seal_box("words", keys.close_with).value());
}

}  // namespace
}  // namespace vigie
