#include "wall/poster.h"

#include <qrencode.h>

#include <memory>
#include <vector>

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestUrl = 300;
constexpr int kQuiet = 4;              // modules of white around, as ISO/IEC 18004 asks
constexpr int kSide = 1000;            // of the code in the picture
constexpr std::size_t kLineMost = 34;  // characters of the question

// Lines of about so many characters, cut between words.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines(1);
  for (const std::string_view word : split(text, ' ')) {
    std::string& last = lines.back();
    if (!last.empty() && count_code_points(last) + 1 + count_code_points(word) > kLineMost)
      lines.emplace_back(word);
    else
      last += concat(last.empty() ? "" : " ", word);
  }
  return lines;
}

}  // namespace

Result<std::string> poster_svg(std::string_view url, std::string_view question, std::string_view lang) {
  if (url.size() > kLongestUrl) return fail(ErrorKind::bad_data, "the address is too long for a poster's code");
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(std::string(url).c_str(), 0, QR_ECLEVEL_Q), &QRcode_free);
  if (!code) return fail(ErrorKind::bad_data, "the address cannot be made a code");
  const int modules = code->width + 2 * kQuiet;
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) == 0) continue;
      path += concat("M", std::to_string(x + kQuiet), " ", std::to_string(y + kQuiet), "h1v1h-1z");
    }
  }
  std::string text;
  int at = 120;
  for (const std::string& line : lines_of(question)) {
    text += concat("<text x=\"620\" y=\"", std::to_string(at), "\" font-size=\"56\">", escape_html(line), "</text>\n");
    at += 72;
  }
  const std::string top = std::to_string(at), below = std::to_string(at + kSide + 70);
  return concat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1240 1754\" width=\"210mm\" height=\"297mm\" lang=\"",
      escape_html(lang), "\" role=\"img\" aria-label=\"", escape_html(question),
      "\">\n<rect width=\"1240\" height=\"1754\" fill=\"#fff\"/>\n<g font-family=\"sans-serif\" "
      "text-anchor=\"middle\" fill=\"#000\">\n",
      text, "<text x=\"620\" y=\"", below, "\" font-size=\"34\">", escape_html(url),
      "</text>\n</g>\n<svg x=\"120\" y=\"", top, "\" width=\"", std::to_string(kSide), "\" height=\"",
      std::to_string(kSide), "\" viewBox=\"0 0 ", std::to_string(modules), " ", std::to_string(modules),
      "\" shape-rendering=\"crispEdges\"><path d=\"", path, "\"/></svg>\n</svg>\n");
}

}  // namespace vigie
