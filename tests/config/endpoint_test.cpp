#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <set>

#include "config/endpoint_kinds.h"
#include "config/options.h"
#include "config/settings.h"
#include "tests/support/temp_dir.h"

namespace vigie {
namespace {

using config::EndpointKey;
using testing::ElementsAre, testing::HasSubstr, testing::Not, testing::Pair;

struct Outcome {
  Settings settings;
  std::string problems;
};

Outcome read(const std::string& endpoints) {
  const config::Tree tree = config::Tree::parse(
      "[[brand]]\nid='acme'\nname='Acme'\n[[source]]\nid='f'\nkind='feed'\nurl='https://a.example/f'\n" + endpoints,
      "v.toml");
  Outcome outcome{read_settings(tree, {}), ""};
  for (const config::Problem& problem : tree.problems()) outcome.problems += problem.text() + "\n";
  return outcome;
}

// Variables that hold what the kinds ask for.
class Endpoints : public testing::Test {
 protected:
  void set(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  ~Endpoints() override {
    for (const std::string& name : set_) ::unsetenv(name.c_str());
  }

 private:
  std::vector<std::string> set_;
};

// Of each kind, all that it asks for.
constexpr const char* kOneOfEach = R"(
[mail]
host = "mail.example.org"
from = "vigie@example.org"
[[endpoint]]
id = "email"
kind = "email"
to = "on-call@example.org"
reply_to = "care@example.org"
[[endpoint]]
id = "webhook"
kind = "webhook"
url = "https://hooks.example.org/x"
secret = { env = "VIGIE_T_WHSEC" }
old_secrets = [{ env = "VIGIE_T_WHSEC_OLD" }]
[[endpoint]]
id = "alertmanager"
kind = "alertmanager"
url = "https://am.example.org"
account = "vigie"
secret = { env = "VIGIE_T_TOKEN" }
[[endpoint]]
id = "alertmanager-webhook"
kind = "alertmanager_webhook"
url = { env = "VIGIE_T_URL" }
[[endpoint]]
id = "slack"
kind = "slack"
secret = { env = "VIGIE_T_TOKEN" }
to = "C0123456789"
[[endpoint]]
id = "teams"
kind = "teams"
url = { env = "VIGIE_T_URL" }
[[endpoint]]
id = "mattermost"
kind = "mattermost"
url = { env = "VIGIE_T_URL" }
to = "town-square"
[[endpoint]]
id = "discord"
kind = "discord"
url = { env = "VIGIE_T_URL" }
[[endpoint]]
id = "telegram"
kind = "telegram"
secret = { env = "VIGIE_T_TOKEN" }
to = "-1001234567890"
[[endpoint]]
id = "matrix"
kind = "matrix"
url = "https://matrix.example.org"
secret = { env = "VIGIE_T_TOKEN" }
to = "!abc:example.org"
[[endpoint]]
id = "googlechat"
kind = "googlechat"
url = { env = "VIGIE_T_URL" }
[[endpoint]]
id = "rocketchat"
kind = "rocketchat"
url = { env = "VIGIE_T_URL" }
[[endpoint]]
id = "ntfy"
kind = "ntfy"
url = "https://ntfy.example.org"
to = "acme-alerts"
[[endpoint]]
id = "gotify"
kind = "gotify"
url = "https://gotify.example.org"
secret = { env = "VIGIE_T_TOKEN" }
[[endpoint]]
id = "pagerduty"
kind = "pagerduty"
secret = { env = "VIGIE_T_KEY32" }
[[endpoint]]
id = "pushover"
kind = "pushover"
secret = { env = "VIGIE_T_TOKEN" }
to = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"
[[endpoint]]
id = "webpush"
kind = "webpush"
secrets.subscription = { env = "VIGIE_T_SUBSCRIPTION" }
secrets.vapid = { env = "VIGIE_T_VAPID" }
[[endpoint]]
id = "ovh"
kind = "ovh"
account = "sms-ab12345-1"
to = "+33612345678"
secrets = { app_key = { env = "VIGIE_T_TOKEN" }, app_secret = { env = "VIGIE_T_TOKEN" }, consumer_key = { env = "VIGIE_T_TOKEN" } }
[[endpoint]]
id = "twilio"
kind = "twilio"
account = "AC0123456789abcdef0123456789abcdef"
secret = { env = "VIGIE_T_TOKEN" }
from = "+15005550006"
to = "+33612345678"
quotes = false
[[endpoint]]
id = "file"
kind = "file"
folder = "messages"
fallback = "email"
)";

class EachKind : public Endpoints {
 protected:
  EachKind() {
    set("VIGIE_T_WHSEC", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    set("VIGIE_T_WHSEC_OLD", "whsec_b2xkZXIxMjM0NTY3ODlhYmNkZWYwMTIz");
    set("VIGIE_T_TOKEN", "token-canary-1");
    set("VIGIE_T_URL", "https://hooks.example.org/services/canary-2");
    set("VIGIE_T_KEY32", "0123456789abcdef0123456789abcdef");
    set("VIGIE_T_VAPID", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
    set("VIGIE_T_SUBSCRIPTION",
        R"({"endpoint":"https://push.example.org/p/1","keys":{"auth":"BTBZMqHH6r4Tts7J_aSIgg","p256dh":)"
        R"("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}})");
  }
};

TEST_F(EachKind, IsReadWithAllThatItAsksFor) {
  const auto [settings, problems] = read(kOneOfEach);

  EXPECT_EQ(problems, "");
  std::set<std::string> read;
  for (const EndpointSettings& endpoint : settings.endpoints) read.insert(endpoint.kind);
  for (const config::EndpointKind& kind : config::endpoint_kinds())
    EXPECT_TRUE(read.contains(std::string(kind.name))) << kind.name;
}

TEST_F(EachKind, KeepsWhatWasWritten) {
  const Settings settings = read(kOneOfEach).settings;
  const auto of = [&](std::string_view id) {
    for (const EndpointSettings& endpoint : settings.endpoints) {
      if (endpoint.id == id) return endpoint;
    }
    return EndpointSettings{};
  };

  EXPECT_THAT(of("webhook").old_secrets, ElementsAre("whsec_b2xkZXIxMjM0NTY3ODlhYmNkZWYwMTIz"));
  EXPECT_EQ(of("teams").url, "https://hooks.example.org/services/canary-2");
  EXPECT_THAT(of("ovh").secrets, ElementsAre(Pair("app_key", "token-canary-1"), Pair("app_secret", "token-canary-1"),
                                             Pair("consumer_key", "token-canary-1")));
  EXPECT_EQ(of("alertmanager").account, "vigie");
  EXPECT_EQ(of("email").from, "care@example.org") << "where answers go";
  EXPECT_EQ(of("twilio").from, "+15005550006");
  EXPECT_FALSE(of("twilio").quotes);
  EXPECT_TRUE(of("ovh").quotes);
  EXPECT_EQ(of("file").fallback, "email");
}

// What is left out is told by its name, for every key of every kind.
TEST_F(EachKind, MissesEachKeyItAsksFor) {
  for (const config::EndpointKind& kind : config::endpoint_kinds()) {
    const std::string problems = read(concat("[[endpoint]]\nid='e'\nkind='", kind.name, "'\n")).problems;

    for (const std::string_view key : config::kEndpointKeys) {
      const EndpointKey declared = config::key_of(kind, key);
      if (declared.need == EndpointKey::Need::must)
        EXPECT_THAT(problems, HasSubstr(concat("endpoint[0].", key, ": expected "))) << kind.name;
      else
        EXPECT_TRUE(kind.name == "slack" || problems.find(concat("endpoint[0].", key, ": ")) == std::string::npos)
            << kind.name << problems;
    }
    for (const config::EndpointSecret& secret : kind.secrets)
      EXPECT_THAT(problems, HasSubstr(concat("endpoint[0].secrets.", secret.name, ": expected a table"))) << kind.name;
  }
}

TEST_F(EachKind, HasNoUseForTheKeysOfOthers) {
  for (const config::EndpointKind& kind : config::endpoint_kinds()) {
    for (const std::string_view key : config::kEndpointKeys) {
      if (config::key_of(kind, key).need != EndpointKey::Need::no) continue;
      const std::string problems =
          read(concat("[[endpoint]]\nid='e'\nkind='", kind.name, "'\n", key, "='x'\n")).problems;

      EXPECT_THAT(problems, HasSubstr(concat("expected no ", key, " for kind \"", kind.name, "\", found one")));
    }
  }
}

TEST_F(Endpoints, AreToldWhichKindWasMeant) {
  EXPECT_THAT(read("[[endpoint]]\nid='e'\nkind='slak'\n").problems,
              HasSubstr("found \"slak\"; did you mean \"slack\"?"));
}

TEST_F(Endpoints, ShowNoSecretThatLooksWrong) {
  set("VIGIE_T_WRONG", "canary-5521 of another form");
  const std::string wrong = "={env='VIGIE_T_WRONG'}\n";

  const std::string problems =
      read(concat("[[endpoint]]\nid='a'\nkind='pagerduty'\nsecret", wrong, "[[endpoint]]\nid='b'\nkind='teams'\nurl",
                  wrong, "[[endpoint]]\nid='c'\nkind='webpush'\nsecrets.vapid", wrong, "secrets.subscription", wrong,
                  "[[endpoint]]\nid='d'\nkind='webhook'\nurl='https://h.example/'\nsecret", wrong,
                  "old_secrets=[{env='VIGIE_T_WRONG'}]\n"))
          .problems;

  EXPECT_THAT(problems, Not(HasSubstr("canary")));
  for (const char* place : {"endpoint[0].secret: expected 32 letters and digits",
                            "endpoint[1].url: expected an address", "endpoint[2].secrets.vapid: expected a private key",
                            "endpoint[2].secrets.subscription: expected a subscription such as",
                            "endpoint[3].secret: expected whsec_", "endpoint[3].old_secrets[0]: expected whsec_"})
    EXPECT_THAT(problems, HasSubstr(place));
}

TEST_F(Endpoints, OfSlackAreEitherAWebhookOrABot) {
  set("VIGIE_T_TOKEN", "xoxb-canary-token");
  const auto slack = [](const std::string& keys) {
    return read("[[endpoint]]\nid='s'\nkind='slack'\n" + keys).problems;
  };

  EXPECT_EQ(slack("url='https://hooks.slack.com/services/T/B/x'\n"), "");
  EXPECT_THAT(slack(""), HasSubstr("expected url (an incoming webhook), or secret and to"));
  EXPECT_THAT(slack("secret={env='VIGIE_T_TOKEN'}\n"), HasSubstr("asks for the channel's id beside the bot's token"));
  EXPECT_THAT(slack("url='https://hooks.slack.com/x'\nto='C1'\n"), HasSubstr("a webhook has its own channel"));
}

TEST_F(Endpoints, OfTelegramAreChatsOrTopicsOfAGroup) {
  set("VIGIE_T_TOKEN", "123:canary-token");
  const auto chat = [](const std::string& to) {
    return read(concat("[[endpoint]]\nid='t'\nkind='telegram'\nsecret={env='VIGIE_T_TOKEN'}\nto='", to, "'\n"))
        .problems;
  };

  for (const char* good : {"-1001234567890", "42", "@acme_alerts", "-1001234567890:7"})
    EXPECT_EQ(chat(good), "") << good;
  for (const char* wrong : {"acme", "@", ":7", "-"})
    EXPECT_THAT(chat(wrong), HasSubstr("endpoint[0].to: expected a chat's id such as")) << wrong;
}

TEST_F(Endpoints, StandInForEachOtherButNotInACircle) {
  const auto file = [](const std::string& id, const std::string& fallback) {
    return concat("[[endpoint]]\nid='", id, "'\nkind='file'\nfolder='m'\nfallback='", fallback, "'\n");
  };

  EXPECT_THAT(read(file("a", "a")).problems,
              HasSubstr("endpoint[0].fallback: expected an endpoint that does not lead back"));
  EXPECT_THAT(read(file("a", "b") + file("b", "c") + file("c", "a")).problems, HasSubstr("endpoint[2].fallback: "));
  EXPECT_THAT(read(file("inbox", "imbox")).problems,
              HasSubstr("expected the id of an [[endpoint]], found \"imbox\"; did you mean \"inbox\"?"));
  EXPECT_EQ(read(file("a", "b") + "[[endpoint]]\nid='b'\nkind='file'\nfolder='m'\n").problems, "");
}

TEST_F(Endpoints, SayWhatIsWrongWithATemplate) {
  const test::TempDir dir;
  const auto ntfy = [](const std::string& path) {
    return read(concat("[[endpoint]]\nid='n'\nkind='ntfy'\nurl='https://n.example'\nto='t'\ntemplate='", path, "'\n"))
        .problems;
  };

  EXPECT_EQ(ntfy(dir.write("good.txt", "{{title}}\n{{#quotes}}- {{text}}\n{{/quotes}}")), "");
  EXPECT_THAT(ntfy(dir.write("bad.txt", "{{title}}\n{{#quotes}}- {{text}}")),
              HasSubstr("endpoint[0].template: expected a template, found a mistake in it: template:2:1: "));
  EXPECT_THAT(ntfy("no-such-file"),
              HasSubstr("endpoint[0].template: expected a file of at most 64 KiB, found no such file"));
  EXPECT_THAT(read("[[endpoint]]\nid='f'\nkind='file'\nfolder='m'\ntemplate='x'\n").problems,
              HasSubstr("expected no template for kind \"file\""));
}

TEST(EndpointKinds, StandInTheReference) {
  const std::string reference = settings_reference();

  for (const config::EndpointKind& kind : config::endpoint_kinds())
    EXPECT_THAT(reference, HasSubstr(concat("| `", kind.name, "` | ", kind.about, " | ")));
}

}  // namespace
}  // namespace vigie
