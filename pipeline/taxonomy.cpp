#include "pipeline/taxonomy.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/embedded.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr auto kShipped =
    std::to_array<std::string_view>({"delivery", "billing", "price", "quality", "staff", "support", "outage", "app",
                                     "safety", "privacy", "returns", "availability", "other"});
constexpr auto kCues = std::to_array<std::string_view>({"danger", "injury", "legal", "boycott", "press", "self_harm"});
constexpr auto kTurns = std::to_array<std::string_view>({"but", "better", "worse", "unlike", "leave", "join"});
static_assert(kShipped.size() + Taxonomy::kMostOwn <= ThemeHit::kFirstCue);
static_assert(ThemeHit::kFirstCue + kCues.size() <= ThemeHit::kFirstTurn);

constexpr std::size_t kMostPhrases = 20'000;  // of all files together

template <std::size_t N>
std::optional<unsigned> place_in(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<unsigned>(found - names.begin());
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 && text.front() >= 'a' && text.front() <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace

const Taxonomy& Taxonomy::shipped() {
  static const Taxonomy taxonomy = [] {
    Taxonomy fresh;
    fresh.ids_.assign(kShipped.begin(), kShipped.end());
    for (const EmbeddedFile& file : embedded_under("config/themes/")) {
      fresh.read(config::Tree::parse(file.bytes, std::string(file.path)).root());
    }
    return fresh;
  }();
  return taxonomy;
}

Taxonomy Taxonomy::with(const std::vector<std::string>& files, config::Problems& problems) {
  Taxonomy taxonomy = shipped();
  std::vector<config::Tree> trees;
  trees.reserve(files.size());
  for (const std::string& file : files) trees.push_back(config::Tree::load(file));
  // Every theme is declared before words are read: one file may add words to another's theme.
  for (const config::Tree& tree : trees) {
    for (const config::Node& theme : tree.root().children("theme")) taxonomy.declare(theme);
  }
  for (const config::Tree& tree : trees) {
    taxonomy.read(tree.root());
    problems.insert(problems.end(), tree.problems().begin(), tree.problems().end());
  }
  return taxonomy;
}

Result<Taxonomy> Taxonomy::load(const std::vector<std::string>& files) {
  config::Problems problems;
  Taxonomy taxonomy = with(files, problems);
  if (problems.empty()) return taxonomy;
  std::string lines;
  for (const config::Problem& problem : problems) lines += concat(lines.empty() ? "" : "\n", problem.text());
  return fail(ErrorKind::bad_config, std::move(lines));
}

void Taxonomy::declare(const config::Node& theme) {
  theme.only({"id", "words", "except"});
  const std::string id = theme.text("id");
  if (!is_id(id)) {
    theme.problem(concat("id: expected 1 to 32 of a-z, 0-9 and _, a letter first, found \"", id, "\""));
  } else if (bit_of(id) != 0) {
    theme.problem(concat("id: expected a new name, found \"", id, "\", which exists; add its words under [themes]"));
  } else if (ids_.size() == kShipped.size() + kMostOwn) {
    theme.problem(concat("expected at most ", std::to_string(kMostOwn), " themes of your own"));
  } else {
    ids_.push_back(id);
    for (const config::Node& phrase : theme.elements("words")) add(phrase, bit_of(id), false);
    for (const config::Node& phrase : theme.elements("except")) add(phrase, bit_of(id), true);
  }
}

void Taxonomy::read(const config::Node& root) {
  root.only({"theme", "themes", "cues", "turns", "except"});
  const std::vector<std::string_view> themes(ids_.begin(), ids_.end());
  const std::vector<std::string_view> cues(kCues.begin(), kCues.end());
  const std::vector<std::string_view> turns(kTurns.begin(), kTurns.end());
  std::vector<std::string_view> all = themes;
  all.insert(all.end(), cues.begin(), cues.end());
  all.insert(all.end(), turns.begin(), turns.end());
  read_lists(root.child("themes"), themes, false);
  read_lists(root.child("cues"), cues, false);
  read_lists(root.child("turns"), turns, false);
  read_lists(root.child("except"), all, true);
}

void Taxonomy::read_lists(const config::Node& section, const std::vector<std::string_view>& known, bool except) {
  section.only(known);
  for (const std::string_view id : known) {
    for (const config::Node& phrase : section.elements(id)) add(phrase, bit_of(id), except);
  }
}

// A phrase may mean several themes, in one language or in two: its value in the book leads to all of them.
void Taxonomy::add(const config::Node& phrase, std::uint64_t bit, bool except) {
  const std::string text = phrase.own_text();
  if (!phrase.is_text()) return;  // already told
  if (meanings_.size() >= kMostPhrases) {
    if (meanings_.size() == kMostPhrases) phrase.problem("expected at most 20,000 phrases in all");
    return;
  }
  const auto fresh = static_cast<std::uint32_t>(meanings_.size());
  const auto index = book_.add(text, fresh);
  if (!index) return phrase.problem(concat("expected words, found \"", text, "\""));
  if (*index == fresh) meanings_.emplace_back();
  (except ? meanings_[*index].takes_away : meanings_[*index].says) |= bit;
}

std::uint64_t Taxonomy::bit_of(std::string_view id) const {
  const auto theme = std::find(ids_.begin(), ids_.end(), id);
  if (theme != ids_.end()) return std::uint64_t{1} << (theme - ids_.begin());
  if (const auto cue = place_in(kCues, id)) return std::uint64_t{1} << (ThemeHit::kFirstCue + *cue);
  if (const auto turn = place_in(kTurns, id)) return std::uint64_t{1} << (ThemeHit::kFirstTurn + *turn);
  return 0;
}

int Taxonomy::phrases_of(std::string_view id) const {
  const std::uint64_t bit = bit_of(id);
  return static_cast<int>(std::count_if(meanings_.begin(), meanings_.end(),
                                        [bit](const Meaning& meaning) { return (meaning.says & bit) != 0; }));
}

std::vector<ThemeHit> Taxonomy::hits(const Words& words) const {
  std::vector<ThemeHit> hits, exceptions;
  std::vector<PhraseBook::Found> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    found.clear();
    book_.all(words, i, found);
    for (const PhraseBook::Found& one : found) {
      const Meaning& meaning = meanings_[one.value];
      if (meaning.says != 0) hits.push_back({i, one.words, meaning.says});
      if (meaning.takes_away != 0) exceptions.push_back({i, one.words, meaning.takes_away});
    }
  }
  for (const ThemeHit& exception : exceptions) {
    for (ThemeHit& hit : hits) {
      const bool apart = hit.first + hit.words <= exception.first || exception.first + exception.words <= hit.first;
      if (!apart) hit.meaning &= ~exception.meaning;
    }
  }
  return hits;
}

ThemesFound Taxonomy::found(const std::vector<ThemeHit>& hits) const {
  std::uint64_t bits = 0;
  for (const ThemeHit& hit : hits) bits |= hit.meaning;
  ThemesFound out;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    if ((bits >> i & 1u) != 0) out.themes.push_back(ids_[i]);
  }
  for (std::size_t i = 0; i < kCues.size(); ++i) {
    if ((bits >> (ThemeHit::kFirstCue + i) & 1u) != 0) out.cues.emplace_back(kCues[i]);
  }
  std::sort(out.themes.begin(), out.themes.end());
  std::sort(out.cues.begin(), out.cues.end());
  return out;
}

}  // namespace vigie
