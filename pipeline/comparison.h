// Which of two brands comes off better where a text compares them: "better than Acme", "unlike Acme", "from Acme to
// Globex".

#pragma once

#include <string>
#include <vector>

#include "pipeline/aspects.h"
#include "pipeline/clauses.h"

namespace vigie {

enum class Standing { better, worse, opposite };  // opposite: of the brand it is set against

struct ComparedBrand {
  std::string brand;
  Standing standing = Standing::better;
  std::string against;  // the brand compared with, "" when it is not watched
};

// In the order of the text; where two speak of one brand, the later counts.
std::vector<ComparedBrand> compared_brands(const Words& words, const std::vector<Clause>& clauses,
                                           const std::vector<BrandPlace>& places, const std::vector<ThemeHit>& hits);

}  // namespace vigie
