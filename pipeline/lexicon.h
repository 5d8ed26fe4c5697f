// The words of opinion of one language, from config/lang/lexicon-*.tsv, and what they say together in a text.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/judgement.h"
#include "pipeline/phrases.h"
#include "pipeline/words.h"

namespace vigie {

// What the words of one text weigh.
struct Opinion {
  double positive = 0, negative = 0;  // sums of weights, both >= 0
  double strongest = 0;               // the weight furthest from 0, signed
  double last = 0;                    // the last weight: people end on what they mean
  int found = 0;                      // words and phrases that weigh
  int words = 0;
  int exclamations = 0;
  bool question = false, link = false, negation = false;
  std::vector<DrivingWord> drivers;  // all of them, in order of the text
};

class Lexicon {
 public:
  // Lines "pattern TAB meaning" (see the head of the files); lines that say nothing are left out.
  void add_lines(std::string_view tsv);

  Opinion read(const Words& words) const;

 private:
  enum class Role : std::uint8_t { opinion, negator, strength, contrast, nothing };
  struct Entry {
    Role role = Role::nothing;
    double value = 0;
  };
  struct Term {  // an entry as it stands in a text
    std::size_t first = 0, words = 0;
    const Entry* entry = nullptr;
  };

  std::vector<Term> terms_of(const Words& words) const;
  double weight(const Words& words, const std::vector<Term>& terms, std::size_t index, bool shouted) const;

  PhraseBook book_;
  std::vector<Entry> entries_;
};

// The shipped lexicon of "fr" or "en", with the signs of all languages; for any other language the signs alone.
const Lexicon& lexicon_of(std::string_view lang);

}  // namespace vigie
