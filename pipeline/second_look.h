// Which judgements are taken to the second stage, and what becomes of them.

#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "model/stored.h"
#include "pipeline/second_stage.h"

namespace vigie {

struct SecondLookRules {
  double below = 0.6;   // what the first model gave its label, under which a text is asked about
  double share = 0;     // of the texts, 0..1, to ask about instead: the least certain ones; 0 = by `below` alone
  double weight = 0.5;  // of the second opinion, >0..1
  Duration budget = seconds(2);        // a batch
  std::vector<std::string> languages;  // that the second model reads; empty = all
};

// What the model gave the label it chose.
double certainty(const Judgement& judgement);

// Both opinions as one: p = first^(1-weight) * second^weight, normalised, so that either can overrule the other only by
// being surer. A second model without "neutral" moves what is between negative and positive. Where the first model
// chose a label that was not its most probable (a class that is rare in its language and domain), that label keeps the
// same advantage. `unsure` by the first model's bar; drivers, cues and aspects stay the first model's.
void blend(Judgement& judgement, const SecondOpinion& second, double weight, std::string_view name);

// Under which certainty a text belongs to the least certain `share` of those seen lately.
class CertaintyBar {
 public:
  static constexpr std::size_t kWindow = 1000, kEnough = 100;  // texts

  // `otherwise` until enough texts were seen.
  double bar(double share, double otherwise) const;
  void saw(double certainty);

 private:
  std::deque<double> window_;
};

// One text, judged by the first model.
struct Doubt {
  std::string text;
  std::string_view domain;  // "tweet" or "review"
  Judgement* judgement = nullptr;
};

class SecondLook {
 public:
  SecondLook(std::unique_ptr<SecondStage> stage, SecondLookRules rules, const Clock& clock, Metrics& metrics);

  // Mentions that match a brand and that no person has corrected. Not safe from several threads; the bar looks back at
  // the batches before this one, so the order within a batch changes nothing.
  void look(std::vector<Judged>& batch);
  // Any texts. The least certain ones are asked about first; what the budget leaves over, or the stage fails at, keeps
  // its judgement and is counted. A stage that fails kMostFailures batches in a row is not asked again.
  void look(std::vector<Doubt>& doubts);

  static constexpr int kMostFailures = 10;

 private:
  std::vector<const Doubt*> least_certain(const std::vector<Doubt>& doubts);
  // Asks until all is answered, the time is up or the stage fails; how many were answered or given up on.
  std::size_t ask(const std::vector<const Doubt*>& doubts);
  void take(const Doubt& doubt, const std::optional<SecondOpinion>& second);
  void failed(const Error& error);
  void count(std::string_view result, std::size_t by);

  std::unique_ptr<SecondStage> stage_;
  const SecondLookRules rules_;
  const Clock& clock_;
  Metrics& metrics_;
  CertaintyBar bar_;
  int failures_ = 0;  // batches in a row
  bool told_no_number_ = false;
};

}  // namespace vigie
