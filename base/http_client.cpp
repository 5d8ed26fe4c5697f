#include "base/http_client.h"

#include <deque>

#include "base/http_transfer.h"
#include "base/log.h"

namespace vigie {
namespace {

constexpr std::size_t kIdleHandles = 64;
constexpr long kOpenConnections =
    256;  // kept for reuse: a TLS hand-shake costs 18 times a request on an open connection

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;

std::string_view class_of(const Result<HttpReply>& result) {
  if (!result) return to_text(result.error().kind);
  static constexpr std::string_view kClasses[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
  const int hundreds = result->status / 100;
  return hundreds >= 1 && hundreds <= 5 ? kClasses[hundreds - 1] : "other";
}

void start_libcurl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (once != CURLE_OK) log::error("http", "libcurl does not start", {{"reason", curl_easy_strerror(once)}});
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(HttpOptions options, const Clock& clock, Metrics& metrics)
      : options_(std::move(options)),
        guard_(options_.allow_private, options_.extra_ports),
        clock_(clock),
        metrics_(metrics) {
    start_libcurl();
    multi_.reset(curl_multi_init());
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kOpenConnections);
  }

  ~CurlClient() override {
    for (auto& [easy, transfer] : running_) {
      curl_multi_remove_handle(multi_.get(), easy);
      curl_easy_cleanup(easy);
    }
  }

  void start(HttpRequest request, OnReply on_reply) override {
    begin(std::make_unique<Transfer>(std::move(request), std::move(on_reply), options_, guard_, clock_));
  }

  void stream(HttpRequest request, Streaming streaming, OnReply on_reply) override {
    auto transfer = std::make_unique<Transfer>(std::move(request), std::move(on_reply), options_, guard_, clock_);
    transfer->set_streaming(std::move(streaming));
    begin(std::move(transfer));
  }

  std::size_t poll(Duration max_wait) override {
    step();
    if (done_.empty()) {
      const auto wait = std::chrono::ceil<milliseconds>(std::clamp<Duration>(max_wait, Duration::zero(), hours(1)));
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
      step();
    }
    deliver();
    return running_.size() + done_.size();
  }

  void wake() override { curl_multi_wakeup(multi_.get()); }

 private:
  struct Done {
    std::unique_ptr<Transfer> transfer;
    Result<HttpReply> result;
  };

  void begin(std::unique_ptr<Transfer> transfer) {
    if (Result<void> checked = transfer->check(); !checked) {
      done_.push_back({std::move(transfer), fail(std::move(checked.error()))});
      return;
    }
    run(take_handle(), std::move(transfer));
  }

  Easy take_handle() {
    if (idle_.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    return easy;
  }

  // Its options are wiped, so that nothing of one request reaches another; open connections stay with the multi handle.
  void give_back(Easy easy) {
    if (idle_.size() >= kIdleHandles) return;
    curl_easy_reset(easy.get());
    idle_.push_back(std::move(easy));
  }

  void run(Easy easy, std::unique_ptr<Transfer> transfer) {
    if (!easy) {
      Error error = transfer->error(ErrorKind::transient, "out of memory");
      done_.push_back({std::move(transfer), fail(std::move(error))});
      return;
    }
    Result<void> prepared = transfer->prepare(easy.get());
    if (prepared && curl_multi_add_handle(multi_.get(), easy.get()) != CURLM_OK) {
      prepared = fail(transfer->error(ErrorKind::transient, "out of memory"));
    }
    if (!prepared) {
      done_.push_back({std::move(transfer), fail(std::move(prepared.error()))});
      give_back(std::move(easy));
      return;
    }
    running_.emplace(easy.release(), std::move(transfer));
  }

  void step() {
    int unused = 0;
    curl_multi_perform(multi_.get(), &unused);
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &unused)) {
      if (message->msg == CURLMSG_DONE) end_hop(message->easy_handle, message->data.result);
    }
    end_silent();
  }

  void end_silent() {
    std::vector<CURL*> silent;
    for (const auto& [easy, transfer] : running_) {
      if (transfer->gone_quiet()) silent.push_back(easy);
    }
    for (CURL* const easy : silent) end_hop(easy, CURLE_OPERATION_TIMEDOUT);
  }

  void end_hop(CURL* handle, CURLcode code) {
    auto node = running_.extract(handle);
    if (node.empty()) return;
    Easy easy(handle);
    std::unique_ptr<Transfer> transfer = std::move(node.mapped());
    std::optional<Result<HttpReply>> result = transfer->finish(handle, code);
    curl_multi_remove_handle(multi_.get(), handle);
    if (!result) {
      curl_easy_reset(handle);  // the next hop starts from nothing: no header or body of this one may linger
      run(std::move(easy), std::move(transfer));
      return;
    }
    done_.push_back({std::move(transfer), *std::move(result)});
    // After a failure a handle may keep its buffer (libcurl 7.88, a name not found) and then refuses options for ever.
    if (code == CURLE_OK) give_back(std::move(easy));
  }

  // Those done by now; what their callbacks start, and finish at once, waits for the next poll().
  void deliver() {
    for (std::size_t left = done_.size(); left > 0 && !done_.empty(); --left) {
      Done done = std::move(done_.front());
      done_.pop_front();
      const std::string result(class_of(done.result));
      metrics_.add("vigie_http_requests_total", "Requests made, by status class or kind of error.",
                   {{"result", result}});
      metrics_.observe("vigie_http_seconds", "Time of a request made, redirects included.", {},
                       std::chrono::duration<double>(done.transfer->spent()).count());
      done.transfer->take_callback()(std::move(done.result));
    }
  }

  const HttpOptions options_;
  const AddressGuard guard_;
  const Clock& clock_;
  Metrics& metrics_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::vector<Easy> idle_;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> running_;
  std::deque<Done> done_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(HttpOptions options, const Clock& clock, Metrics& metrics) {
  return std::make_unique<CurlClient>(std::move(options), clock, metrics);
}

Result<HttpReply> fetch(HttpClient& client, HttpRequest request) {
  std::optional<Result<HttpReply>> result;
  client.start(std::move(request), [&](Result<HttpReply> reply) { result = std::move(reply); });
  while (!result) {
    if (client.poll(seconds(1)) == 0 && !result) return fail(ErrorKind::bug, "the HTTP client lost a request");
  }
  return *std::move(result);
}

}  // namespace vigie
