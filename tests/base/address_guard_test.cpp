#include "base/address_guard.h"

#include <gmock/gmock.h>

#include "base/http_client.h"

namespace vigie {
namespace {

using testing::HasSubstr;

HttpOptions allowing(std::vector<std::string> entries) {
  HttpOptions options;
  options.allow_private = std::move(entries);
  return options;
}

class NotPublic : public testing::TestWithParam<const char*> {};

TEST_P(NotPublic, IsRefused) { EXPECT_FALSE(address_allowed(GetParam(), 443, {})) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(AddressGuard, NotPublic,
                         testing::Values("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255",
                                         "192.168.1.1", "100.64.0.1", "100.127.255.255", "169.254.169.254", "192.0.0.8",
                                         "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1",
                                         "255.255.255.255", "0.0.0.0", "0.1.2.3", "::", "::1", "fc00::1", "fdff::1",
                                         "fe80::1", "febf::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
                                         "::ffff:a9fe:a9fe", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
                                         "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::",
                                         "2001:0:101:101::80ff:fffe", "::127.0.0.1", "::ffff:0:10.0.0.1"));

class Public : public testing::TestWithParam<const char*> {};

TEST_P(Public, IsLetThrough) { EXPECT_TRUE(address_allowed(GetParam(), 443, {})) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(AddressGuard, Public,
                         testing::Values("1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
                                         "169.253.1.1", "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
                                         "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1",
                                         "2001:0:101:101::fefe:fefe", "2a00:1450::1"));

TEST(AddressGuard, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "localhost", "127.1", "0x7f000001", "fe80::1%eth0", "1.2.3.4.5"}) {
    EXPECT_FALSE(address_allowed(text, 443, allowing({"0.0.0.0/0", "::/0"}))) << text;
  }
}

TEST(AddressGuard, LetsTheUsualPortsThroughAndThoseAdded) {
  HttpOptions options;
  options.extra_ports = {9443};

  for (const int port : {80, 443, 8000, 8080, 8999, 9443})
    EXPECT_TRUE(address_allowed("1.1.1.1", port, options)) << port;
  for (const int port : {22, 25, 81, 3306, 7999, 9000, 9444})
    EXPECT_FALSE(address_allowed("1.1.1.1", port, options)) << port;
}

TEST(AddressGuard, OpensExactlyWhatAnEntrySays) {
  EXPECT_TRUE(address_allowed("127.0.0.1", 8080, allowing({"127.0.0.1"})));
  EXPECT_FALSE(address_allowed("127.0.0.2", 8080, allowing({"127.0.0.1"})));
  EXPECT_FALSE(address_allowed("127.0.0.1", 5432, allowing({"127.0.0.1"})));

  EXPECT_TRUE(address_allowed("127.0.0.1", 5432, allowing({"127.0.0.1:5432"})));
  EXPECT_FALSE(address_allowed("127.0.0.1", 8080, allowing({"127.0.0.1:5432"})));

  EXPECT_TRUE(address_allowed("10.1.2.255", 443, allowing({"10.1.2.0/24"})));
  EXPECT_FALSE(address_allowed("10.1.3.0", 443, allowing({"10.1.2.0/24"})));
  EXPECT_TRUE(address_allowed("10.1.2.9", 22, allowing({"10.1.2.0/24:22"})));

  EXPECT_TRUE(address_allowed("::1", 9999, allowing({"[::1]:9999"})));
  EXPECT_TRUE(address_allowed("::1", 443, allowing({"::1"})));
  EXPECT_TRUE(address_allowed("fd00::7", 443, allowing({"fd00::/8"})));
  EXPECT_FALSE(address_allowed("fc00::7", 443, allowing({"fd00::/8"})));
}

TEST(AddressGuard, SeesThroughAMappedAddressWhenItOpensOne) {
  EXPECT_TRUE(address_allowed("::ffff:127.0.0.1", 80, allowing({"127.0.0.1"})));
  EXPECT_FALSE(address_allowed("64:ff9b::127.0.0.1", 80, allowing({"127.0.0.1"})));
}

TEST(AddressGuard, SaysWhichEntryCannotStandInAllowPrivate) {
  for (const char* entry : {"127.0.0.1", "10.0.0.0/8", "[::1]:80", "[fd00::/8]:8443", "fd00::/8", "10.0.0.1:65535"}) {
    EXPECT_TRUE(check_allow_private(entry)) << entry;
  }
  for (const char* entry :
       {"", "localhost", "10.0.0.0/33", "10.0.0.1:0", "10.0.0.1:65536", "[::1", "[::1]80", "::1/129", "10.0.0.1:8o"}) {
    const Result<void> checked = check_allow_private(entry);
    ASSERT_FALSE(checked) << entry;
    EXPECT_EQ(checked.error().kind, ErrorKind::bad_config);
    EXPECT_THAT(checked.error().what, HasSubstr("allow_private: expected an address or CIDR"));
  }
}

TEST(AddressGuard, OpensNothingForAnEntryThatCannotBeRead) {
  EXPECT_FALSE(address_allowed("127.0.0.1", 80, allowing({"127.0.0.1/x"})));
}

}  // namespace
}  // namespace vigie
