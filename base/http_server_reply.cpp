#include "base/http_server_reply.h"

#include "base/gzip.h"
#include "base/log.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kWorthCompressing = 1u << 10;
constexpr std::string_view kPolicy =
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action "
    "'self'; "
    "base-uri 'none'; frame-ancestors 'self'";

struct Phrase {
  int status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {{200, "OK"},
                               {201, "Created"},
                               {202, "Accepted"},
                               {204, "No Content"},
                               {206, "Partial Content"},
                               {301, "Moved Permanently"},
                               {302, "Found"},
                               {303, "See Other"},
                               {304, "Not Modified"},
                               {307, "Temporary Redirect"},
                               {308, "Permanent Redirect"},
                               {400, "Bad Request"},
                               {401, "Unauthorized"},
                               {403, "Forbidden"},
                               {404, "Not Found"},
                               {405, "Method Not Allowed"},
                               {406, "Not Acceptable"},
                               {408, "Request Timeout"},
                               {409, "Conflict"},
                               {410, "Gone"},
                               {412, "Precondition Failed"},
                               {413, "Content Too Large"},
                               {415, "Unsupported Media Type"},
                               {422, "Unprocessable Content"},
                               {429, "Too Many Requests"},
                               {431, "Request Header Fields Too Large"},
                               {500, "Internal Server Error"},
                               {501, "Not Implemented"},
                               {502, "Bad Gateway"},
                               {503, "Service Unavailable"},
                               {504, "Gateway Timeout"}};

bool breaks_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

// Ours to set: a second, different one would let a proxy and a browser disagree on where the reply ends.
bool frames_the_reply(std::string_view name) {
  return iequals(name, "content-length") || iequals(name, "transfer-encoding") || iequals(name, "connection") ||
         iequals(name, "date") || iequals(name, "content-type");
}

// What is wrong with the reply, or "".
std::string fault_of(const ServerReply& reply) {
  if (reply.status < 200 || reply.status > 599) return concat("status ", std::to_string(reply.status));
  if (breaks_line(reply.content_type)) return "line break or NUL in Content-Type";
  for (const auto& [name, value] : reply.headers) {
    if (!is_name(name)) return concat("header name ", name);
    if (breaks_line(value)) return concat("line break or NUL in header ", name);
  }
  return "";
}

bool is_texty(std::string_view content_type) {
  const std::string type = ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") || type == "application/json" ||
         type == "application/xml" || type == "application/javascript" || type == "application/x-ndjson";
}

bool has_header(const ServerReply& reply, std::string_view name) {
  return std::any_of(reply.headers.begin(), reply.headers.end(),
                     [&](const Header& h) { return iequals(h.first, name); });
}

class Head {
 public:
  explicit Head(int status) : text_(concat("HTTP/1.1 ", std::to_string(status), " ", reason_phrase(status), "\r\n")) {}
  void add(std::string_view name, std::string_view value) { text_ += concat(name, ": ", value, "\r\n"); }
  std::string take() { return std::move(text_) + "\r\n"; }

 private:
  std::string text_;
};

void add_unless_set(Head& head, const ServerReply& reply, std::string_view name, std::string_view value) {
  if (!has_header(reply, name)) head.add(name, value);
}

void compress(ServerReply& reply, Head& head, bool accepted) {
  if (reply.body.size() <= kWorthCompressing || !is_texty(reply.content_type) || has_header(reply, "content-encoding"))
    return;
  head.add("Vary", "Accept-Encoding");
  if (!accepted) return;
  if (std::optional<std::string> smaller = gzip(reply.body)) {
    reply.body = *std::move(smaller);
    head.add("Content-Encoding", "gzip");
  }
}

}  // namespace

std::string_view reason_phrase(int status) {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Status";
}

ServerReply plain_reply(int status) {
  return {status, concat(std::to_string(status), " ", reason_phrase(status), "\n"), "text/plain; charset=utf-8", {}};
}

WireReply to_wire(ServerReply reply, const ReplyTerms& terms, Time now) {
  if (const std::string fault = fault_of(reply); !fault.empty()) {
    log::error("http", "a reply could not be sent as made",
               {{"listener", terms.listener}, {"path", terms.path}, {"reason", fault}});
    reply = plain_reply(500);
  }
  Head head(reply.status);
  head.add("Date", format_http_date(now));
  head.add("Connection", terms.keep_alive ? "keep-alive" : "close");
  const bool bodiless = reply.status == 204 || reply.status == 304;
  if (bodiless) {
    reply.body.clear();
  } else {
    compress(reply, head, terms.gzip);
    if (!reply.content_type.empty()) head.add("Content-Type", reply.content_type);
    head.add("Content-Length", std::to_string(reply.body.size()));
  }
  add_unless_set(head, reply, "X-Content-Type-Options", "nosniff");
  add_unless_set(head, reply, "Referrer-Policy", "strict-origin-when-cross-origin");
  if (ascii_lower(reply.content_type).starts_with("text/html"))
    add_unless_set(head, reply, "Content-Security-Policy", kPolicy);
  for (const auto& [name, value] : reply.headers) {
    if (!frames_the_reply(name)) head.add(name, value);
  }
  if (terms.method == "HEAD") reply.body.clear();
  return {reply.status, head.take(), std::move(reply.body)};
}

}  // namespace vigie
