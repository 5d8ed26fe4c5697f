#include "base/graphemes.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <memory>

#include "base/result.h"

namespace vigie {
namespace {

constexpr int kMostMarks = 8;  // no living script stacks more

struct CloseBreaks {
  void operator()(UBreakIterator* breaks) const { ubrk_close(breaks); }
};

// Costly to open and not shared between threads: each keeps one.
UBreakIterator* breaks_of_this_thread() {
  thread_local const std::unique_ptr<UBreakIterator, CloseBreaks> breaks = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<UBreakIterator, CloseBreaks>(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status));
  }();
  return breaks.get();
}

bool is_mark(UChar32 c) { return (U_MASK(u_charType(c)) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_MC_MASK)) != 0; }

bool is_control(UChar32 c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF;
}

}  // namespace

std::string first_graphemes(std::string_view text, std::size_t count) {
  if (text.size() <= count) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  UText* units = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
  UBreakIterator* breaks = breaks_of_this_thread();
  std::int32_t end = 0;
  if (breaks != nullptr && U_SUCCESS(status)) {
    ubrk_setUText(breaks, units, &status);
    for (std::size_t taken = 0; taken < count && end != UBRK_DONE; ++taken) end = ubrk_next(breaks);
  }
  if (units != nullptr) utext_close(units);
  if (end == UBRK_DONE || static_cast<std::size_t>(end) >= text.size()) return std::string(text);
  return concat(text.substr(0, static_cast<std::size_t>(end)), "…");
}

std::string displayable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto size = static_cast<std::int32_t>(text.size());
  int marks = 0;
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    marks = c >= 0 && is_mark(c) ? marks + 1 : 0;
    if (c < 0 || is_control(c) || marks > kMostMarks) continue;
    out.append(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start)));
  }
  return out;
}

}  // namespace vigie
