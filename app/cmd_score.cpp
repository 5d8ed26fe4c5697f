#include "app/cmd_score.h"

#include <cmath>
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

// The part before the next tab; `line` keeps what follows it.
std::string_view cut(std::string_view& line) {
  const std::size_t end = line.find('\t');
  const std::string_view part = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return part;
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
    if (line.find('\t') == std::string_view::npos)
      return fail(ErrorKind::bad_data, "expected ID, a tab and a text, found no tab");
    const std::string_view id = cut(line), text = cut(line), declared = cut(line);
    std::string_view domain = cut(line);
    if (domain.empty()) domain = "tweet";
    if (domain != "tweet" && domain != "review")
      return fail(ErrorKind::bad_data, concat("expected the domain tweet or review, found \"", domain, "\""));
    const bool given = !declared.empty() && declared != "-";
    const Words words = split_words(text);
    const std::string lang = given ? ascii_lower(declared) : language_of(words, "");
    Judgement judgement = scorer_->score(words, lang, domain, std::nullopt);
    judgement.lang = lang;
    if (second_ == nullptr) {
      print(id, judgement);
      return {};
    }
    group_.push_back({std::string(id), std::string(text), std::string(domain), std::move(judgement)});
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
    line_.assign(id).append(1, '\t').append(to_text(judgement.label));
    for (const double p : {score_of(judgement), judgement.p_neg, judgement.p_neu, judgement.p_pos}) append_share(p);
    line_.append(1, '\t').append(judgement.lang);
    if (why_) line_.append(1, '\t').append(reasons(judgement));
    out_ << line_.append(1, '\n');
  }

  // A tab and six decimals; this is written four times a text.
  void append_share(double p) {
    constexpr std::int64_t kOne = 1'000'000;
    const std::int64_t millionths = std::llround(p * kOne);
    const std::string digits = std::to_string(kOne + millionths % kOne);
    line_.append(millionths >= kOne ? "\t1." : "\t0.").append(digits, 1);
  }

  const bool why_;
  const std::unique_ptr<Scorer> scorer_;
  SecondLook* const second_;
  std::ostream& out_;
  std::vector<Scored> group_;
  std::string line_;
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
  in.tie(nullptr);  // not a write a line: answers wait while more lines are there to read
  std::string line;
  const auto next_line = [&] {
    if (in.rdbuf()->in_avail() <= 0) out.flush();
    return static_cast<bool>(std::getline(in, line));
  };
  for (std::int64_t number = 1; next_line(); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (!is_valid_utf8(line)) line = to_valid_utf8(line);
    const Result<void> taken = scoring.take(line);
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
