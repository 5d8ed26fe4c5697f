#include "collectors/imap.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/text.h"
#include "collectors/mail.h"

namespace vigie {

struct Mailbox::Mark {
  std::uint32_t validity = 0;  // 0 = never visited
  std::uint32_t uid = 0;
  std::uint32_t history = 0;  // mails up to this one were there at the first visit
};

namespace {

constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr std::uint32_t kHighest = 0xFFFFFFFFu;

std::string param(const SourceSettings& settings, std::string_view name) {
  const auto found = settings.params.find(std::string(name));
  return found == settings.params.end() ? std::string() : found->second;
}

std::uint32_t number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? value : 0;
}

// "* OK [UIDVALIDITY 385759045] UIDs valid": the number behind `name`.
std::uint32_t code_in(const std::vector<std::string>& lines, std::string_view name) {
  std::uint32_t value = 0;
  const std::string wanted = concat("[", ascii_lower(name), " ");
  for (const std::string& line : lines) {
    const std::string lower = ascii_lower(line);
    const std::size_t at = lower.starts_with("* ok") ? lower.find(wanted) : std::string::npos;
    if (at == std::string::npos) continue;
    const std::size_t start = at + wanted.size();
    value = number(std::string_view(lower).substr(start, lower.find(']', start) - start));
  }
  return value;
}

// Every number of the "* SEARCH 3 9 12" lines, in order, once.
std::vector<std::uint32_t> searched(const std::vector<std::string>& lines) {
  std::vector<std::uint32_t> uids;
  for (const std::string& line : lines) {
    if (!ascii_lower(line.substr(0, 8)).starts_with("* search")) continue;
    for (const std::string_view word : split(std::string_view(line).substr(8), ' ')) {
      if (const std::uint32_t uid = number(word); uid != 0) uids.push_back(uid);
    }
  }
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

// A search key with a quoted string, or "" when the text cannot stand in one: then the filter is ours alone.
std::string server_filter(std::string_view key, std::string_view text) {
  if (text.empty() || !is_plain(text)) return "";
  std::string out = concat(" ", key, " \"");
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// RFC 3501 5.1.3: "Boîte" is "Bo&AO4-te" on the wire.
Result<std::string> wire_name(const std::string& mailbox) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(mailbox);
  std::string out(mailbox.size() * 8 + 16, '\0');
  const int size =
      text.extract(0, text.length(), out.data(), static_cast<std::uint32_t>(out.size()), "IMAP-mailbox-name");
  out.resize(static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(out.size()))));
  if (out.empty() || !is_plain(out)) return fail(ErrorKind::bad_config, "mailbox: expected a name, found another text");
  return out;
}

bool is_this_machine(std::string_view host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

}  // namespace

Mailbox::Mailbox(const SourceSettings& settings, ImapAccount account)
    : source_(settings.id),
      box_(concat(account.user, "@", account.host, "/", account.mailbox)),
      account_(std::move(account)),
      from_(fold(param(settings, "from"))),
      subject_(fold(param(settings, "subject"))),
      filter_(concat(server_filter("FROM", param(settings, "from")),
                     server_filter("SUBJECT", param(settings, "subject")))) {}

// A bookmark of another mailbox is none.
Mailbox::Mark Mailbox::read_mark(const Cursor& cursor) const {
  const auto document = json::parse(cursor.value);
  if (!document || document->root().text_or("box", "") != box_) return {};
  const auto value = [&](std::string_view name) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(document->root().integer_or(name, 0), 0, kHighest));
  };
  return {value("validity"), value("uid"), value("history")};
}

Cursor Mailbox::to_cursor(const Mark& mark) const {
  json::Writer out;
  out.begin_object().member("box", box_).key("validity").integer(mark.validity).key("uid").integer(mark.uid);
  if (mark.uid < mark.history) out.key("history").integer(mark.history);
  out.end_object();
  return {out.take()};
}

ImapRequest Mailbox::search(const Cursor& since) const {
  const Mark mark = read_mark(since);
  const std::uint32_t from = mark.uid == kHighest ? kHighest : mark.uid + 1;
  const std::uint32_t to = kHighest - from < kWindow ? kHighest : from + kWindow - 1;
  ImapRequest request;
  request.account = account_;
  request.command = concat("UID SEARCH OR UID * (UID ", std::to_string(from), ":", std::to_string(to), filter_, ")");
  return request;
}

Result<Mailbox::Found> Mailbox::found(const ImapReply& reply, const Cursor& since) const {
  Mark mark = read_mark(since);
  Found out;
  out.validity = code_in(reply.lines, "UIDVALIDITY");
  if (out.validity == 0)
    return fail(ErrorKind::bad_data, "the server does not say how its mails are numbered (UIDVALIDITY)");
  std::vector<std::uint32_t> uids = searched(reply.lines);
  const std::uint32_t newest = uids.empty() ? 0 : uids.back();
  if (mark.validity != out.validity) {
    const bool first = mark.validity == 0;
    const bool asked_from_one = mark.uid == 0;
    mark = {out.validity, 0, first ? newest : 0};
    if (!asked_from_one) {  // numbered anew: the search was for numbers that mean nothing now
      out.next = to_cursor(mark);
      out.more = true;
      return out;
    }
  }
  const std::uint32_t last_of_window = kHighest - mark.uid < kWindow ? kHighest : mark.uid + kWindow;
  std::erase_if(uids, [&](std::uint32_t uid) { return uid <= mark.uid || uid > last_of_window; });
  const bool page_is_full = uids.size() > kPage;
  if (page_is_full) uids.resize(kPage);
  out.history = mark.history > mark.uid;
  if (page_is_full) {
    mark.uid = uids.back();
  } else if (newest > last_of_window) {
    mark.uid = last_of_window;
  } else {
    mark.uid = std::max(mark.uid, newest);
  }
  out.more = page_is_full || newest > mark.uid;
  out.uids = std::move(uids);
  out.next = to_cursor(mark);
  return out;
}

ImapRequest Mailbox::fetch(const Found& found, std::size_t index) const {
  ImapRequest request;
  request.account = account_;
  request.uid = found.uids[index];
  request.uid_validity = found.validity;
  request.fresh = index == 0;
  request.last = index + 1 == found.uids.size();
  return request;
}

void Mailbox::take(std::string_view bytes, Time now, Batch& batch) const {
  const auto reject = [&](const Error& error) {
    batch.rejected.push_back({std::string(bytes.substr(0, kRejectedBytes)), error.what});
  };
  const Result<ReceivedMail> mail = read_mail(bytes);
  if (!mail) return reject(mail.error());
  const auto holds = [](const std::string& text, const std::string& wanted) {
    return wanted.empty() || fold(text).find(wanted) != std::string::npos;
  };
  if (!holds(concat(mail->from_name, " <", mail->from, ">"), from_) || !holds(mail->subject, subject_)) return;
  Result<Mention> mention = mention_from_mail(*mail, source_, now);
  if (!mention) return reject(mention.error());
  batch.mentions.push_back(*std::move(mention));
}

Result<std::unique_ptr<Mailbox>> open_mailbox(const SourceSettings& settings) {
  const auto refuse = [](std::string why) { return fail(ErrorKind::bad_config, std::move(why)); };
  ImapAccount account;
  account.host = param(settings, "host");
  account.user = param(settings, "user");
  const auto password = settings.secrets.find("password");
  if (password != settings.secrets.end()) account.password = password->second;
  const std::string tls = param(settings, "tls");
  const std::string host_of_url = origin_of(concat("http://", account.host, "/"));
  const bool has_port = !account.host.starts_with('[') && account.host.find(':') != std::string::npos;
  if (account.host.empty() || has_port || host_of_url != ascii_lower(concat("http://", account.host)))
    return refuse("host: expected a host name, found another text");
  if (account.user.empty() || !is_plain(account.user)) return refuse("user: expected the account's name in ASCII");
  if (account.password.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    return refuse("secrets.password: expected one line");
  if (tls == "starttls") {
    account.tls = ImapTls::starttls;
  } else if (tls == "none") {
    account.tls = ImapTls::none;
    if (!is_this_machine(account.host))
      return refuse(R"(tls: expected "tls" or "starttls": only this machine may be sent a password in the clear)");
  } else if (!tls.empty() && tls != "tls") {
    return refuse(concat(R"(tls: expected "tls", "starttls" or "none", found ")", tls, "\""));
  }
  account.port = account.tls == ImapTls::tls ? 993 : 143;
  if (const std::string port = param(settings, "port"); !port.empty()) {
    const std::uint32_t value = number(port);
    if (value == 0 || value > 65535) return refuse("port: expected a number from 1 to 65535");
    account.port = static_cast<int>(value);
  }
  if (const std::string mailbox = param(settings, "mailbox"); !mailbox.empty()) {
    Result<std::string> name = wire_name(mailbox);
    if (!name) return refuse(name.error().what);
    account.mailbox = *std::move(name);
  }
  return std::make_unique<Mailbox>(settings, std::move(account));
}

}  // namespace vigie
