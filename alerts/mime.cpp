#include "alerts/mime.h"

#include <algorithm>
#include <array>

#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kEncodedLine = 76;
// "=?UTF-8?B?" and "?=" take 12 of an encoded-word's 75 characters: 60 of base64, 45 bytes, are left.
constexpr std::size_t kEncodedWordBytes = 45;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7f; }

bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_printable_ascii) && text.find("=?") == std::string_view::npos;
}

// A display name as RFC 5322 wants it: a quoted string when ASCII, encoded-words when not.
std::string phrase(std::string_view name) {
  if (!plain(name)) return encode_header(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted.append("\"");
}

std::string written(const MailAddress& box) {
  return box.name.empty() ? box.address : concat(phrase(box.name), " <", box.address, ">");
}

Result<void> add_header(std::string& out, std::string_view name, std::string_view value) {
  const bool good_name =
      !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
  if (!good_name) return fail(ErrorKind::bad_data, "mail: a header name that is not one");
  if (std::any_of(value.begin(), value.end(), is_control)) {
    return fail(ErrorKind::bad_data,
                concat("mail: the header ", name, " holds a line break or another control character"));
  }
  out.append(name).append(": ").append(encode_header(value)).append("\r\n");
  return {};
}

Result<void> add_address(std::string& out, std::string_view name, const MailAddress& box) {
  if (std::any_of(box.name.begin(), box.name.end(), is_control)) {
    return fail(ErrorKind::bad_data,
                concat("mail: the name in ", name, " holds a line break or another control character"));
  }
  out.append(name).append(": ").append(written(box)).append("\r\n");
  return {};
}

void add_part(std::string& out, std::string_view boundary, std::string_view type, std::string_view body) {
  out.append("--").append(boundary).append("\r\nContent-Type: ").append(type);
  out.append("; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
  out.append(quoted_printable(body)).append("\r\n");
}

// Base64 in lines of 76.
std::string base64_lines(std::string_view bytes) {
  const std::string whole = to_base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < whole.size(); at += kEncodedLine) out.append(whole, at, kEncodedLine).append("\r\n");
  return out;
}

bool is_header_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_printable_ascii(c) && std::string_view(" \"\\<>;").find(c) == std::string_view::npos;
  });
}

Result<void> add_image(std::string& out, std::string_view boundary, const InlineImage& image) {
  if (!is_header_word(image.id) || !is_header_word(image.type) || !is_header_word(image.name))
    return fail(ErrorKind::bad_data,
                concat("mail: a picture whose id, type or name cannot stand in a header: ", shorten(image.id, 80)));
  out.append("--").append(boundary).append("\r\nContent-Type: ").append(image.type);
  out.append("; name=\"").append(image.name).append("\"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <");
  out.append(image.id).append(">\r\nContent-Disposition: inline; filename=\"").append(image.name);
  out.append("\"\r\n\r\n").append(base64_lines(image.bytes));
  return {};
}

Result<void> add_html(std::string& out, std::string_view boundary, const Mail& mail) {
  if (mail.images.empty()) {
    add_part(out, boundary, "text/html", mail.html);
    return {};
  }
  // Neither boundary begins with the other: some readers look at beginnings only.
  const std::string inner = concat("=_related_", boundary);
  out.append("--").append(boundary).append("\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"");
  out.append(inner).append("\"\r\n\r\n");
  add_part(out, inner, "text/html", mail.html);
  for (const InlineImage& image : mail.images) {
    TRY(add_image(out, inner, image));
  }
  out.append("--").append(inner).append("--\r\n");
  return {};
}

}  // namespace

Result<MailAddress> parse_mailbox(std::string_view text) {
  MailAddress box;
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.ends_with(">")) {
    box.address = text.substr(open + 1, text.size() - open - 2);
    box.name = trim(text.substr(0, open));
    if (box.name.size() >= 2 && box.name.front() == '"' && box.name.back() == '"')
      box.name = box.name.substr(1, box.name.size() - 2);
  } else {
    box.address = trim(text);
  }
  const std::string& address = box.address;
  const std::size_t at = address.rfind('@');
  const bool whole = at != std::string::npos && at > 0 && at + 1 < address.size();
  const bool clean = std::all_of(address.begin(), address.end(), [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("<>,;\"()").find(c) == std::string_view::npos;
  });
  if (!whole || !clean || std::any_of(box.name.begin(), box.name.end(), is_control)) {
    return fail(ErrorKind::bad_data, "expected a mail address such as name@example.org, in ASCII letters");
  }
  return box;
}

std::string encode_header(std::string_view text) {
  if (plain(text)) return std::string(text);
  std::string out;
  std::string valid = to_valid_utf8(text);
  std::string_view rest = valid;
  while (!rest.empty()) {
    std::string_view piece = rest.substr(0, kEncodedWordBytes);
    // Cut before a character's first byte, not inside it.
    while (piece.size() < rest.size() && (static_cast<unsigned char>(rest[piece.size()]) & 0xC0) == 0x80)
      piece.remove_suffix(1);
    out.append(out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?").append(to_base64(piece)).append("?=");
    rest.remove_prefix(piece.size());
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  const auto put = [&](std::string_view piece) {
    if (column + piece.size() > kEncodedLine - 1) {  // one is kept for the soft break's "="
      out.append("=\r\n");
      column = 0;
    }
    out.append(piece);
    column += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') continue;
    if (c == '\n') {
      out.append("\r\n");
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const bool as_is = is_printable_ascii(c) && c != '=' && !(c == ' ' && ends_line);
    const auto byte = static_cast<unsigned char>(c);
    const std::array<char, 3> escaped = {'=', kHex[byte >> 4], kHex[byte & 15]};
    put(as_is ? text.substr(i, 1) : std::string_view(escaped.data(), escaped.size()));
  }
  return out;
}

Result<std::string> to_mime(const Mail& mail) {
  std::string out;
  TRY(add_header(out, "Date", mail.date));
  TRY(add_address(out, "From", mail.from));
  if (mail.to.address.empty()) {
    TRY(add_header(out, "To", "undisclosed-recipients:;"));
  } else {
    TRY(add_address(out, "To", mail.to));
  }
  TRY(add_header(out, "Subject", mail.subject));
  TRY(add_header(out, "Message-ID", mail.message_id));
  for (const auto& [name, value] : mail.headers) {
    TRY(add_header(out, name, value));
  }
  // "=_" never stands in quoted-printable text, so no body can hold the boundary; the same mail gets the same one.
  const std::string boundary = concat("=_vigie_", to_hex(sha256(mail.message_id)).substr(0, 24));
  out.append("MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"")
      .append(boundary)
      .append("\"\r\n\r\n");
  add_part(out, boundary, "text/plain", mail.text);
  TRY(add_html(out, boundary, mail));
  out.append("--").append(boundary).append("--\r\n");
  return out;
}

}  // namespace vigie
