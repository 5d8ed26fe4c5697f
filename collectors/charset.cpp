#include "collectors/charset.h"

#include <unicode/ucnv.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"

namespace vigie {
namespace {

struct ConverterDeleter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterDeleter>;

Result<void> too_large(std::size_t max_bytes) {
  return fail(ErrorKind::bad_data, concat("larger than ", std::to_string(max_bytes >> 20), " MiB"));
}

// One level of gzip; what was unpacked before a damaged end counts.
Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  if (inflateInit2(&stream, kGzip) != Z_OK) return fail(ErrorKind::bug, "zlib does not start");
  const std::unique_ptr<z_stream, void (*)(z_stream*)> end(&stream, [](z_stream* s) { inflateEnd(s); });
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 16384> chunk{};
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = chunk.size();
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk.data(), chunk.size() - stream.avail_out);
    if (out.size() > max_bytes) return fail(too_large(max_bytes).error());
  }
  if (out.empty()) return fail(ErrorKind::bad_data, "compressed, and cannot be unpacked");
  return out;
}

struct Mark {
  std::string_view bytes;
  const char* charset;
};

using namespace std::string_view_literals;

constexpr Mark kByteOrderMarks[] = {{"\xFF\xFE\0\0"sv, "UTF-32LE"},
                                    {"\0\0\xFE\xFF"sv, "UTF-32BE"},
                                    {"\xFF\xFE"sv, "UTF-16LE"},
                                    {"\xFE\xFF"sv, "UTF-16BE"},
                                    {"\xEF\xBB\xBF"sv, "UTF-8"}};
// "<", "<?" or "{" without a mark: the zero bytes tell. EBCDIC's "<?xm" is only a family: the declaration names the
// member.
constexpr Mark kFirstBytes[] = {{"<\0\0\0"sv, "UTF-32LE"},      {"\0\0\0<"sv, "UTF-32BE"}, {"<\0"sv, "UTF-16LE"},
                                {"\0<"sv, "UTF-16BE"},          {"{\0"sv, "UTF-16LE"},     {"\0{"sv, "UTF-16BE"},
                                {"\x4C\x6F\xA7\x94"sv, "cp037"}};

const char* match(std::string_view bytes, const Mark* first, const Mark* last, std::size_t* length) {
  for (; first != last; ++first) {
    if (!bytes.starts_with(first->bytes)) continue;
    if (length != nullptr) *length = first->bytes.size();
    return first->charset;
  }
  return nullptr;
}

// The value of charset= or encoding=, quoted or not.
std::string parameter(std::string_view text, std::string_view name) {
  const std::string lower = ascii_lower(text);
  std::size_t at = lower.find(name);
  if (at == std::string::npos) return {};
  at = lower.find_first_not_of(" \t\r\n=\"'", at + name.size());
  if (at == std::string::npos) return {};
  return lower.substr(at, lower.find_first_of(" \t\r\n\"';?>,", at) - at);
}

std::string declared_in_xml(std::string_view bytes) {
  constexpr std::size_t kLongestDeclaration = 512;
  const std::size_t start = bytes.substr(0, kLongestDeclaration).find("<?xml");
  if (start == std::string_view::npos) return {};
  const std::string_view head = bytes.substr(start, kLongestDeclaration);
  return parameter(head.substr(0, head.find("?>")), "encoding");
}

// What people mean by the name they write.
std::string meant(std::string name) {
  if (name == "iso-8859-1" || name == "iso8859-1" || name == "iso_8859-1" || name == "latin1" || name == "latin-1")
    return "windows-1252";
  if (name == "us-ascii" || name == "ascii") return {};
  if (name == "gb2312" || name == "gbk" || name == "gb_2312-80") return "gb18030";
  if (name == "ks_c_5601-1987" || name == "euc-kr") return "windows-949";
  if (name == "shift_jis" || name == "shift-jis" || name == "sjis") return "windows-31j";
  if (name == "iso-8859-9") return "windows-1254";
  if (name == "iso-8859-11" || name == "tis-620") return "windows-874";
  if (name == "utf8") return "utf-8";
  return name;
}

// Strictly: nothing when a byte does not fit or ICU does not know the name.
std::optional<std::string> convert(std::string_view bytes, const std::string& charset) {
  UErrorCode status = U_ZERO_ERROR;
  const Converter from(ucnv_open(charset.c_str(), &status));
  const Converter to(ucnv_open("UTF-8", &status));
  if (U_FAILURE(status)) return std::nullopt;
  ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::string out;
  std::array<char, 16384> chunk{};
  std::array<UChar, 8192> pivot{};
  const char* source = bytes.data();
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  bool first = true;
  do {
    status = U_ZERO_ERROR;
    char* target = chunk.data();
    ucnv_convertEx(to.get(), from.get(), &target, chunk.data() + chunk.size(), &source, bytes.data() + bytes.size(),
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(), static_cast<UBool>(first),
                   true, &status);
    out.append(chunk.data(), static_cast<std::size_t>(target - chunk.data()));
    first = false;
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  if (U_FAILURE(status)) return std::nullopt;
  return out;
}

// UTF-8 with the bytes that are not read as windows-1252 one by one: right for a whole document in windows-1252 and for
// one that mixes both, as copied-together feeds do.
std::string utf8_or_windows_1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  while (!bytes.empty()) {
    std::size_t length = 1;
    const auto lead = static_cast<unsigned char>(bytes.front());
    if (lead >= 0xC2) length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0x80 || (length > 1 && length <= bytes.size() && is_valid_utf8(bytes.substr(0, length)))) {
      out.append(bytes.substr(0, length));
      bytes.remove_prefix(length);
      continue;
    }
    append_utf8(out, from_windows_1252(lead));
    bytes.remove_prefix(1);
  }
  return out;
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == '\x7F';
}

// Control characters, which XML forbids and no text needs, go. Those of 0x80 to 0x9F were windows-1252 once and become
// what they meant.
std::string without_controls(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (text.substr(start).starts_with("\xEF\xBB\xBF")) text.remove_prefix(start + 3);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool upper = text[i] == '\xC2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (upper)
      append_utf8(out, from_windows_1252(static_cast<unsigned char>(text[++i])));
    else if (!is_control(text[i]))
      out += text[i];
  }
  return out;
}

std::string decode(std::string_view bytes, std::string_view content_type, std::vector<std::string>& warnings) {
  std::size_t mark = 0;
  const char* known = match(bytes, std::begin(kByteOrderMarks), std::end(kByteOrderMarks), &mark);
  bytes.remove_prefix(mark);
  const char* guessed =
      known != nullptr ? nullptr : match(bytes, std::begin(kFirstBytes), std::end(kFirstBytes), nullptr);

  std::string charset = known != nullptr ? known : meant(parameter(content_type, "charset"));
  if (charset.empty()) charset = meant(declared_in_xml(bytes));
  if (guessed != nullptr) {
    const std::string text = convert(bytes, guessed).value_or("");
    charset = guessed == "cp037"sv ? meant(declared_in_xml(text)) : guessed;
    if (charset.empty()) charset = guessed;
  }
  if (charset.empty() || charset == "utf-8") charset = "UTF-8";

  if (charset != "UTF-8") {
    // Bytes that are UTF-8 although another one-byte set was declared: the declaration is a template's, the bytes are
    // the writer's.
    const bool wide = charset.starts_with("UTF-16") || charset.starts_with("UTF-32") || charset.starts_with("utf-16") ||
                      charset.starts_with("utf-32");
    if (charset == "windows-1252" && is_valid_utf8(bytes)) return std::string(bytes);
    if (auto text = convert(bytes, charset)) return *std::move(text);
    warnings.push_back(concat("not in the declared character set ", charset));
    if (wide && known != nullptr) return to_valid_utf8(bytes);
  }
  if (is_valid_utf8(bytes)) return std::string(bytes);
  if (charset == "UTF-8") warnings.push_back("not valid UTF-8: single bytes read as windows-1252");
  return utf8_or_windows_1252(bytes);
}

}  // namespace

std::string decode_text(std::string_view bytes, std::string_view charset) {
  constexpr std::size_t kLongestName = 40;
  const auto plain = [](char c) { return c > ' ' && c < 0x7F && c != '/' && c != ',' && c != '\\'; };
  std::string name = charset.size() <= kLongestName && std::all_of(charset.begin(), charset.end(), plain)
                         ? meant(ascii_lower(charset))
                         : std::string();
  if (name.empty()) name = "utf-8";
  if (is_valid_utf8(bytes) && (name == "utf-8" || name == "windows-1252")) return without_controls(bytes);
  std::optional<std::string> text;
  if (name != "utf-8") text = convert(bytes, name);
  return without_controls(text ? *text : is_valid_utf8(bytes) ? std::string(bytes) : utf8_or_windows_1252(bytes));
}

char32_t from_windows_1252(unsigned char byte) {
  constexpr std::array<char16_t, 32> kUpper = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                               0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  return byte >= 0x80 && byte < 0xA0 ? kUpper[byte - 0x80u] : byte;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

Result<std::string> decode_document(std::string_view bytes, std::string_view content_type, std::size_t max_bytes,
                                    std::vector<std::string>& warnings) {
  if (bytes.size() > max_bytes) return fail(too_large(max_bytes).error());
  std::string unpacked;
  for (int level = 0; level < 2 && bytes.starts_with("\x1F\x8B"); ++level) {
    TRY(std::string inner, gunzip(bytes, max_bytes));
    unpacked = std::move(inner);
    bytes = unpacked;
  }
  std::string text = without_controls(decode(bytes, content_type, warnings));
  if (text.size() > 2 * max_bytes) return fail(too_large(max_bytes).error());
  return text;
}

}  // namespace vigie
