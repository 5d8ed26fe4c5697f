// A small stored history of our own: quiet weeks of a brand with storms in them, straight into a store, already judged.

#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/secret.h"
#include "store/store.h"

namespace vigie::test {

inline const Time kMonday = from_epoch(1762732800);  // 2025-11-10T00:00Z

class StoredWeeks {
 public:
  explicit StoredWeeks(Store& store) : store_(store) {}

  // A mention every twenty minutes, a complaint every five hours.
  void quiet(const std::string& brand, Time from, int days) {
    for (int i = 0; i < days * 72; ++i) add(brand, from + i * minutes(20), i % 15 == 7, concat("c", std::to_string(i)));
  }

  void storm(const std::string& brand, Time from, int complaints) {
    for (int i = 0; i < complaints; ++i) add(brand, from + i * minutes(2), true, concat("angry", std::to_string(i)));
  }

  void add(const std::string& brand, Time at, bool negative, const std::string& author) {
    Judged one;
    Mention& m = one.mention;
    m.source = "forum";
    m.id = std::to_string(++ids_);
    m.kind = "post";
    m.url = concat("https://forum.example/t/", m.id);
    m.author.id = author;
    m.text = negative ? concat("my parcel never arrived, number ", m.id) : concat("a new shop in town, number ", m.id);
    m.created = at;
    one.brands = {brand};
    one.judgement.lang = "en";
    one.judgement.model = "sentiment-1";
    one.judgement.p_neg = negative ? .9 : .05;
    one.judgement.p_pos = negative ? .05 : .9;
    one.judgement.p_neu = .05;
    one.judgement.label = negative ? Label::negative : Label::positive;
    if (negative) one.judgement.themes = {"delivery"};
    one.exact = one.content = hash64(m.text);
    JudgedBatch batch;
    batch.source = "forum";
    batch.mentions = {one};
    batch.ingested = at;
    const auto done = store_.commit(batch);
    if (!done) ADD_FAILURE() << done.error().what;
  }

 private:
  Store& store_;
  int ids_ = 0;
};

}  // namespace vigie::test
