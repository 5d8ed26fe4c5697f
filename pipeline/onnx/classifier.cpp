#include "pipeline/onnx/classifier.h"

#include <algorithm>
#include <cmath>

#include "pipeline/onnx/network.h"
#include "pipeline/tokenizer/tokenizer.h"

namespace vigie::onnx {
namespace {

constexpr double kSteps = 10'000;  // of a probability

class Classifier final : public SecondStage {
 public:
  Classifier(const ClassifierFiles& files, Tokenizer tokenizer, Network network, const Clock& clock)
      : name_(files.name),
        labels_(files.labels),
        batch_(network.texts_at_once() == 1 ? 1 : files.batch),
        most_ids_(network.words() > 0 ? std::min(files.most_ids, static_cast<std::size_t>(network.words()))
                                      : files.most_ids),
        tokenizer_(std::move(tokenizer)),
        network_(std::move(network)),
        clock_(clock) {}

  const std::string& name() const override { return name_; }

  Result<std::vector<std::optional<SecondOpinion>>> answer(std::span<const Question> questions, Time until) override {
    std::vector<std::optional<SecondOpinion>> out;
    while (out.size() < questions.size() && (out.empty() || clock_.now() < until)) {
      const std::size_t some = std::min(batch_, questions.size() - out.size());
      auto answers = answer_some(questions.subspan(out.size(), some));
      // What was answered before counts; the rest is told of when it is asked for again.
      if (!answers && !out.empty()) break;
      if (!answers) return fail(answers.error());
      out.insert(out.end(), answers->begin(), answers->end());
    }
    return out;
  }

 private:
  Result<std::vector<std::optional<SecondOpinion>>> answer_some(std::span<const Question> questions) const {
    std::vector<std::vector<tokenizer::Id>> texts;
    for (const Question& question : questions) texts.push_back(tokenizer_.encode(question.text, most_ids_));
    // A text of nothing, where the file puts no signs around texts, has nothing to be asked about.
    std::vector<std::vector<tokenizer::Id>> asked;
    std::copy_if(texts.begin(), texts.end(), std::back_inserter(asked), [](const auto& ids) { return !ids.empty(); });
    std::vector<std::optional<SecondOpinion>> out(questions.size());
    if (asked.empty()) return out;
    TRY(const std::vector<float> scores, network_.run(asked, tokenizer_.padding(), labels_.size()));
    std::size_t row = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (texts[i].empty()) continue;
      out[i] = folded(std::span(scores).subspan(row * labels_.size(), labels_.size()), labels_,
                      network_.gives_probabilities());
      ++row;
    }
    return out;
  }

  const std::string name_;
  const std::vector<Label> labels_;
  const std::size_t batch_, most_ids_;
  const Tokenizer tokenizer_;
  const Network network_;
  const Clock& clock_;
};

}  // namespace

std::optional<SecondOpinion> folded(std::span<const float> scores, const std::vector<Label>& labels,
                                    bool probabilities) {
  if (!std::all_of(scores.begin(), scores.end(), [](float score) { return std::isfinite(score); })) return std::nullopt;
  const float largest = *std::max_element(scores.begin(), scores.end());
  SecondOpinion out;
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double share = probabilities ? std::max(0.0F, scores[i]) : std::exp(double{scores[i]} - largest);
    out.p[static_cast<std::size_t>(labels[i])] += share;
    sum += share;
  }
  if (!(sum > 0)) return std::nullopt;
  for (double& p : out.p) p = std::round(p / sum * kSteps) / kSteps;
  out.knows_neutral = std::find(labels.begin(), labels.end(), Label::neutral) != labels.end();
  return out;
}

Result<std::unique_ptr<SecondStage>> open_classifier(const ClassifierFiles& files, const Clock& clock) {
  TRY(Tokenizer tokenizer, Tokenizer::load(files.tokenizer));
  TRY(auto runtime, Runtime::load(files.runtime));
  TRY(Network network, Network::open(std::move(runtime), files.model));
  if (network.classes() > 0 && static_cast<std::size_t>(network.classes()) != files.labels.size())
    return fail(ErrorKind::bad_config,
                concat(files.model, ": has ", std::to_string(network.classes()), " classes, `labels` names ",
                       std::to_string(files.labels.size()), "; name what each says, in the model's order"));
  auto stage = std::make_unique<Classifier>(files, std::move(tokenizer), std::move(network), clock);
  const Question probe{"ok", "en", "tweet"};
  const auto answered = stage->answer({&probe, 1}, clock.now());
  if (!answered)
    return fail(ErrorKind::bad_config,
                concat(files.model, ": does not answer a probe text, perhaps the tokenizer is another model's: ",
                       answered.error().what));
  if (!answered->front())
    return fail(ErrorKind::bad_config,
                concat(files.model, ": answers a probe text with something that is not a number"));
  return stage;
}

Result<std::string> runtime_version(const std::string& library) {
  TRY(const auto runtime, Runtime::load(library));
  return runtime->version();
}

}  // namespace vigie::onnx
