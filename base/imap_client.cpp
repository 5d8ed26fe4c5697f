#include "base/imap_client.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <deque>
#include <unordered_map>

#include "base/guarded_socket.h"
#include "base/log.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr long kOpenConnections = 4;
constexpr std::size_t kLineBytes = 256u << 10;  // of all that the server says beside a mail; libcurl ends at 300 KiB
constexpr std::string_view kUsualPorts = "143, 993";

// One command on its way through libcurl.
class ImapTransfer {
 public:
  ImapTransfer(ImapRequest request, OnImapReply on_reply, const HttpOptions& options, const AddressGuard& guard)
      : request_(std::move(request)), on_reply_(std::move(on_reply)), options_(options), guard_(guard) {}
  ImapTransfer(const ImapTransfer&) = delete;
  ImapTransfer& operator=(const ImapTransfer&) = delete;

  Result<void> prepare(CURL* easy);
  Result<ImapReply> finish(CURL* easy, CURLcode code);
  OnImapReply take_callback() { return std::move(on_reply_); }

  Error error(ErrorKind kind, std::string_view reason) const {
    const ImapAccount& account = request_.account;
    return {kind,
            log::redact(concat(scheme(), "://", account.host, ":", std::to_string(account.port), "/", account.mailbox,
                               ": ", reason)),
            std::nullopt};
  }

 private:
  std::string_view scheme() const { return request_.account.tls == ImapTls::tls ? "imaps" : "imap"; }
  std::string url() const;
  Error explain(CURL* easy, CURLcode code) const;
  Error explain_refusal() const;

  static std::size_t on_line(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<ImapTransfer*>(self)->take_line({data, size * count}) ? size * count : 0;
  }
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<ImapTransfer*>(self)->take_body({data, size * count}) ? size * count : 0;
  }
  static curl_socket_t on_socket(void* self_pointer, curlsocktype, curl_sockaddr* address) {
    ImapTransfer& self = *static_cast<ImapTransfer*>(self_pointer);
    return open_guarded_socket(self.guard_, *address, kUsualPorts, self.refused_address_);
  }

  bool take_line(std::string_view line) {
    line_bytes_ += line.size();
    if (line_bytes_ > kLineBytes) return refuse("the server says more than 256 KiB beside the mail");
    reply_.lines.emplace_back(trim(line));
    return true;
  }
  bool take_body(std::string_view bytes) {
    if (!request_.command.empty()) return true;  // the same lines again
    if (bytes.size() > request_.max_bytes - reply_.body.size())
      return refuse(concat("the mail is larger than the ", std::to_string(request_.max_bytes), " bytes asked for"));
    reply_.body += bytes;
    return true;
  }
  bool refuse(std::string_view reason) {
    refusal_ = error(ErrorKind::bad_data, reason);
    return false;
  }

  const ImapRequest request_;
  OnImapReply on_reply_;
  const HttpOptions& options_;
  const AddressGuard& guard_;
  ImapReply reply_;
  std::size_t line_bytes_ = 0;
  std::optional<Error> refusal_;
  std::string refused_address_;
  char curl_says_[CURL_ERROR_SIZE] = {};
};

// imaps://host:993/INBOX;UIDVALIDITY=5/;UID=7/;PARTIAL=0.1048576 (RFC 5092 as libcurl reads it).
std::string ImapTransfer::url() const {
  const ImapAccount& account = request_.account;
  std::string out =
      concat(scheme(), "://", account.host, ":", std::to_string(account.port), "/", url_encode(account.mailbox));
  if (!request_.command.empty()) return out;
  return concat(out, ";UIDVALIDITY=", std::to_string(request_.uid_validity), "/;UID=", std::to_string(request_.uid),
                "/;PARTIAL=0.", std::to_string(request_.max_bytes));
}

Result<void> ImapTransfer::prepare(CURL* easy) {
  bool ok = true;
  const auto set = [&](CURLoption option, auto value) { ok = curl_easy_setopt(easy, option, value) == CURLE_OK && ok; };
  const ImapAccount& account = request_.account;
  const auto whole = [](Duration duration) {
    return static_cast<long>(std::max<std::int64_t>(1, std::chrono::ceil<milliseconds>(duration).count()));
  };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "imap,imaps");
  set(CURLOPT_PROXY, "");  // also keeps the environment's out: it would resolve names behind the guard's back
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_USE_SSL, static_cast<long>(account.tls == ImapTls::starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  if (!options_.ca_file.empty()) {
    const char* no_directory = nullptr;
    set(CURLOPT_CAINFO, options_.ca_file.c_str());
    set(CURLOPT_CAPATH, no_directory);
  }
  set(CURLOPT_URL, url().c_str());
  set(CURLOPT_USERNAME, account.user.c_str());
  set(CURLOPT_PASSWORD, account.password.c_str());
  // Only a mailbox selected anew says how it is numbered and knows its newest mails.
  const bool alone = !request_.command.empty();
  if (alone) set(CURLOPT_CUSTOMREQUEST, request_.command.c_str());
  if (alone || request_.fresh) set(CURLOPT_FRESH_CONNECT, 1L);
  if (alone || request_.last) set(CURLOPT_FORBID_REUSE, 1L);
  set(CURLOPT_BUFFERSIZE, 256L << 10);  // libcurl cuts a line longer than half of it
  set(CURLOPT_CONNECTTIMEOUT_MS, whole(limits::kConnect));
  set(CURLOPT_TIMEOUT_MS, whole(request_.timeout));
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(std::chrono::ceil<seconds>(request_.timeout).count()));
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_ERRORBUFFER, &curl_says_[0]);
  set(CURLOPT_HEADERFUNCTION, &ImapTransfer::on_line);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &ImapTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &ImapTransfer::on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  if (!ok) return fail(error(ErrorKind::bug, "libcurl refused an option; is it older than 7.87?"));
  return {};
}

Result<ImapReply> ImapTransfer::finish(CURL* easy, CURLcode code) {
  if (code == CURLE_OK) return std::move(reply_);
  return fail(explain(easy, code));
}

// libcurl has one code for a password refused and a mailbox that cannot be selected; its words tell them apart.
Error ImapTransfer::explain_refusal() const {
  const std::string_view said = curl_says_;
  if (said.find("Select failed") != std::string_view::npos) {
    return error(ErrorKind::denied, concat("there is no mailbox \"", request_.account.mailbox,
                                           "\", or this account may not read it; correct `mailbox`"));
  }
  return error(ErrorKind::denied,
               concat("the server does not accept user \"", request_.account.user, "\" with this password; renew it"));
}

Error ImapTransfer::explain(CURL* easy, CURLcode code) const {
  if (refusal_) return *refusal_;
  const std::string_view said = curl_says_[0] != '\0' ? curl_says_ : curl_easy_strerror(code);
  if (said.find("Too large") != std::string_view::npos)  // libcurl's own cap, met before ours by a burst
    return error(ErrorKind::bad_data, "the server says more than 256 KiB beside the mail");
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return error(ErrorKind::transient, "the host's name was not found (DNS)");
    case CURLE_COULDNT_CONNECT:
      if (!refused_address_.empty()) return error(ErrorKind::denied, refused_address_);
      return error(ErrorKind::transient, concat("no connection: ", said));
    case CURLE_OPERATION_TIMEDOUT:
      return error(ErrorKind::transient, concat("no whole answer within ", format_duration(request_.timeout)));
    case CURLE_LOGIN_DENIED: return explain_refusal();
    case CURLE_REMOTE_FILE_NOT_FOUND:
      return error(ErrorKind::gone, concat("mail ", std::to_string(request_.uid), " is not there any more"));
    case CURLE_USE_SSL_FAILED:
      return error(ErrorKind::denied, "the server offers no encryption (STARTTLS); nothing was sent");
    case CURLE_PEER_FAILED_VERIFICATION: {
      long verdict = X509_V_OK;
      curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
      return error(ErrorKind::denied, concat(verdict == X509_V_OK ? said : X509_verify_cert_error_string(verdict),
                                             "; if the certificate is yours, name its authority in ca_file"));
    }
    case CURLE_SSL_CACERT_BADFILE: return error(ErrorKind::bad_config, "cannot read the certificates in ca_file");
    case CURLE_QUOTE_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
      return error(ErrorKind::bad_data, concat("the server does not do what IMAP says: ", said));
    default: return error(ErrorKind::transient, said);
  }
}

class CurlImapClient final : public ImapClient {
 public:
  CurlImapClient(HttpOptions options, Metrics& metrics)
      : options_(std::move(options)), guard_(options_.allow_private, ports(options_)), metrics_(metrics) {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (once != CURLE_OK) log::error("imap", "libcurl does not start", {{"reason", curl_easy_strerror(once)}});
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kOpenConnections);
  }
  CurlImapClient(const CurlImapClient&) = delete;
  CurlImapClient& operator=(const CurlImapClient&) = delete;

  ~CurlImapClient() override {
    for (auto& [easy, transfer] : running_) {
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
    }
    curl_multi_cleanup(multi_);
  }

  void start(ImapRequest request, OnImapReply on_reply) override {
    auto transfer = std::make_unique<ImapTransfer>(std::move(request), std::move(on_reply), options_, guard_);
    CURL* const easy = curl_easy_init();
    Result<void> ready =
        easy != nullptr ? transfer->prepare(easy) : fail(transfer->error(ErrorKind::transient, "out of memory"));
    if (ready && curl_multi_add_handle(multi_, easy) != CURLM_OK)
      ready = fail(transfer->error(ErrorKind::transient, "out of memory"));
    if (!ready) {
      if (easy != nullptr) curl_easy_cleanup(easy);
      done_.push_back({std::move(transfer), fail(ready.error())});
      return;
    }
    running_.emplace(easy, std::move(transfer));
  }

  std::size_t poll(Duration max_wait) override {
    step();
    if (done_.empty()) {
      const auto wait = std::chrono::ceil<milliseconds>(std::clamp<Duration>(max_wait, Duration::zero(), hours(1)));
      curl_multi_poll(multi_, nullptr, 0, static_cast<int>(wait.count()), nullptr);
      step();
    }
    for (std::size_t left = done_.size(); left > 0; --left) {
      Done done = std::move(done_.front());
      done_.pop_front();
      metrics_.add("vigie_imap_requests_total", "Commands sent to mailboxes, by what became of them.",
                   {{"result", done.result ? "ok" : std::string(to_text(done.result.error().kind))}});
      done.transfer->take_callback()(std::move(done.result));
    }
    return running_.size() + done_.size();
  }

  void wake() override { curl_multi_wakeup(multi_); }

 private:
  struct Done {
    std::unique_ptr<ImapTransfer> transfer;
    Result<ImapReply> result;
  };

  static std::vector<int> ports(const HttpOptions& options) {
    std::vector<int> all = options.extra_ports;
    all.insert(all.end(), {143, 993});
    return all;
  }

  void step() {
    int unused = 0;
    curl_multi_perform(multi_, &unused);
    while (const CURLMsg* message = curl_multi_info_read(multi_, &unused)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      auto node = running_.extract(easy);
      if (node.empty()) continue;
      Result<ImapReply> result = node.mapped()->finish(easy, message->data.result);
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
      done_.push_back({std::move(node.mapped()), std::move(result)});
    }
  }

  const HttpOptions options_;
  const AddressGuard guard_;
  Metrics& metrics_;
  CURLM* multi_ = nullptr;
  std::unordered_map<CURL*, std::unique_ptr<ImapTransfer>> running_;
  std::deque<Done> done_;
};

}  // namespace

std::unique_ptr<ImapClient> make_imap_client(HttpOptions options, Metrics& metrics) {
  return std::make_unique<CurlImapClient>(std::move(options), metrics);
}

}  // namespace vigie
