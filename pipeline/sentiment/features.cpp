#include "pipeline/sentiment/features.h"

namespace vigie::sentiment {

bool is_addressed(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].kind != Word::Kind::emoji) return words[i].kind == Word::Kind::handle;
  }
  return false;
}

Shape shape_of(const Words& words) {
  Shape shape;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (word.kind == Word::Kind::word || word.kind == Word::Kind::hashtag) {
      ++shape.words;
      shape.lengthened += word.lengthened ? 1 : 0;
    }
    shape.questions += word.question_after ? 1 : 0;
  }
  return shape;
}

}  // namespace vigie::sentiment
