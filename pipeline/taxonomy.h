// What people speak of and how grave it is: the words of config/themes/*.toml, and of an installation's own files.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/node.h"
#include "pipeline/phrases.h"
#include "pipeline/words.h"

namespace vigie {

struct ThemesFound {
  std::vector<std::string> themes;  // taxonomy ids, sorted
  std::vector<std::string> cues;    // severity cues, sorted
};

// Words that turn a sentence, for pipeline/aspects: "but", "better than", "worse than", "unlike", "I leave", "for".
enum class Turn : std::uint8_t { but, better, worse, unlike, leave, join };

// A word or phrase of the taxonomy in a text.
struct ThemeHit {
  std::size_t first = 0, words = 0;
  std::uint64_t meaning = 0;  // bit i: theme ids()[i]; then cues and turns
  bool is(Turn turn) const { return (meaning >> (kFirstTurn + static_cast<unsigned>(turn)) & 1u) != 0; }

  static constexpr unsigned kFirstCue = 40, kFirstTurn = 50;
};

// Phrases of every language are looked for in every text: a theme must survive a language wrongly found. A phrase of
// [except] takes away the hits of its theme that share a word with it ("customer support" stays, "I support this club"
// goes).
class Taxonomy {
 public:
  // At most this many themes of an installation's own: the detector keeps a bank of counters for each.
  static constexpr std::size_t kMostOwn = 3;

  static const Taxonomy& shipped();

  // The shipped themes with the words of `files` added and the themes they declare, numbered in the order read. What
  // is wrong in a file goes to `problems`, in place.
  static Taxonomy with(const std::vector<std::string>& files, config::Problems& problems);

  // The same with what is wrong as one bad_config error, a line each.
  static Result<Taxonomy> load(const std::vector<std::string>& files);

  // The shipped ids in their fixed order, `other` the last of them, then an installation's own.
  const std::vector<std::string>& ids() const { return ids_; }

  std::vector<ThemeHit> hits(const Words& words) const;
  ThemesFound found(const std::vector<ThemeHit>& hits) const;
  ThemesFound find(const Words& words) const { return found(hits(words)); }

  int phrases_of(std::string_view id) const;

  // The bits of `ThemeHit::meaning` that are themes.
  std::uint64_t theme_bits() const { return (std::uint64_t{1} << ids_.size()) - 1; }

 private:
  struct Meaning {
    std::uint64_t says = 0, takes_away = 0;
  };

  void declare(const config::Node& theme);
  void read(const config::Node& root);
  void read_lists(const config::Node& section, const std::vector<std::string_view>& known, bool except);
  void add(const config::Node& pattern, std::uint64_t bit, bool except);
  std::uint64_t bit_of(std::string_view id) const;

  std::vector<std::string> ids_;
  PhraseBook book_;
  std::vector<Meaning> meanings_;
};

}  // namespace vigie
