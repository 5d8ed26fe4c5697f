#include "app/uploads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::HasSubstr;

// Keeps what was published, after `most` batches refuses.
class CountingBus final : public Bus {
 public:
  Result<void> publish(Batch batch) override {
    if (batches.size() == most) return fail(ErrorKind::transient, "the store is busy");
    batches.push_back(std::move(batch));
    return {};
  }
  std::optional<Delivery> take(Duration) override { return std::nullopt; }
  void close() override {}
  bool drained() const override { return true; }

  std::vector<Batch> batches;
  std::size_t most = 1000;
};

class UploadsTest : public testing::Test {
 protected:
  ServerReply ask(std::string method, std::string path, std::string body = "") {
    ServerRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    return uploads.answer(request);
  }
  std::string progress(const ServerReply& accepted) {
    for (const auto& [name, value] : accepted.headers) {
      if (name == "Location") return ask("GET", value).body;
    }
    return "";
  }

  CountingBus bus;
  ManualClock clock{from_epoch(1763719200)};
  Uploads uploads{bus, clock};
};

TEST_F(UploadsTest, TakeAFileInAndTellHowFarTheyAre) {
  std::string lines;
  for (int i = 0; i < 1200; ++i) lines += concat("{\"id\":\"", std::to_string(i), "\",\"text\":\"x\"}\n");

  const ServerReply accepted = ask("POST", "/api/v1/import", lines + "{\"id\":\n");
  const std::string before = progress(accepted);
  uploads.tick(seconds(0));
  const std::string after = progress(accepted);

  EXPECT_EQ(accepted.status, 202);
  EXPECT_THAT(before, HasSubstr("\"state\":\"waiting\""));
  EXPECT_THAT(after, HasSubstr("\"state\":\"done\""));
  EXPECT_THAT(after, HasSubstr("\"accepted\":1200,\"rejected\":1"));
  std::size_t mentions = 0;
  for (const Batch& batch : bus.batches) {
    EXPECT_LE(batch.mentions.size(), 500u);
    EXPECT_TRUE(batch.history);
    mentions += batch.mentions.size();
  }
  EXPECT_EQ(mentions, 1200u);
}

TEST_F(UploadsTest, ReadCsvByItsHeader) {
  const ServerReply accepted = ask("POST", "/api/v1/import", "id,text\n1,\"a\nb\"\n");

  uploads.tick(seconds(0));

  EXPECT_THAT(progress(accepted), HasSubstr("\"accepted\":1"));
}

TEST_F(UploadsTest, SayWhenAFileCouldNotBeTakenWhole) {
  bus.most = 0;

  const ServerReply accepted = ask("POST", "/api/v1/import", "{\"id\":\"1\",\"text\":\"x\"}");
  uploads.tick(seconds(0));

  EXPECT_THAT(progress(accepted), HasSubstr("\"state\":\"failed\""));
  EXPECT_THAT(progress(accepted), HasSubstr("the store is busy"));
}

TEST_F(UploadsTest, TakeNoMoreThanTheyCanHold) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("POST", "/api/v1/import", "{}").status, 202);

  EXPECT_EQ(ask("POST", "/api/v1/import", "{}").status, 503);
  EXPECT_EQ(ask("POST", "/api/v1/import").status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/import/nothing").status, 404);
  EXPECT_EQ(ask("DELETE", "/api/v1/import").status, 404);
}

}  // namespace
}  // namespace vigie
