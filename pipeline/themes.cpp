#include "pipeline/themes.h"

#include <algorithm>
#include <bit>

#include "base/embedded.h"
#include "config/node.h"
#include "pipeline/phrases.h"
#include "pipeline/theme_book.h"

namespace vigie {
namespace {

// Severity cues follow the themes in one numbering, so that one bit set holds what was found.
const std::vector<std::string>& cue_ids() {
  static const std::vector<std::string> ids = {"danger", "injury", "legal", "boycott", "press", "self_harm"};
  return ids;
}

class ThemeBook {
 public:
  ThemeBook() {
    for (const EmbeddedFile& file : embedded_under("config/themes/")) {
      const config::Tree tree = config::Tree::parse(file.bytes, std::string(file.path));
      read(tree.root().child("themes"), theme_ids(), 0);
      read(tree.root().child("cues"), cue_ids(), theme_ids().size());
    }
  }

  ThemesFound find(const Words& words) const {
    std::uint64_t bits = 0;
    std::vector<std::uint32_t> found;
    for (std::size_t i = 0; i < words.size(); ++i) book_.all(words, i, found);
    for (const std::uint32_t index : found) bits |= meanings_[index];

    ThemesFound out;
    for (; bits != 0; bits &= bits - 1) {
      const auto id = static_cast<std::size_t>(std::countr_zero(bits));
      if (id < theme_ids().size())
        out.themes.push_back(theme_ids()[id]);
      else
        out.cues.push_back(cue_ids()[id - theme_ids().size()]);
    }
    std::sort(out.themes.begin(), out.themes.end());
    std::sort(out.cues.begin(), out.cues.end());
    return out;
  }

 private:
  void read(const config::Node& section, const std::vector<std::string>& ids, std::size_t first) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      for (const std::string& pattern : section.list(ids[i])) add(pattern, first + i);
    }
  }

  // A pattern may mean several themes, in one language or in two: its value in the book leads to all of them.
  void add(const std::string& pattern, std::size_t id) {
    const auto fresh = static_cast<std::uint32_t>(meanings_.size());
    const auto index = book_.add(pattern, fresh);
    if (!index) return;
    if (*index == fresh) meanings_.push_back(0);
    meanings_[*index] |= std::uint64_t{1} << id;
  }

  PhraseBook book_;
  std::vector<std::uint64_t> meanings_;  // bits of themes and cues
};

const ThemeBook& book() {
  static const ThemeBook shipped;
  return shipped;
}

}  // namespace

const std::vector<std::string>& theme_ids() {
  static const std::vector<std::string> ids = {"delivery", "billing",      "price", "quality", "staff",
                                               "support",  "outage",       "app",   "safety",  "privacy",
                                               "returns",  "availability", "other"};
  return ids;
}

ThemesFound find_themes(const Words& words) { return book().find(words); }

ThemesFound find_themes(std::string_view text) { return book().find(split_words(text)); }

}  // namespace vigie
