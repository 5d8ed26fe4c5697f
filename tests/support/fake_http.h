// The network as a script: answers by URL prefix, a journal of what was asked. One of the two fakes the tests allow themselves.

#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/http_client.h"

namespace vigie::test {

class FakeHttp final : public HttpClient {
 public:
  using Answer = std::function<Result<HttpReply>(const HttpRequest&)>;

  // Every request goes to `answer`; the reply is delivered by the next poll().
  explicit FakeHttp(Answer answer) : answer_(std::move(answer)) {}

  void start(HttpRequest request, OnReply on_reply) override {
    asked.push_back(request);
    waiting_.emplace_back(std::move(request), std::move(on_reply));
  }

  // A stream's bytes come when the test says so.
  void stream(HttpRequest request, Streaming streaming, OnReply on_reply) override {
    asked.push_back(request);
    streams.push_back({std::move(request), std::move(streaming), std::move(on_reply)});
  }

  std::size_t poll(Duration) override {
    std::deque<std::pair<HttpRequest, OnReply>> now;
    now.swap(waiting_);
    for (auto& [request, on_reply] : now) on_reply(answer_(request));
    return waiting_.size();
  }

  void wake() override {}

  struct Stream {
    HttpRequest request;
    Streaming streaming;
    OnReply on_reply;
  };
  std::vector<HttpRequest> asked;
  std::vector<Stream> streams;

 private:
  Answer answer_;
  std::deque<std::pair<HttpRequest, OnReply>> waiting_;
};

inline Result<HttpReply> reply(int status, std::string body, std::vector<Header> headers = {}) {
  HttpReply out;
  out.status = status;
  out.body = std::move(body);
  out.headers = std::move(headers);
  return out;
}

}  // namespace vigie::test
