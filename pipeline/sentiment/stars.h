// Stars and words of one review, together.

#pragma once

#include "model/mention.h"
#include "pipeline/sentiment/model.h"

namespace vigie::sentiment {

struct WithStars {
  Probabilities p{};
  bool contradiction = false;  // the stars praise and the words complain, or the other way round
};

// Stars are the author's own verdict and weigh 3/4, the words 1/4; a rating without words speaks alone. `fraction` is
// the rating's place on its scale, 0..1: up to 0.3 (1 and 2 of 1..5) bad, from 0.7 (4 and 5) good, between them mixed.
// A contradiction is told, not solved: when the words are surer than 0.75 of the opposite, a person should look.
WithStars with_stars(const Probabilities& words, double fraction, bool says_anything);

}  // namespace vigie::sentiment
