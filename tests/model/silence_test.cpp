#include "model/silence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::HasSubstr;

Silence whole() {
  Silence silence;
  silence.maintenance = true;
  silence.brands = {"acme"};
  silence.themes = {"delivery", "price"};
  silence.kinds = {"negative"};
  silence.least = 2;
  silence.most = 4;
  silence.text = "\"colis\" <50 %>";
  silence.starts = *parse_rfc3339("2026-11-21T10:00:00Z");
  silence.ends = *parse_rfc3339("2026-11-21T12:00:00Z");
  silence.author = "client-0042";
  silence.reason = "déménagement de l’entrepôt";
  silence.created = *parse_rfc3339("2026-11-21T09:00:00Z");
  silence.ended_by = "client-0043";
  silence.ended_at = *parse_rfc3339("2026-11-21T11:00:00.5Z");
  return silence;
}

TEST(Silences, AreKeptAsText) {
  const Silence read = silence_from_json(to_json(whole())).value();

  EXPECT_EQ(to_json(read), to_json(whole()));
  EXPECT_EQ(read.ended_at, whole().ended_at);
  EXPECT_EQ(read.text, whole().text);
  EXPECT_FALSE(silence_from_json("{}"));
  EXPECT_FALSE(silence_from_json("silence"));
}

TEST(Silences, CountFromTheirStartUntilTheirEndOrUntilTheyAreEnded) {
  Silence silence = whole();

  EXPECT_FALSE(silence.in_force(silence.starts - seconds(1)));
  EXPECT_TRUE(silence.in_force(silence.starts));
  EXPECT_FALSE(silence.in_force(*silence.ended_at));
  silence.ended_at = std::nullopt;
  EXPECT_TRUE(silence.in_force(silence.ends - seconds(1)));
  EXPECT_FALSE(silence.in_force(silence.ends));
}

std::string refusal(void (*change)(Silence&)) {
  Silence silence = whole();
  change(silence);
  const Result<void> checked = check(silence);
  return checked ? "" : checked.error().what;
}

TEST(Silences, NeedAnAuthorAReasonAndAnEnd) {
  EXPECT_EQ(refusal([](Silence&) {}), "");
  EXPECT_THAT(refusal([](Silence& s) { s.author = " "; }), HasSubstr("expected its author"));
  EXPECT_THAT(refusal([](Silence& s) { s.reason = ""; }), HasSubstr("expected a reason"));
  EXPECT_THAT(refusal([](Silence& s) { s.ends = s.starts; }), HasSubstr("expected an end behind its start"));
  EXPECT_THAT(refusal([](Silence& s) { s.ends = Time{}; }), HasSubstr("expected an end behind its start"));
  EXPECT_EQ(refusal([](Silence& s) { s.ends = s.starts + 30 * kDay; }), "");
  EXPECT_THAT(refusal([](Silence& s) { s.ends = s.starts + 31 * kDay; }), HasSubstr("at most 30 days, found 31d"));
  EXPECT_THAT(refusal([](Silence& s) { s.least = 5; }), HasSubstr("expected severities from 1 to 5"));
  EXPECT_THAT(refusal([](Silence& s) { s.text = std::string(501, 'a'); }), HasSubstr("at most 500 bytes"));
}

}  // namespace
}  // namespace vigie
