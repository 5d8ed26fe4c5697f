#include "base/secret.h"

#include <gtest/gtest.h>

#include <set>

namespace vigie {
namespace {

using namespace std::string_literals;

TEST(Sha256, MatchesFips180) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231, cases 1, 2, 3 and 6.
TEST(HmacSha256, MatchesRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyAsAKey) {
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(EqualConstantTime, ComparesEveryByte) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
  EXPECT_FALSE(equal_constant_time("a\0b"s, "a\0c"s));
}

TEST(RandomBytes, NeverRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string drawn = random_bytes(16);
    ASSERT_EQ(drawn.size(), 16u);
    seen.insert(drawn);
  }

  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(random_bytes(0), "");
}

// RFC 4648 section 10.
TEST(Base64, MatchesRfc4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  EXPECT_EQ(to_base64("\xFB\xFF\xFE"), "+//+");
  EXPECT_EQ(to_base64url("\xFB\xFF\xFE"), "-__-");
  EXPECT_EQ(to_base64url("f"), "Zg");
}

TEST(Base64, IsReadInEitherAlphabetWithOrWithoutPadding) {
  EXPECT_EQ(from_base64("+//+"), "\xFB\xFF\xFE");
  EXPECT_EQ(from_base64("-__-"), "\xFB\xFF\xFE");
  EXPECT_EQ(from_base64("Zg"), "f");
  EXPECT_EQ(from_base64("Zm8"), "fo");
}

TEST(Base64, RefusesWhatIsNot) {
  for (const std::string& text :
       {"Z"s, "Zg="s, "Zg==="s, "="s, "===="s, "Zm9v="s, "Zm 9v"s, "Zm9v\n"s, "Zm\0v"s, "Zh"s, "Zg==Zg=="s, "Zé"s}) {
    EXPECT_FALSE(from_base64(text)) << testing::PrintToString(text);
  }
}

TEST(Base64, ReadsBackEveryLength) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string bytes = random_bytes(size);

    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64(to_base64url(bytes)), bytes);
  }
}

TEST(Hash64, IsXxHash64) {
  EXPECT_EQ(hash64(""), 0xEF46DB3751D8E999u);
  EXPECT_EQ(hash64("abc"), 0x44BC2CF5AD770999u);
}

}  // namespace
}  // namespace vigie
