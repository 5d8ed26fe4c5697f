// Random queries over random texts: the matcher (literals in one automaton, positions after a hit) agrees with a reader
// that knows nothing of either and walks the words one by one.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>

#include "base/rng.h"
#include "pipeline/match.h"
#include "pipeline/query.h"

namespace vigie {
namespace {

using Text = std::vector<std::string>;

struct Written {
  std::string_view folded, forms[3];
};
// Few words, so that they meet; some begin or end like others.
constexpr std::array<Written, 9> kVocabulary = {{
    {"acme", {"Acme", "ACME", "acmé"}},
    {"acmebank", {"AcmeBank", "acmebank", "ÀCMEBANK"}},
    {"bank", {"bank", "Bank", "bânk"}},
    {"shop", {"shop", "SHOP", "Shop"}},
    {"delivered", {"delivered", "Delivered", "DÉLIVERED"}},
    {"deliver", {"deliver", "Deliver", "délivér"}},
    {"strasse", {"straße", "STRASSE", "Strasse"}},
    {"refund", {"refund", "REFUND", "ｒｅｆｕｎｄ"}},
    {"2", {"2", "２", "2"}},
}};
constexpr std::array<std::string_view, 7> kPatterns = {"acme*", "*bank", "deliver*", "de*ed",
                                                       "*cme*", "str*",  "a*me*k"};

bool fits_slowly(std::string_view pattern, std::string_view word) {
  if (pattern.empty()) return word.empty();
  if (pattern[0] != '*')
    return !word.empty() && word[0] == pattern[0] && fits_slowly(pattern.substr(1), word.substr(1));
  return fits_slowly(pattern.substr(1), word) || (!word.empty() && fits_slowly(pattern, word.substr(1)));
}

// A query as it was meant.
struct Meant {
  enum class Kind { term, all, any, without, near, lang } kind = Kind::term;
  std::vector<std::string> words;  // term
  std::vector<Meant> parts;
  std::vector<std::pair<std::size_t, bool>> reach;  // near: distance, ordered
};

struct Place {
  std::size_t first, last;
};

std::vector<Place> places(const Meant& meant, const Text& text) {
  std::vector<Place> found;
  for (const Meant& part : meant.parts) {
    for (const Place& place : places(part, text)) found.push_back(place);
  }
  for (std::size_t i = 0; meant.kind == Meant::Kind::term && i + meant.words.size() <= text.size(); ++i) {
    bool all = true;
    for (std::size_t k = 0; k < meant.words.size(); ++k) all = all && fits_slowly(meant.words[k], text[i + k]);
    if (all) found.push_back({i, i + meant.words.size() - 1});
  }
  return found;
}

bool reaches(const Place& a, const Place& b, const std::pair<std::size_t, bool>& reach) {
  if (b.first > a.last) return b.first - a.last <= reach.first;
  return !reach.second && a.first > b.last && a.first - b.last <= reach.first;
}

bool chain_from(const Meant& near, std::size_t next, const Place& here, const Text& text) {
  if (next == near.parts.size()) return true;
  for (const Place& place : places(near.parts[next], text)) {
    if (reaches(here, place, near.reach[next - 1]) && chain_from(near, next + 1, place, text)) return true;
  }
  return false;
}

bool meets(const Meant& meant, const Text& text, bool french) {
  switch (meant.kind) {
    case Meant::Kind::term: return !places(meant, text).empty();
    case Meant::Kind::lang: return french;
    case Meant::Kind::without: return !meets(meant.parts[0], text, french);
    case Meant::Kind::near:
      for (const Place& place : places(meant.parts[0], text)) {
        if (chain_from(meant, 1, place, text)) return true;
      }
      return false;
    case Meant::Kind::all:
    case Meant::Kind::any: break;
  }
  bool all = true, any = false;
  for (const Meant& part : meant.parts) {
    const bool met = meets(part, text, french);
    all = all && met;
    any = any || met;
  }
  return meant.kind == Meant::Kind::all ? all : any;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : rng_(seed) {}

  bool coin() { return rng_.below(2) == 0; }

  Text text() {
    Text words(rng_.below(12));
    for (std::string& word : words) word = pick(kVocabulary).folded;
    return words;
  }

  std::string write_text(const Text& text) {
    static constexpr std::array<std::string_view, 7> kGaps = {" ", ", ", "-", "'", ". ", " https://acme.example/bank ",
                                                              "/"};
    std::string written;
    for (const std::string& word : text) {
      if (!written.empty()) written += pick(kGaps);
      written += form(word);
    }
    return written;
  }

  Meant query(int depth) {
    const std::uint64_t kind = depth == 0 ? rng_.below(2) : rng_.below(7);
    if (kind <= 1) return term();
    Meant meant;
    if (kind == 2) return near();
    if (kind == 3) {
      meant.kind = Meant::Kind::lang;
    } else if (kind == 4) {
      meant.kind = Meant::Kind::without;
      meant.parts.push_back(query(depth - 1));
    } else {
      meant.kind = kind == 5 ? Meant::Kind::all : Meant::Kind::any;
      for (std::uint64_t i = 0; i < 2 + rng_.below(2); ++i) meant.parts.push_back(query(depth - 1));
    }
    return meant;
  }

  std::string write(const Meant& meant) {
    switch (meant.kind) {
      case Meant::Kind::term: return write_term(meant);
      case Meant::Kind::lang: return "lang:fr";
      case Meant::Kind::without: return (coin() ? "NOT " : "-") + bracket(meant.parts[0]);
      case Meant::Kind::near: return write_near(meant);
      case Meant::Kind::all:
      case Meant::Kind::any: break;
    }
    std::string written;
    for (const Meant& part : meant.parts) {
      if (!written.empty()) written += meant.kind == Meant::Kind::any ? " OR " : coin() ? " AND " : "  ";
      written += bracket(part);
    }
    return written;
  }

 private:
  template <class List>
  typename List::value_type pick(const List& list) {
    return list[rng_.below(list.size())];
  }

  std::string form(std::string_view folded) {
    for (const Written& word : kVocabulary) {
      if (word.folded == folded) return std::string(word.forms[rng_.below(3)]);
    }
    return std::string(folded);  // a pattern
  }

  Meant term() {
    Meant meant;
    for (std::uint64_t i = 0; i < 1 + rng_.below(2); ++i) {
      meant.words.emplace_back(rng_.below(3) == 0 ? pick(kPatterns) : pick(kVocabulary).folded);
    }
    return meant;
  }

  Meant near() {
    Meant meant;
    meant.kind = Meant::Kind::near;
    for (std::uint64_t i = 0; i < 2 + rng_.below(2); ++i) {
      Meant part = term();
      if (rng_.below(3) == 0) part = Meant{Meant::Kind::any, {}, {term(), term()}, {}};
      if (i > 0) meant.reach.emplace_back(1 + rng_.below(4), coin());
      meant.parts.push_back(std::move(part));
    }
    return meant;
  }

  std::string write_term(const Meant& meant) {
    std::string written;
    for (const std::string& word : meant.words) written += (written.empty() ? "" : " ") + form(word);
    return meant.words.size() > 1 || coin() ? "\"" + written + "\"" : written;
  }

  std::string write_near(const Meant& meant) {
    std::string written;
    for (std::size_t i = 0; i < meant.parts.size(); ++i) {
      if (i > 0) {
        written += (meant.reach[i - 1].second ? " ONEAR/" : " NEAR/") + std::to_string(meant.reach[i - 1].first) + " ";
      }
      const Meant& part = meant.parts[i];
      written += part.kind == Meant::Kind::term ? write_term(part) : "(" + write(part) + ")";
    }
    return written;
  }

  std::string bracket(const Meant& meant) {
    const bool simple = meant.kind == Meant::Kind::term || meant.kind == Meant::Kind::lang;
    return simple && coin() ? write(meant) : "(" + write(meant) + ")";
  }

  SeededRng rng_;
};

// A brand per query, so that all queries of a round share one automaton.
TEST(QueryProperty, MatchesAsAReaderWhoWalksTheWords) {
  int matched = 0, asked = 0;
  for (std::uint64_t round = 0; round < 40; ++round) {
    Generator generator(round);
    std::vector<BrandSettings> brands;
    std::vector<Meant> meant;
    while (brands.size() < 50) {
      Meant query = generator.query(3);
      const std::string written = generator.write(query);
      if (!Query::parse(written)) continue;  // asks for nothing
      brands.push_back({std::to_string(brands.size()), "", written, "en"});
      meant.push_back(std::move(query));
    }
    const auto matcher = Matcher::make(brands);
    ASSERT_TRUE(matcher) << matcher.error().what;

    for (int i = 0; i < 50; ++i) {
      const Text text = generator.text();
      const bool french = generator.coin();
      const std::string written = generator.write_text(text);
      const Words words = split_words(written);
      const Mention mention;
      const std::vector<std::string> found = (*matcher)->brands_in({words, mention, french ? "fr" : "en"});

      for (std::size_t b = 0; b < brands.size(); ++b, ++asked) {
        const bool is_found = std::binary_search(found.begin(), found.end(), brands[b].id);
        const bool expected = meets(meant[b], text, french);
        ASSERT_EQ(is_found, expected) << brands[b].match << "\nin: " << written << "\nlang: " << (french ? "fr" : "en");
        matched += expected;
      }
    }
  }
  // Neither everything nor nothing: the agreement means something.
  EXPECT_GT(matched, asked / 20);
  EXPECT_LT(matched, asked * 19 / 20);
}

TEST(QueryProperty, TakesABoundedTimeOnATextMadeToBeSlow) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += i % 2 == 0 ? "acme " : "shop ";
  std::string chain = "acme";
  for (int i = 0; i < 10; ++i) chain += i % 2 == 0 ? " NEAR/100 acme" : " NEAR/100 (shop OR *sho* OR \"shop ac*\")";
  const auto query = Query::parse(chain + " NEAR/100 x");
  EXPECT_FALSE(query);  // one more than may stand in a row
  const auto longest = Query::parse(chain);
  ASSERT_TRUE(longest) << longest.error().text();
  const Words words = split_words(text);
  const Mention mention;

  EXPECT_TRUE(longest->matches({words, mention, "en"}));
}

TEST(QueryProperty, ReadsOrRefusesAnyBytes) {
  SeededRng rng(5);
  constexpr std::string_view kBits[] = {"(",     ")",        "\"",     "*",  "-",    ":",    "/",
                                        " ",     "\n",       "NEAR/3", "OR", "NOT ", "acme", "é",
                                        "lang:", "rating:<", "“",      "»",  "\xE2", "東",   "site:a.b"};
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t k = rng.below(12); k > 0; --k) text += kBits[rng.below(std::size(kBits))];

    const auto query = Query::parse(text);

    if (!query) {
      ASSERT_LE(query.error().at, text.size()) << text;
      ASSERT_FALSE(query.error().what.empty());
      ASSERT_NE(query.error().caret(text).find('^'), std::string::npos);
      continue;
    }
    ++read;
    const Mention nothing;
    const Words none = split_words("");
    ASSERT_FALSE(query->matches({none, nothing, ""})) << text;
  }
  EXPECT_GT(read, 500);
}

}  // namespace
}  // namespace vigie
