#include "pipeline/second_look.h"

#include <algorithm>
#include <cmath>

#include "base/log.h"
#include "pipeline/pipeline.h"
#include "pipeline/query_text.h"
#include "pipeline/themes.h"

namespace vigie {
namespace {

using sentiment::place;
using sentiment::Probabilities;

constexpr double kLeast = 1e-4;  // of a probability: nobody is sure beyond that, and logarithms need more than 0
constexpr std::array kLabels = {Label::negative, Label::neutral, Label::positive};

Probabilities of(const Judgement& judgement) { return {judgement.p_neg, judgement.p_neu, judgement.p_pos}; }

double mixed(double first, double second, double weight) {
  return std::pow(std::max(first, kLeast), 1 - weight) * std::pow(std::max(second, kLeast), weight);
}

// The first model's neutral stays; what is left is shared out anew.
Probabilities mixed_sides(const Probabilities& first, const Probabilities& second, double weight) {
  const double sides = 1 - first[1];
  const double negative = mixed(first[0] / std::max(sides, kLeast), second[0], weight);
  const double positive = mixed(first[2] / std::max(sides, kLeast), second[2], weight);
  return {sides * negative / (negative + positive), first[1], sides * positive / (negative + positive)};
}

Probabilities mixed(const Probabilities& first, const SecondOpinion& second, double weight) {
  if (!second.knows_neutral) return mixed_sides(first, second.p, weight);
  Probabilities p{};
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] = mixed(first[i], second.p[i], weight);
  for (double& each : p) each /= sum;
  return p;
}

// `other` depends on how negative the whole is.
void find_other_anew(Judgement& judgement) {
  ThemesFound found;
  found.themes = std::move(judgement.themes);
  std::erase(found.themes, "other");
  add_other(found, judgement);
  judgement.themes = std::move(found.themes);
}

}  // namespace

double certainty(const Judgement& judgement) { return of(judgement)[place(judgement.label)]; }

void blend(Judgement& judgement, const SecondOpinion& second, double weight, std::string_view name) {
  const Probabilities first = of(judgement);
  const std::size_t chosen = place(judgement.label);
  const double advantage = *std::max_element(first.begin(), first.end()) / std::max(first[chosen], kLeast);
  const Probabilities p = mixed(first, second, weight);
  const auto worth = [&](std::size_t i) { return i == chosen ? p[i] * advantage : p[i]; };
  std::size_t label = chosen;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (worth(i) > worth(label)) label = i;
  }
  judgement.p_neg = p[0];
  judgement.p_neu = p[1];
  judgement.p_pos = p[2];
  judgement.label = kLabels[label];
  judgement.unsure = p[label] < kUnsureBelow;
  judgement.model = concat(judgement.model, "+", name);
}

double CertaintyBar::bar(double share, double otherwise) const {
  if (share <= 0 || window_.size() < kEnough) return otherwise;
  std::vector<double> sorted(window_.begin(), window_.end());
  const auto at = std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
  return sorted[at];
}

void CertaintyBar::saw(double certainty) {
  window_.push_back(certainty);
  if (window_.size() > kWindow) window_.pop_front();
}

SecondLook::SecondLook(std::unique_ptr<SecondStage> stage, SecondLookRules rules, const Clock& clock, Metrics& metrics)
    : stage_(std::move(stage)), rules_(std::move(rules)), clock_(clock), metrics_(metrics) {}

void SecondLook::look(std::vector<Judged>& batch) {
  std::vector<Doubt> doubts;
  for (Judged& judged : batch) {
    if (judged.brands.empty() || judged.judgement.human) continue;
    doubts.push_back({title_and_text(judged.mention), domain_of(judged.mention), &judged.judgement});
  }
  look(doubts);
}

std::vector<const Doubt*> SecondLook::least_certain(const std::vector<Doubt>& doubts) {
  const double bar = bar_.bar(rules_.share, rules_.below);
  std::vector<const Doubt*> out;
  for (const Doubt& doubt : doubts) {
    const std::vector<std::string>& known = rules_.languages;
    if (!known.empty() && std::find(known.begin(), known.end(), doubt.judgement->lang) == known.end()) continue;
    const double sure = certainty(*doubt.judgement);
    bar_.saw(sure);
    if (sure < bar && !doubt.text.empty()) out.push_back(&doubt);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Doubt* a, const Doubt* b) { return certainty(*a->judgement) < certainty(*b->judgement); });
  return out;
}

void SecondLook::look(std::vector<Doubt>& doubts) {
  if (failures_ >= kMostFailures) return;
  const std::vector<const Doubt*> asked = least_certain(doubts);
  if (asked.empty()) return;
  const Time begin = clock_.now();
  count("late", asked.size() - ask(asked));
  metrics_.observe("vigie_second_stage_seconds", "Time the second stage took for a batch.", {},
                   std::chrono::duration<double>(clock_.now() - begin).count());
}

std::size_t SecondLook::ask(const std::vector<const Doubt*>& doubts) {
  std::vector<Question> questions;
  questions.reserve(doubts.size());
  for (const Doubt* doubt : doubts) questions.push_back({doubt->text, doubt->judgement->lang, doubt->domain});
  const Time until = clock_.now() + rules_.budget;
  std::size_t done = 0;
  while (done < questions.size() && (done == 0 || clock_.now() < until)) {
    const auto answers = stage_->answer(std::span(questions).subspan(done), until);
    if (!answers || answers->empty() || answers->size() > questions.size() - done) {
      failed(answers ? Error{ErrorKind::bug, "it answered another number of texts than asked", {}} : answers.error());
      count("failed", questions.size() - done);
      return questions.size();
    }
    for (const std::optional<SecondOpinion>& second : *answers) take(*doubts[done++], second);
  }
  failures_ = 0;
  return done;
}

void SecondLook::take(const Doubt& doubt, const std::optional<SecondOpinion>& second) {
  count(second ? "answered" : "failed", 1);
  if (!second) {
    if (!told_no_number_)
      log::warn("second-stage", "it has no number for a text; the first model's answer stays",
                {{"model", stage_->name()}, {"text", doubt.text.substr(0, 80)}});
    told_no_number_ = true;
    return;
  }
  const Label before = doubt.judgement->label;
  blend(*doubt.judgement, *second, rules_.weight, stage_->name());
  find_other_anew(*doubt.judgement);
  if (doubt.judgement->label != before)
    metrics_.add("vigie_second_stage_changed_total", "Labels that the second stage changed.");
}

// Told once for a run of failures: the first answers stay and nothing waits for it.
void SecondLook::failed(const Error& error) {
  ++failures_;
  if (failures_ == 1)
    log::error("second-stage", "it failed; the first model's answers stay",
               {{"model", stage_->name()}, {"error", error.what}});
  if (failures_ == kMostFailures)
    log::error("second-stage", "it fails time and again and is not asked any more; see `vigie doctor`, then restart",
               {{"model", stage_->name()}});
}

void SecondLook::count(std::string_view result, std::size_t by) {
  if (by == 0) return;
  metrics_.add("vigie_second_stage_texts_total", "Texts taken to the second stage, by what became of them.",
               {{"result", std::string(result)}}, static_cast<double>(by));
}

}  // namespace vigie
