// One request on its way through libcurl, hop after hop: what is asked, what is let in, and what its end means.

#pragma once

#include <curl/curl.h>

#include <set>

#include "base/address_guard.h"
#include "base/http_client.h"

namespace vigie {

class Transfer {
 public:
  Transfer(HttpRequest request, OnReply on_reply, const HttpOptions& options, const AddressGuard& guard,
           const Clock& clock);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Whether the request can be sent at all: its URL, its method and headers.
  Result<void> check() const;
  void set_streaming(Streaming streaming) { streaming_ = std::move(streaming); }
  // A stream that has said nothing for longer than it may.
  bool gone_quiet() const { return streaming_ && clock_.now() - last_byte_ > streaming_->quiet; }

  // Makes `easy` ready for the current hop. The transfer must outlive the hop.
  Result<void> prepare(CURL* easy);
  // What the end of a hop means: the outcome, or nothing when prepare() must be called for the next hop.
  std::optional<Result<HttpReply>> finish(CURL* easy, CURLcode code);

  OnReply take_callback() { return std::move(on_reply_); }
  Duration spent() const { return spent_; }
  // "GET https://host/path?key=[secret]: reason", as one error.
  Error error(ErrorKind kind, std::string_view reason) const;

 private:
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool refuse(ErrorKind kind, std::string_view reason);

  void begin_hop();
  Result<void> set_headers();
  std::optional<Result<HttpReply>> finish_whole();
  Error explain(CURL* easy, CURLcode code) const;
  Error name_fault(CURL* easy, CURLcode code) const;
  Error explain_certificate(CURL* easy) const;
  Error explain_timeout(CURL* easy) const;

  HttpRequest request_;  // of the current hop
  OnReply on_reply_;
  const HttpOptions& options_;
  const AddressGuard& guard_;
  const Clock& clock_;
  const std::string first_url_;
  const Duration timeout_;

  std::optional<Streaming> streaming_;
  Time last_byte_{};

  // Across hops.
  Duration spent_{0};
  int hops_ = 0;
  bool only_permanent_hops_ = true;
  std::set<std::string> asked_;

  // Of the current hop.
  CURL* easy_ = nullptr;
  std::unique_ptr<curl_slist, FreeList> header_list_;
  HttpReply reply_;
  std::size_t header_bytes_ = 0;
  bool body_began_ = false;
  bool connecting_ = false;                     // a socket was opened
  std::optional<Error> refusal_;                // why a callback ended the hop
  std::optional<std::string> refused_address_;  // what the guard said last
  char curl_says_[CURL_ERROR_SIZE] = {};
};

}  // namespace vigie
