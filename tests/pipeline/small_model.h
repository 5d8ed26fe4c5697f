// A small sentiment model of our own language, for the tests of what is learnt on top of one.

#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "pipeline/sentiment/trainer.h"

namespace vigie::sentiment::test {

// What is said of a thing, and nothing else to learn it from.
inline std::vector<LabelledRow> small_corpus() {
  const std::vector<std::string> good = {"lovely", "superb", "quick", "friendly"},
                                 bad = {"awful", "broken", "rude", "late"},
                                 plain = {"blue", "square", "weekly", "wooden"};
  const std::vector<std::string> things = {"parcel", "shop",  "train", "lamp", "app",
                                           "bread",  "hotel", "phone", "coat", "ticket"};
  std::vector<LabelledRow> rows;
  for (std::size_t i = 0; i < 480; ++i) {
    const auto& words = i % 3 == 0 ? good : i % 3 == 1 ? bad : plain;
    LabelledRow row;
    row.id = "small:en:" + std::to_string(i);
    row.lang = "en";
    row.domain = "tweet";
    row.label = i % 3 == 0 ? Label::positive : i % 3 == 1 ? Label::negative : Label::neutral;
    row.text =
        "the " + things[i / 3 % things.size()] + " number " + std::to_string(i) + " is " + words[i / 30 % words.size()];
    rows.push_back(row);
  }
  return rows;
}

inline TrainOptions small_options() {
  TrainOptions options;
  options.trainings = 1;
  options.bits = 14;
  options.learning_curve = false;
  return options;
}

inline std::string trained(const std::vector<LabelledRow>& rows, const WordTable& words = {}) {
  const auto parts = train(rows, words, small_options(), [](const std::string&) {});
  EXPECT_TRUE(parts) << parts.error().what;
  return parts ? to_bytes(*parts) : "";
}

// Bytes where a model may begin.
struct Aligned {
  explicit Aligned(const std::string& bytes)
      : size(bytes.size()), at(::operator new (bytes.size(), std::align_val_t{64})) {
    std::memcpy(at, bytes.data(), size);
  }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  ~Aligned() { ::operator delete (at, std::align_val_t{64}); }
  std::string_view view() const { return {static_cast<const char*>(at), size}; }
  std::size_t size;
  void* at;
};

inline std::shared_ptr<const Model> model_of(const std::string& bytes) {
  const auto owner = std::make_shared<Aligned>(bytes);
  const auto model = Model::over(owner->view(), owner, true);
  EXPECT_TRUE(model) << model.error().what;
  return model ? *model : nullptr;
}

}  // namespace vigie::sentiment::test
