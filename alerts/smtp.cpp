#include "alerts/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/limits.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr Duration kGreylist = minutes(5);
constexpr Duration kMaybeTaken = minutes(1);
constexpr std::size_t kReplyShown = 200;

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

bool on_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

struct Upload {
  std::string_view rest;
  bool finished = false;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* upload_of) {
  auto& upload = *static_cast<Upload*>(upload_of);
  const std::size_t n = std::min(size * count, upload.rest.size());
  std::memcpy(buffer, upload.rest.data(), n);
  upload.rest.remove_prefix(n);
  upload.finished = upload.rest.empty();
  return n;
}

// Keeps the first line of the server's last refusal: its words tell a person more than its number. What it says to the
// farewell after that is none.
std::size_t keep_refusal(char* line, std::size_t size, std::size_t count, void* refusal) {
  const std::string_view text = trim(std::string_view(line, size * count));
  std::string& kept = *static_cast<std::string*>(refusal);
  const bool refuses = text.size() >= 3 && (text[0] == '4' || text[0] == '5');
  if (refuses && text.substr(0, 3) != std::string_view(kept).substr(0, 3)) kept = text.substr(0, kReplyShown);
  return size * count;
}

std::string url_of(const MailSettings& settings) {
  const std::string host =
      settings.host.find(':') == std::string::npos ? settings.host : concat("[", settings.host, "]");
  return concat(settings.tls == "tls" ? "smtps://" : "smtp://", host, ":", std::to_string(settings.port));
}

void set_up(CURL* curl, const MailSettings& settings, const std::string& from, curl_slist* to) {
  curl_easy_setopt(curl, CURLOPT_URL, url_of(settings).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // an http_proxy of the environment is not for mail
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(settings.tls == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, settings.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, settings.password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, concat("<", from, ">").c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  const auto millis = [](Duration d) { return static_cast<long>(std::chrono::duration_cast<milliseconds>(d).count()); };
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, millis(limits::kConnect));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, millis(limits::kNotification));
}

Error judge(CURLcode result, long code, bool upload_finished, std::string what) {
  switch (result) {
    case CURLE_LOGIN_DENIED:
      return {ErrorKind::denied, what + ": the user name or password is not taken", std::nullopt};
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::denied, what + ": no safe connection; check mail.tls, mail.port and the server's certificate",
              std::nullopt};
    case CURLE_URL_MALFORMAT: return {ErrorKind::bad_config, what + ": check mail.host and mail.port", std::nullopt};
    default: break;
  }
  if (code >= 400) return refused_by_smtp(code, std::move(what));
  // The whole mail went out and no answer came back: it may have been taken. Trying again at once would double it.
  if (upload_finished) return {ErrorKind::transient, what + " after the mail was handed over", kMaybeTaken, true};
  return {ErrorKind::transient, std::move(what), std::nullopt};
}

}  // namespace

Error refused_by_smtp(long code, std::string what) {
  if (code == 530 || code == 534 || code == 535 || code == 538) {
    return {ErrorKind::denied, what + ": check mail.user, mail.password and mail.tls", std::nullopt};
  }
  if (code >= 500) return {ErrorKind::bad_data, std::move(what), std::nullopt};
  // 450, 451, 452: busy, greylisted or full; coming back within minutes is refused again.
  if (code >= 450 && code <= 452) return {ErrorKind::transient, std::move(what), kGreylist};
  return {ErrorKind::transient, std::move(what), std::nullopt};
}

Result<void> send_smtp(const MailSettings& settings, const std::string& from, const std::string& to,
                       std::string_view bytes) {
  if (settings.tls == "none" && !on_this_machine(settings.host)) {
    return fail(ErrorKind::bad_config,
                concat("mail server ", settings.host,
                       ": tls = \"none\" is for this machine only; use \"starttls\" or \"tls\""));
  }
  const Curl curl(curl_easy_init(), &curl_easy_cleanup);
  const CurlList recipients(curl_slist_append(nullptr, concat("<", to, ">").c_str()), &curl_slist_free_all);
  if (!curl || !recipients) return fail(ErrorKind::transient, "mail: no memory for a connection");
  set_up(curl.get(), settings, from, recipients.get());
  Upload upload{bytes};
  std::string refusal;
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &give);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, &keep_refusal);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &refusal);

  const CURLcode result = curl_easy_perform(curl.get());
  if (result == CURLE_OK) return {};
  long code = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &code);
  const std::string why =
      code >= 400 ? concat("refused with ", refusal.empty() ? std::to_string(code) : to_valid_utf8(refusal))
                  : std::string(curl_easy_strerror(result));
  return fail(judge(result, code, upload.finished,
                    concat("mail server ", settings.host, ":", std::to_string(settings.port), ": ", why)));
}

}  // namespace vigie
