// Judged mentions and opened stores, for the tests of the store.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/secret.h"
#include "store/sql_store.h"
#include "store/sqlite.h"
#include "tests/support/temp_dir.h"

namespace vigie::test {

inline const Time kNoon = from_epoch(1795262400);  // 2026-11-21T12:00:00Z

inline std::unique_ptr<Store> open_store(const std::string& url = "sqlite::memory:") {
  auto store = open_sqlite_store(url);
  if (!store) {
    ADD_FAILURE() << store.error().what;
    return nullptr;
  }
  return *std::move(store);
}

// As the pipeline would hand it over: brand acme, neutral, by its own author.
inline Judged judged(const std::string& id, const std::string& text) {
  Judged j;
  j.mention.source = "hn";
  j.mention.id = id;
  j.mention.kind = "post";
  j.mention.author.id = concat("author of ", id);
  j.mention.text = text;
  j.mention.created = kNoon;
  j.brands = {"acme"};
  j.judgement.lang = "fr";
  j.judgement.model = "lexicon-1";
  j.exact = hash64(text);
  j.content = hash64(text);
  return j;
}

inline Judged negative(Judged j) {
  j.judgement.p_neg = 0.9;
  j.judgement.p_neu = 0.1;
  j.judgement.label = Label::negative;
  return j;
}

inline Judged review(Judged j, double value, double min = 1, double max = 5) {
  j.mention.kind = "review";
  j.mention.rating = Rating{value, min, max};
  return j;
}

inline Judged by(Judged j, const std::string& author) {
  j.mention.author.id = author;
  return j;
}

inline Judged at(Judged j, Time created) {
  j.mention.created = created;
  return j;
}

inline JudgedBatch batch_of(std::vector<Judged> mentions, Time ingested = kNoon) {
  JudgedBatch batch;
  batch.source = "hn";
  batch.mentions = std::move(mentions);
  batch.ingested = ingested;
  return batch;
}

// Fails the test that could not commit.
inline CommitSummary commit(Store& store, const JudgedBatch& batch) {
  const auto summary = store.commit(batch);
  if (!summary) {
    ADD_FAILURE() << summary.error().what;
    return {};
  }
  return *summary;
}

inline std::vector<std::string> ids(const Result<std::vector<StoredMention>>& found) {
  std::vector<std::string> all;
  if (!found) {
    ADD_FAILURE() << found.error().what;
    return all;
  }
  all.reserve(found->size());
  for (const StoredMention& stored : *found) all.push_back(stored.mention.id);
  return all;
}

}  // namespace vigie::test
