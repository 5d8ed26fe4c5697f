// What an attempt at adapting came to, in lines for people.

#pragma once

#include <string>

#include "pipeline/sentiment/promotion.h"

namespace vigie {

std::string report_of(const sentiment::Attempt& attempt);

}  // namespace vigie
