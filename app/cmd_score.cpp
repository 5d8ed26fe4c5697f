#include "app/cmd_score.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/exit.h"
#include "app/second_stage.h"
#include "base/text.h"
#include "pipeline/language.h"
#include "pipeline/sentiment.h"
#include "pipeline/sentiment/scorer.h"

namespace vigie {
namespace {

double score_of(const Judgement& judgement) {
  switch (judgement.label) {
    case Label::negative: return judgement.p_neg;
    case Label::neutral: return judgement.p_neu;
    case Label::positive: return judgement.p_pos;
  }
  return 0;
}

std::string reasons(const Judgement& judgement) {
  std::string out = judgement.unsure ? "unsure" : "";
  for (const DrivingWord& driver : judgement.drivers) {
    out += fmt::format("{}{} {:+.1f}", out.empty() ? "" : ", ", squeeze_spaces(driver.word), driver.weight);
  }
  return out;
}

Result<std::unique_ptr<Scorer>> scorer_of(const ScoreRequest& request) {
  std::shared_ptr<const sentiment::Model> model = sentiment::Model::shipped();
  if (!request.model.empty()) {
    TRY(model, sentiment::Model::open(request.model));
  }
  std::shared_ptr<const sentiment::Adapter> adapter;
  if (!request.adapter.empty()) {
    TRY(adapter, sentiment::Adapter::open(request.adapter, *model));
  }
  return sentiment::make_scorer(std::move(model), std::move(adapter), request.why ? 5 : 0);
}

constexpr std::size_t kGroup = 256;  // lines that go to a second stage together

struct Scored {
  std::string id, text, domain;
  Judgement judgement;
};

class Scoring {
 public:
  Scoring(bool why, std::unique_ptr<Scorer> scorer, SecondLook* second, std::ostream& out)
      : why_(why), scorer_(std::move(scorer)), second_(second), out_(out) {}

  // bad_data says what is wrong with the line.
  Result<void> take(std::string_view line) {
    const std::vector<std::string_view> fields = split(line, '\t');
    const auto field = [&](std::size_t i) { return i < fields.size() ? fields[i] : std::string_view(); };
    if (fields.size() < 2) return fail(ErrorKind::bad_data, "expected ID, a tab and a text, found no tab");
    const std::string_view domain = field(3).empty() ? "tweet" : field(3);
    if (domain != "tweet" && domain != "review")
      return fail(ErrorKind::bad_data, concat("expected the domain tweet or review, found \"", domain, "\""));
    const bool given = !field(2).empty() && field(2) != "-";
    const Words words = split_words(field(1));
    const std::string lang = given ? ascii_lower(field(2)) : language_of(words, "");
    Judgement judgement = scorer_->score(words, lang, domain, std::nullopt);
    judgement.lang = lang;
    if (second_ == nullptr) {
      print(field(0), judgement);
      return {};
    }
    group_.push_back({std::string(field(0)), std::string(field(1)), std::string(domain), std::move(judgement)});
    if (group_.size() >= kGroup) finish();
    return {};
  }

  // What still waits for the second stage.
  void finish() {
    if (group_.empty()) return;
    std::vector<Doubt> doubts;
    for (Scored& scored : group_) doubts.push_back({std::move(scored.text), scored.domain, &scored.judgement});
    second_->look(doubts);
    for (const Scored& scored : group_) print(scored.id, scored.judgement);
    group_.clear();
  }

 private:
  void print(std::string_view id, const Judgement& judgement) {
    out_ << fmt::format("{}\t{}\t{:.6f}\t{:.6f}\t{:.6f}\t{:.6f}\t{}", id, to_text(judgement.label), score_of(judgement),
                        judgement.p_neg, judgement.p_neu, judgement.p_pos, judgement.lang);
    if (why_) out_ << '\t' << reasons(judgement);
    out_ << '\n';
  }

  const bool why_;
  const std::unique_ptr<Scorer> scorer_;
  SecondLook* const second_;
  std::ostream& out_;
  std::vector<Scored> group_;
};

int complain(const Error& error, std::ostream& err) {
  err << "vigie score: " << error.what << "\n";
  return kBadInput;
}

}  // namespace

int cmd_score(const ScoreRequest& request, std::istream& in, std::ostream& out, std::ostream& err) {
  auto scorer = scorer_of(request);
  if (!scorer) return complain(scorer.error(), err);
  const SystemClock clock;
  Metrics metrics;
  std::unique_ptr<SecondLook> second;
  if (!request.second_stage.empty()) {
    auto opened = unhurried_second_look(request.second_stage, clock, metrics);
    if (!opened) return complain(opened.error(), err);
    second = *std::move(opened);
  }
  Scoring scoring(request.why, *std::move(scorer), second.get(), out);
  std::string line;
  for (std::int64_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const Result<void> taken = scoring.take(is_valid_utf8(line) ? line : to_valid_utf8(line));
    if (!taken) {
      scoring.finish();
      err << "vigie: line " << number << ": " << taken.error().what << "\n";
      return kBadInput;
    }
  }
  scoring.finish();
  return kDone;
}

}  // namespace vigie
