#include "base/http_transfer.h"

#include <openssl/x509_vfy.h>

#include "base/guarded_socket.h"
#include "base/http_redirect.h"
#include "base/log.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr long kSlowestBytesPerSecond = 512;
constexpr long kSlowForSeconds = 20;
constexpr std::size_t kFreeOfRatio = 1u << 20;  // decoded: a small answer may shrink as much as it likes
// libcurl counts a chunked body's bytes after it has unpacked them: its count lags by at most one receive buffer.
constexpr std::size_t kReceiveBuffer = 16u << 10;

long whole_milliseconds(Duration duration) {
  return static_cast<long>(std::max<std::int64_t>(1, std::chrono::ceil<milliseconds>(duration).count()));
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMarks.find(c) != kMarks.npos;
  });
}

bool is_safe_header(const Header& header) {
  return is_token(header.first) && header.second.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

bool has_header(const HttpRequest& request, std::string_view name) {
  const auto named = [&](const Header& header) { return iequals(header.first, name); };
  return std::any_of(request.headers.begin(), request.headers.end(), named) ||
         std::any_of(request.secret_headers.begin(), request.secret_headers.end(), named);
}

// As it goes on the wire: spaces and bytes over 127 encoded, no fragment.
std::string encode_for_wire(const std::string& url) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  constexpr unsigned kFlags = CURLU_ALLOW_SPACE | CURLU_URLENCODE;
  char* encoded = nullptr;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), kFlags) != CURLUE_OK ||
      curl_url_set(parsed.get(), CURLUPART_FRAGMENT, nullptr, 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_URL, &encoded, 0) != CURLUE_OK) {
    return url;
  }
  std::string out = encoded;
  curl_free(encoded);
  return out;
}

// Sets options one after the other and remembers whether libcurl took them all: none may be missing in silence.
class Options {
 public:
  explicit Options(CURL* easy) : easy_(easy) {}
  template <class Value>
  Options& set(CURLoption option, Value value) {
    ok_ = curl_easy_setopt(easy_, option, value) == CURLE_OK && ok_;
    return *this;
  }
  bool ok() const { return ok_; }

 private:
  CURL* easy_;
  bool ok_ = true;
};

void set_safety(Options& options, const std::string& ca_file) {
  options.set(CURLOPT_NOSIGNAL, 1L)
      .set(CURLOPT_PROTOCOLS_STR, "http,https")
      .set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
      .set(CURLOPT_FOLLOWLOCATION, 0L)
      .set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L)
      .set(CURLOPT_PROXY,
           "")  // also keeps http_proxy and its like out: a proxy would resolve names behind the guard's back
      .set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED))
      .set(CURLOPT_SSL_VERIFYPEER, 1L)
      .set(CURLOPT_SSL_VERIFYHOST, 2L)
      .set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2))
      .set(CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs must not hold poll() past the deadline
  if (!ca_file.empty()) {
    const char* no_directory = nullptr;  // ca_file stands instead of the system's authorities, not beside them
    options.set(CURLOPT_CAINFO, ca_file.c_str()).set(CURLOPT_CAPATH, no_directory);
  }
}

void set_method(Options& options, const HttpRequest& request) {
  if (request.method == "HEAD") {
    options.set(CURLOPT_NOBODY, 1L);
    return;
  }
  const bool sends_body =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (sends_body) {
    options.set(CURLOPT_POST, 1L)
        .set(CURLOPT_POSTFIELDS, request.body.data())
        .set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  } else {
    options.set(CURLOPT_HTTPGET, 1L);
  }
  const bool usual = request.method == (sends_body ? "POST" : "GET");
  if (!usual) options.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

Transfer::Transfer(HttpRequest request, OnReply on_reply, const HttpOptions& options, const AddressGuard& guard,
                   const Clock& clock)
    : request_(std::move(request)),
      on_reply_(std::move(on_reply)),
      options_(options),
      guard_(guard),
      clock_(clock),
      first_url_(request_.url),
      timeout_(request_.timeout) {}

Error Transfer::error(ErrorKind kind, std::string_view reason) const {
  const std::string hop = hops_ == 0 ? "" : concat(" (redirected to ", redact_url(request_.url), ")");
  return {kind, log::redact(concat(request_.method, " ", redact_url(first_url_), hop, ": ", reason)), std::nullopt};
}

Result<void> Transfer::check() const {
  if (const Result<void> checked = check_url(request_.url); !checked) {
    return fail(checked.error().kind, log::redact(concat(request_.method, " ", checked.error().what)));
  }
  if (!is_token(request_.method)) return fail(error(ErrorKind::bad_data, "the method is not a word"));
  for (const auto* headers : {&request_.headers, &request_.secret_headers}) {
    for (const Header& header : *headers) {
      if (is_safe_header(header)) continue;
      return fail(
          error(ErrorKind::bad_data, "a header holds a line break, NUL or a name that is none; it was not sent"));
    }
  }
  return {};
}

void Transfer::begin_hop() {
  reply_ = {};
  reply_.url = request_.url;
  header_bytes_ = 0;
  body_began_ = connecting_ = false;
  refusal_.reset();
  refused_address_.reset();
  curl_says_[0] = '\0';
}

Result<void> Transfer::set_headers() {
  header_list_.reset();
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(header_list_.get(), line.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(header_list_.release());
    header_list_.reset(longer);
    return true;
  };
  bool ok = add("Expect:");  // no wait for "100 Continue", which many servers never send
  if (!has_header(request_, "content-type")) ok = add("Content-Type:") && ok;
  for (const auto* headers : {&request_.headers, &request_.secret_headers}) {
    for (const auto& [name, value] : *headers) {
      if (!value.empty()) ok = add(concat(name, ": ", value)) && ok;
    }
  }
  if (!ok) return fail(error(ErrorKind::transient, "out of memory"));
  return {};
}

Result<void> Transfer::prepare(CURL* easy) {
  begin_hop();
  easy_ = easy;
  const Duration left = timeout_ - spent_;
  if (left <= Duration::zero()) {
    return fail(error(ErrorKind::transient, concat("no whole answer within ", format_duration(timeout_))));
  }
  if (!asked_.insert(concat(request_.method, " ", request_.url)).second) {
    return fail(error(ErrorKind::bad_data, "redirects in a loop"));
  }
  TRY(set_headers());

  Options options(easy);
  set_safety(options, options_.ca_file);
  set_method(options, request_);
  options.set(CURLOPT_URL, encode_for_wire(request_.url).c_str())
      .set(CURLOPT_USERAGENT, options_.user_agent.c_str())
      .set(CURLOPT_ACCEPT_ENCODING, "")  // all that libcurl can decode
      .set(CURLOPT_HTTPHEADER, header_list_.get())
      .set(CURLOPT_BUFFERSIZE, static_cast<long>(kReceiveBuffer))
      .set(CURLOPT_CONNECTTIMEOUT_MS, whole_milliseconds(std::min<Duration>(limits::kConnect, left)))
      .set(CURLOPT_TIMEOUT_MS, whole_milliseconds(left))
      .set(CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond)
      .set(CURLOPT_LOW_SPEED_TIME, kSlowForSeconds)
      .set(CURLOPT_ERRORBUFFER, &curl_says_[0])
      .set(CURLOPT_HEADERFUNCTION, &Transfer::on_header)
      .set(CURLOPT_HEADERDATA, this)
      .set(CURLOPT_WRITEFUNCTION, &Transfer::on_body)
      .set(CURLOPT_WRITEDATA, this)
      .set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket)
      .set(CURLOPT_OPENSOCKETDATA, this)
      .set(CURLOPT_PRIVATE, this);
  if (streaming_) {
    last_byte_ = clock_.now();
    const char* as_it_is = nullptr;  // a compressor would hold events back
    options.set(CURLOPT_TIMEOUT_MS, 0L)
        .set(CURLOPT_LOW_SPEED_LIMIT, 0L)
        .set(CURLOPT_LOW_SPEED_TIME, 0L)
        .set(CURLOPT_ACCEPT_ENCODING, as_it_is);
  }
  if (!options.ok()) return fail(error(ErrorKind::bug, "libcurl refused an option; is it older than 7.87?"));
  return {};
}

bool Transfer::refuse(ErrorKind kind, std::string_view reason) {
  refusal_ = error(kind, reason);
  return false;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_header({data, size * count}) ? size * count : 0;
}

bool Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > limits::kHeaderBytes) return refuse(ErrorKind::bad_data, "headers larger than 64 KiB");
  if (body_began_) return true;  // trailers say nothing we ask for
  if (line.starts_with("HTTP/")) {
    reply_.headers.clear();  // those before belonged to "100 Continue" or "103 Early Hints"
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    reply_.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  return true;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_body({data, size * count}) ? size * count : 0;
}

bool Transfer::take_body(std::string_view bytes) {
  body_began_ = true;
  if (streaming_) {
    last_byte_ = clock_.now();
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300)
      return streaming_->on_bytes(bytes) || refuse(ErrorKind::transient, "ended by its reader");
  }
  if (bytes.size() > request_.max_bytes - reply_.body.size()) {
    return refuse(ErrorKind::bad_data, concat("larger than ", std::to_string(request_.max_bytes), " bytes"));
  }
  reply_.body += bytes;

  curl_off_t received = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &received);
  const std::size_t paid = (static_cast<std::size_t>(received) + kReceiveBuffer) * limits::kCompressionRatio;
  if (reply_.body.size() > kFreeOfRatio && reply_.body.size() > paid) {
    return refuse(ErrorKind::bad_data, "unpacks to over 100 times its size: a decompression bomb");
  }
  return true;
}

curl_socket_t Transfer::on_socket(void* self_pointer, curlsocktype, curl_sockaddr* address) {
  Transfer& self = *static_cast<Transfer*>(self_pointer);
  std::string refused;
  const curl_socket_t opened = open_guarded_socket(self.guard_, *address, "80, 443, 8000-8999", refused);
  if (!refused.empty()) self.refused_address_ = std::move(refused);
  if (opened != CURL_SOCKET_BAD) self.connecting_ = true;
  return opened;
}

std::optional<Result<HttpReply>> Transfer::finish(CURL* easy, CURLcode code) {
  curl_off_t micros = 0;
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &micros);
  spent_ += Duration(micros);
  if (code != CURLE_OK) return fail(explain(easy, code));

  curl_off_t received = 0;
  curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
  if (reply_.body.size() > std::max(kFreeOfRatio, static_cast<std::size_t>(received) * limits::kCompressionRatio)) {
    return fail(error(ErrorKind::bad_data, "unpacks to over 100 times its size: a decompression bomb"));
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  reply_.status = static_cast<int>(status);
  return finish_whole();
}

std::optional<Result<HttpReply>> Transfer::finish_whole() {
  Result<std::optional<HttpRequest>> next = next_hop(request_, reply_);
  if (!next) return fail(error(next.error().kind, next.error().what));
  if (!*next) {
    reply_.retry_after = parse_retry_after(reply_.header("retry-after"), clock_.now());
    reply_.moved_permanently = hops_ > 0 && only_permanent_hops_;
    return std::move(reply_);
  }
  if (hops_ == limits::kRedirects) {
    return fail(error(ErrorKind::bad_data, concat("more than ", std::to_string(limits::kRedirects), " redirects")));
  }
  only_permanent_hops_ = only_permanent_hops_ && (reply_.status == 301 || reply_.status == 308);
  ++hops_;
  request_ = **std::move(next);
  return std::nullopt;
}

Error Transfer::explain(CURL* easy, CURLcode code) const {
  Error error = name_fault(easy, code);
  long sent = 0;  // bytes of the request that have left
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
  // Also when what came back cannot be read.
  error.maybe_done = sent > 0 && (error.kind == ErrorKind::transient || error.kind == ErrorKind::bad_data);
  return error;
}

Error Transfer::name_fault(CURL* easy, CURLcode code) const {
  if (refusal_) return *refusal_;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return error(ErrorKind::transient, "the host's name was not found (DNS)");
    case CURLE_COULDNT_CONNECT:
      if (refused_address_ && !connecting_) return error(ErrorKind::denied, *refused_address_);
      return error(ErrorKind::transient,
                   concat("no connection: ", curl_says_[0] != '\0' ? curl_says_ : curl_easy_strerror(code)));
    case CURLE_OPERATION_TIMEDOUT: return explain_timeout(easy);
    case CURLE_PEER_FAILED_VERIFICATION: return explain_certificate(easy);
    case CURLE_SSL_CACERT_BADFILE:
      return error(ErrorKind::bad_config, concat("cannot read the certificates in ",
                                                 options_.ca_file.empty() ? "the system's store" : options_.ca_file));
    case CURLE_BAD_CONTENT_ENCODING:
      return error(ErrorKind::bad_data, "the body cannot be unpacked as its Content-Encoding says");
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9; schemes were checked before
    case CURLE_WEIRD_SERVER_REPLY: return error(ErrorKind::bad_data, "the answer is not HTTP");
    default: return error(ErrorKind::transient, curl_says_[0] != '\0' ? curl_says_ : curl_easy_strerror(code));
  }
}

Error Transfer::explain_timeout(CURL* easy) const {
  if (gone_quiet()) return error(ErrorKind::transient, concat("said nothing for ", format_duration(streaming_->quiet)));
  if (std::string_view(curl_says_).find("too slow") != std::string_view::npos) {
    return error(ErrorKind::transient, concat("slower than ", std::to_string(kSlowestBytesPerSecond),
                                              " bytes a second for ", std::to_string(kSlowForSeconds), " s"));
  }
  curl_off_t connected = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
  if (connected == 0) return error(ErrorKind::transient, "no connection in time");
  return error(ErrorKind::transient, concat("no whole answer within ", format_duration(timeout_)));
}

Error Transfer::explain_certificate(CURL* easy) const {
  const std::string origin = origin_of(request_.url);
  const std::string host = origin.substr(origin.find("//") + 2);
  long verdict = X509_V_OK;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
  // libcurl compares the name itself, after OpenSSL has found the chain in order.
  if (std::string_view(curl_says_).find("target host name") != std::string_view::npos) {
    return error(ErrorKind::denied,
                 concat("the certificate is not for ", host, "; ask its operator, or correct the URL"));
  }
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return error(ErrorKind::denied, concat("certificate has expired (", host, "); renew it or ask its operator to"));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return error(ErrorKind::denied, concat("certificate is not valid yet (", host, "); check this machine's clock"));
    default:
      return error(ErrorKind::denied, concat(X509_verify_cert_error_string(verdict), " (", host,
                                             "); if it is yours, name its authority in ca_file"));
  }
}

}  // namespace vigie
