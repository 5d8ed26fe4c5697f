// The sentiment model as the Scorer that the pipeline asks.

#pragma once

#include <memory>

#include "pipeline/sentiment.h"
#include "pipeline/sentiment/adapter.h"
#include "pipeline/sentiment/model.h"

namespace vigie::sentiment {

// `drivers`: words named as reasons, at most; 0 spares the time of finding them.
std::unique_ptr<Scorer> make_scorer(std::shared_ptr<const Model> model, std::size_t drivers = 5);
// The same with what people taught on top; null: the model alone.
std::unique_ptr<Scorer> make_scorer(std::shared_ptr<const Model> model, std::shared_ptr<const Adapter> adapter,
                                    std::size_t drivers = 5);

}  // namespace vigie::sentiment
