#include "app/second_stage.h"

#include "app/load.h"
#include "base/log.h"
#include "pipeline/onnx/classifier.h"

namespace vigie {
namespace {

SecondLookRules rules_of(const SecondStageSettings& settings) {
  return {settings.below, settings.share, settings.weight, settings.budget, settings.languages};
}

}  // namespace

Result<std::unique_ptr<SecondStage>> open_second_stage(const SecondStageSettings& settings, const Clock& clock) {
  return onnx::open_classifier(
      {settings.name, settings.model, settings.tokenizer, settings.runtime, settings.labels,
       static_cast<std::size_t>(settings.batch), static_cast<std::size_t>(settings.max_tokens)},
      clock);
}

std::unique_ptr<SecondLook> second_look(const SecondStageSettings& settings, const Clock& clock, Metrics& metrics) {
  if (!settings.on) return nullptr;
  Result<std::unique_ptr<SecondStage>> stage = open_second_stage(settings, clock);
  metrics.set("vigie_second_stage_up", "Whether the configured second stage could be opened.", {}, stage ? 1 : 0);
  if (stage) return std::make_unique<SecondLook>(*std::move(stage), rules_of(settings), clock, metrics);
  log::error("second-stage", "it cannot be opened; the first model judges alone",
             {{"model", settings.name}, {"error", stage.error().what}});
  return nullptr;
}

Result<std::unique_ptr<SecondLook>> unhurried_second_look(const std::string& path, const Clock& clock,
                                                          Metrics& metrics) {
  const config::Tree tree = config::Tree::load(path);
  const SecondStageSettings settings = read_second_stage(tree);
  if (!tree.problems().empty()) return fail(every_problem(tree));
  if (!settings.on) return fail(ErrorKind::bad_config, concat(path, ": expected a table [second_stage], found none"));
  TRY(std::unique_ptr<SecondStage> stage, open_second_stage(settings, clock));
  SecondLookRules rules = rules_of(settings);
  rules.budget = kDay;
  return std::make_unique<SecondLook>(std::move(stage), std::move(rules), clock, metrics);
}

}  // namespace vigie
