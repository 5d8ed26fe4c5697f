#include "collectors/mail.h"

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"
#include "collectors/charset.h"
#include "collectors/html.h"
#include "collectors/mail_header.h"

namespace vigie {
namespace {

constexpr int kDeepest = 8;                 // multipart in multipart
constexpr int kMostParts = 100;             // of one mail, attachments included
constexpr std::size_t kMostText = 200'000;  // bytes of one part that are looked at
constexpr std::size_t kTitle = 1000;        // code points
constexpr std::size_t kText = 100'000;      // code points
constexpr std::size_t kLongestId = 900;     // bytes; a Message-ID is one line

// Lines that end in a blank go on in the next (RFC 3676). "-- " is the signature's line and stays.
std::string unflowed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(' ')) line.remove_prefix(1);  // "space-stuffed"
    out += line;
    if (!line.ends_with(' ') || line == "-- ") out += '\n';
  }
  return out;
}

// Walks the parts of one mail and keeps what a reader would read.
class Parts {
 public:
  std::string text_of(const mail::Headers& headers, std::string_view body, int depth) {
    if (++seen_ > kMostParts || depth > kDeepest) return "";
    const std::string_view content = mail::find(headers, "Content-Type");
    const std::string type = content.empty() ? "text/plain" : mail::main_value(content);
    if (type.starts_with("multipart/")) return multipart(type, mail::parameter(content, "boundary"), body, depth);
    if (mail::main_value(mail::find(headers, "Content-Disposition")) == "attachment") return "";
    if (type != "text/plain" && type != "text/html" && type != "text/enriched" && type != "text") return "";
    std::string text = decode_text(decoded(headers, body), mail::parameter(content, "charset"));
    if (type == "text/html") return html_to_text(text);
    if (iequals(mail::parameter(content, "format"), "flowed")) text = unflowed(text);
    std::erase(text, '\r');
    return text;
  }

 private:
  static std::string decoded(const mail::Headers& headers, std::string_view body) {
    const std::string encoding = mail::main_value(mail::find(headers, "Content-Transfer-Encoding"));
    if (encoding == "base64") return mail::from_loose_base64(body.substr(0, 2 * kMostText)).substr(0, kMostText);
    if (encoding == "quoted-printable")
      return mail::from_quoted_printable(body.substr(0, 3 * kMostText), false).substr(0, kMostText);
    return std::string(body.substr(0, kMostText));
  }

  // An alternative is one text in several forms, of which the plain one is preferred; anything else is read in order.
  std::string multipart(const std::string& type, const std::string& boundary, std::string_view body, int depth) {
    if (boundary.empty()) return "";
    std::string plain, other, all;
    for (std::string_view part : cut(body, concat("--", boundary))) {
      const mail::Split split = mail::split_headers(part);
      const std::string text = text_of(split.headers, split.body, depth + 1);
      if (trim(text).empty()) continue;
      const std::string part_type = mail::main_value(mail::find(split.headers, "Content-Type"));
      std::string& form = part_type.empty() || part_type == "text/plain" ? plain : other;
      if (form.empty()) form = text;
      if (all.size() < kMostText) all.append(all.empty() ? "" : "\n\n").append(text);
    }
    if (type == "multipart/alternative") return plain.empty() ? other : plain;
    return all;
  }

  // The parts between the boundary's lines; the last one may lack its end.
  std::vector<std::string_view> cut(std::string_view body, const std::string& line) const {
    std::vector<std::string_view> parts;
    std::size_t start = std::string_view::npos;
    for (std::size_t at = body.find(line); at != std::string_view::npos; at = body.find(line, at + 1)) {
      if (at > 0 && body[at - 1] != '\n') continue;
      const std::string_view after = body.substr(at + line.size(), 2);
      // A longer boundary that starts with this one is another one.
      if (!after.empty() && !after.starts_with("--") && after[0] != '\r' && after[0] != '\n' && after[0] != ' ' &&
          after[0] != '\t')
        continue;
      if (start != std::string_view::npos) parts.push_back(body.substr(start, at - start));
      start = std::min(body.find('\n', at), body.size() - 1) + 1;
      if (after == "--" || parts.size() > kMostParts) return parts;
    }
    if (start != std::string_view::npos && start < body.size()) parts.push_back(body.substr(start));
    return parts;
  }

  int seen_ = 0;
};

bool is_plain_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId &&
         std::none_of(id.begin(), id.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

Result<ReceivedMail> read_mail(std::string_view bytes) {
  const mail::Split split = mail::split_headers(bytes);
  if (split.headers.empty()) return fail(ErrorKind::bad_data, "not a mail: it has no header");
  const auto header = [&](std::string_view name) { return mail::find(split.headers, name); };
  ReceivedMail out;
  out.message_id = mail::first_id(header("Message-ID"));
  out.parent = mail::first_id(header("In-Reply-To"));
  out.thread = mail::first_id(header("References"));
  const mail::Address from = mail::first_address(header("From").empty() ? header("Sender") : header("From"));
  out.from_name = from.name;
  out.from = from.address;
  out.subject = mail::decode_words(header("Subject"));
  out.language = decode_text(mail::main_value(header("Content-Language").substr(0, 35)), "");
  out.language = out.language.substr(0, out.language.find(','));
  std::string_view date = header("Date");
  date = date.substr(0, date.find('('));  // "(CEST)" after the offset
  if (const Result<LooseTime> when = parse_loose_time(trim(date))) out.date = *when;
  out.text = std::string(trim(Parts().text_of(split.headers, split.body, 0)));
  return out;
}

Result<Mention> mention_from_mail(const ReceivedMail& mail, std::string_view source, Time now) {
  if (mail.subject.empty() && mail.text.empty())
    return fail(ErrorKind::bad_data, "a mail with neither subject nor readable text");
  Mention m;
  m.source = source;
  m.id = mail.message_id;
  if (!is_plain_id(m.id)) {
    const std::string when = mail.date ? format_rfc3339(mail.date->time) : "";
    m.id = concat("sha256:", to_hex(sha256(concat(mail.from, "\n", when, "\n", mail.subject, "\n", mail.text))));
  }
  m.kind = "message";
  m.author.id = m.author.handle = mail.from;
  m.author.name = mail.from_name;
  m.title = shorten(mail.subject, kTitle);
  m.text = first_code_points(mail.text, kText);
  m.lang = mail.language;
  if (mail.date && mail.date->time <= now + kDay) {
    m.created = mail.date->time;
    m.late_zone = mail.date->zone_assumed;
  }
  m.parent = is_plain_id(mail.parent) ? mail.parent : "";
  m.thread = is_plain_id(mail.thread) ? mail.thread : "";
  return m;
}

}  // namespace vigie
