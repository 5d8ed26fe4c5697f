// Whom and what an opinion is about, when a text speaks of more than one thing: of two brands ("Acme is hopeless,
// luckily Globex answers"), of a brand and another it is compared with, or of two themes in different clauses ("fast
// delivery but the product was broken"). docs/themes.md states the rule; most texts need none of it and cost nothing.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/judgement.h"
#include "pipeline/match.h"
#include "pipeline/sentiment.h"
#include "pipeline/taxonomy.h"
#include "pipeline/words.h"

namespace vigie {

// Whether the places of the brands are needed at all: two brands are named, or one is and something is compared or
// left.
bool needs_places(std::size_t brands, const std::vector<ThemeHit>& hits);

// `places` sorted by first word, `hits` as Taxonomy::hits gives them. Brands first, then themes, each sorted by name;
// none when the judgement of the whole text says it all. Stars are not looked at: they are about the whole.
std::vector<Aspect> find_aspects(const Words& words, const std::vector<BrandPlace>& places,
                                 const std::vector<ThemeHit>& hits, const Taxonomy& taxonomy, const Scorer& scorer,
                                 std::string_view lang, std::string_view domain);

}  // namespace vigie
