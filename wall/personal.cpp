#include "wall/personal.h"

#include <re2/re2.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kMostSpans = 200;  // of one text; behind them a person must look anyway

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  return digits;
}

// ISO/IEC 7812: every second digit from the right doubled, the sum divisible by ten.
bool luhn_holds(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

// ISO 13616: the first four characters moved to the end, letters as 10 to 35, the whole modulo 97 is 1.
bool iban_holds(std::string_view iban) {
  int rest = 0;
  const std::string turned = concat(iban.substr(4), iban.substr(0, 4));
  for (const char c : turned) {
    const int value = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest == 1;
}

struct Kind {
  std::string_view name;
  std::unique_ptr<RE2> pattern;
  // How much of a find counts, in bytes; 0 = none of it.
  std::function<std::size_t(std::string_view found)> keeps;
};

// A payment card's number: of a network's range, and its checksum holds.
std::size_t as_card(std::string_view found) {
  const std::string digits = digits_of(found);
  const bool range = digits[0] >= '2' && digits[0] <= '6';
  return range && luhn_holds(digits) ? found.size() : 0;
}

// The longest beginning whose checksum holds: words may follow in capitals.
std::size_t as_iban(std::string_view found) {
  std::string plain;
  std::vector<std::size_t> ends;  // of each of its characters
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!is_digit(found[i]) && !is_letter(found[i])) continue;
    plain += found[i];
    ends.push_back(i + 1);
  }
  constexpr std::size_t kShortest = 15, kLongest = 34;
  for (std::size_t length = std::min(plain.size(), kLongest); length >= kShortest; --length) {
    if (iban_holds(std::string_view(plain).substr(0, length))) return ends[length - 1];
  }
  return 0;
}

std::size_t as_international_number(std::string_view found) {
  const std::size_t digits = digits_of(found).size();
  return digits >= 8 && digits <= 15 ? found.size() : 0;
}

constexpr std::size_t kLongestMail = 254;  // RFC 5321
std::size_t as_mail(std::string_view found) { return found.size() <= kLongestMail ? found.size() : 0; }

std::size_t whole(std::string_view found) { return found.size(); }

// Street names that nothing else is called, and those that need a capital letter behind them: "2 cours de cuisine".
constexpr std::string_view kHouse = R"((?:\b\d{1,4}(?:\s?(?:bis|ter|quater|[a-dA-D])\b)?,?\s+))";
constexpr std::string_view kFrenchStreet =
    R"((?:(?:[Rr]ue|RUE|[Aa]venue|AVENUE|[Bb]oulevard|[Bb]d|[Aa]v\.|[Ii]mpasse|[Qq]uai|[Ss]quare|[Ff]aubourg|[Rr]oute|[Cc]hemin|[Aa]ll[ée]e|[Pp]lace|[Cc]ours|[Pp]assage)\s+(?:(?:de|du|des|la|le|les|d['’]|de\s+l['’]|l['’])\s*){0,3}\p{Lu}[\p{L}'’-]+(?:[ -](?:\p{Lu}[\p{L}'’-]+|de|du|des|la)){0,4}))";
constexpr std::string_view kFrenchTown = R"((?:,?\s+\d{5}(?:\s+\p{Lu}[\p{L}'’-]+(?:[ -]\p{Lu}[\p{L}'’-]+){0,3})?)?)";
constexpr std::string_view kEnglishStreet =
    R"((?:\p{Lu}[\p{L}'’]+\s+){1,3}(?:Street|Road|Avenue|Lane|Drive|Close|Crescent|Terrace|Boulevard|Gardens|Mews|Row|Court|St|Rd|Ave|Ln|Dr|Blvd)\b\.?)";

// Longest forms first: what an IBAN is made of is not a telephone number too.
const std::vector<Kind>& kinds() {
  static const auto* all = new std::vector<Kind>([] {
    std::vector<Kind> kinds;
    const auto add = [&](std::string_view name, std::string_view pattern,
                         std::function<std::size_t(std::string_view)> keeps) {
      RE2::Options options;
      options.set_max_mem(std::int64_t{64} << 20);  // classes of Unicode letters are large
      kinds.push_back(
          {name, std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options), std::move(keeps)});
    };
    add("mail",
        R"((?i)[a-z0-9._%+-]+\s?(?:@|\(at\)|\[at\]|\(arobase\)|\s(?:arobase|at)\s)\s?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\.|\s?\((?:dot|point)\)\s?|\s(?:dot|point)\s)[a-z]{2,24})",
        as_mail);
    add("iban", R"(\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30})", as_iban);
    add("card", R"(\b\d(?:[ -]?\d){12,18}\b)", as_card);
    add("phone", R"((?:\+|\b00)[1-9]\d{0,2}(?:[ .\-/()\x{00a0}\x{202f}]{0,2}\d){6,14})", as_international_number);
    add("phone", R"(\b0[1-9](?:[ .\-/\x{00a0}\x{202f}]?\d{2}){4}\b)", whole);              // France
    add("phone", R"(\b0\d{2,4}[ \-]\d{3,4}[ \-]\d{3,4}\b)", whole);                        // United Kingdom
    add("phone", R"((?:\b|\()[2-9]\d{2}(?:\)\s?|[ .\-])[2-9]\d{2}[ .\-]\d{4}\b)", whole);  // North America
    add("address", concat(kHouse, kFrenchStreet, kFrenchTown), whole);
    add("address", concat(kHouse, kEnglishStreet), whole);
    return kinds;
  }());
  return *all;
}

bool stands_apart(std::string_view text, std::size_t from, std::size_t to) {
  const auto part_of_word = [](char c) { return is_digit(c) || is_letter(c); };
  return (from == 0 || !part_of_word(text[from - 1]) || !part_of_word(text[from])) &&
         (to == text.size() || !part_of_word(text[to]) || !part_of_word(text[to - 1]));
}

bool overlaps(const std::vector<FoundSpan>& spans, std::size_t from, std::size_t to) {
  return std::any_of(spans.begin(), spans.end(),
                     [&](const FoundSpan& span) { return from < span.to && span.from < to; });
}

void find(const Kind& kind, ReviewField field, std::string_view text, std::vector<FoundSpan>& spans) {
  const re2::StringPiece all(text.data(), text.size());
  std::size_t at = 0;
  re2::StringPiece match;
  while (at < text.size() && spans.size() < kMostSpans &&
         kind.pattern->Match(all, at, all.size(), RE2::UNANCHORED, &match, 1) && !match.empty()) {
    const auto from = static_cast<std::size_t>(match.data() - text.data());
    const std::size_t to = from + kind.keeps(std::string_view(match.data(), match.size()));
    const bool counts = to > from && stands_apart(text, from, to) && !overlaps(spans, from, to);
    if (counts) spans.push_back({field, from, to, std::string(kind.name)});
    at = counts ? to : from + match.size();
  }
}

}  // namespace

std::vector<FoundSpan> find_personal(ReviewField field, std::string_view text) {
  std::vector<FoundSpan> spans;
  for (const Kind& kind : kinds()) find(kind, field, text, spans);
  std::sort(spans.begin(), spans.end(), [](const FoundSpan& a, const FoundSpan& b) { return a.from < b.from; });
  return spans;
}

}  // namespace vigie
