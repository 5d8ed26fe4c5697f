#include "alerts/web_push.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

using testing::HasSubstr, testing::Not;

// RFC 8291, 5: "When I grow up, I want to be a watermelon".
constexpr const char* kReceiver =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr const char* kAuth = "BTBZMqHH6r4Tts7J_aSIgg";
constexpr const char* kSender = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
constexpr const char* kSalt = "DGv6ra1nlYgDCS1FRnbzlw";
constexpr const char* kPlain = "When I grow up, I want to be a watermelon";
constexpr const char* kSealed =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
    "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

std::string subscription(const std::string& key = kReceiver, const std::string& auth = kAuth) {
  return concat(R"({"endpoint":"https://push.example.org/p/1","expirationTime":null,"keys":{"p256dh":")", key,
                R"(","auth":")", auth, "\"}}");
}

TEST(WebPush, SealsAsTheStandardsOwnExample) {
  const auto sealed =
      seal_push(kPlain, *read_subscription(subscription()), *read_push_key(kSender), *from_base64(kSalt));

  ASSERT_TRUE(sealed) << sealed.error().what;
  EXPECT_EQ(to_base64url(*sealed), kSealed);
}

TEST(WebPush, DrawsAKeyAndASaltForEachMessage) {
  const PushSubscription to = *read_subscription(subscription());

  const auto first = seal_push(kPlain, to), second = seal_push(kPlain, to);

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->size(), from_base64(kSealed)->size());
  EXPECT_NE(first->substr(0, 16), second->substr(0, 16));
  EXPECT_NE(first->substr(21, 65), second->substr(21, 65));
}

TEST(WebPush, TakesTheMostThatFitsARecord) {
  const PushSubscription to = *read_subscription(subscription());

  const auto most = seal_push(std::string(3993, 'x'), to);

  ASSERT_TRUE(most);
  EXPECT_EQ(most->size(), 4096u);
  ASSERT_FALSE(seal_push(std::string(3994, 'x'), to));
  EXPECT_EQ(seal_push(std::string(3994, 'x'), to).error().kind, ErrorKind::bad_data);
}

TEST(WebPush, ReadsAKeyInBothForms) {
  const auto raw = read_push_key(kSender);
  ASSERT_TRUE(raw);

  const auto pem = read_push_key(raw->pem);

  ASSERT_TRUE(pem) << pem.error().what;
  EXPECT_EQ(pem->public_key, raw->public_key);
  EXPECT_EQ(to_base64url(raw->public_key),
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
}

TEST(WebPush, RefusesKeysThatAreNoneWithoutShowingThem) {
  const std::string order =
      *from_base64("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");  // of the curve: no number below it
  for (const std::string& wrong : {std::string("canary"), std::string(43, 'A'), to_base64url(order),
                                   std::string("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n")}) {
    const auto key = read_push_key(wrong);

    ASSERT_FALSE(key) << wrong;
    EXPECT_EQ(key.error().kind, ErrorKind::bad_config);
    EXPECT_THAT(key.error().what, Not(HasSubstr("canary")));
  }
}

TEST(WebPush, RefusesASubscriptionThatIsNone) {
  std::string beside = *from_base64(kReceiver);
  beside[40] = static_cast<char>(beside[40] ^ 1);  // no longer a point of the curve

  for (const std::string& wrong :
       {std::string(), std::string("{}"), subscription("AAAA"), subscription(kReceiver, "AAAA"),
        subscription(to_base64url(beside)), std::string("[[[[[[[[[[")})
    EXPECT_FALSE(read_subscription(wrong)) << wrong;
}

TEST(WebPush, SaysForWhomAndHowLongItsTokenIsGood) {
  const PushKey key = *read_push_key(kSender);

  const auto header =
      vapid(*read_subscription(subscription()), key, "mailto:push@example.org", from_epoch(1'700'000'000));

  ASSERT_TRUE(header) << header.error().what;
  EXPECT_TRUE(header->starts_with("vapid t=")) << *header;
  EXPECT_TRUE(header->ends_with(", k=" + to_base64url(key.public_key)));
  const std::string token = header->substr(8, header->find(',') - 8);
  const auto parts = split(token, '.');
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(*from_base64(parts[1]),
            R"({"aud":"https://push.example.org","exp":1700043200,"sub":"mailto:push@example.org"})");
  EXPECT_EQ(from_base64(parts[2])->size(), 64u);
}

}  // namespace
}  // namespace vigie
