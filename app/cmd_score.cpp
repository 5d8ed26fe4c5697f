#include "app/cmd_score.h"

#include <string>
#include <vector>

#include <fmt/format.h>

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

}  // namespace

int cmd_score(const ScoreRequest& request, std::istream& in, std::ostream& out, std::ostream& err) {
  const auto made = scorer_of(request);
  if (!made) {
    err << "vigie score: " << made.error().what << "\n";
    return 2;
  }
  const Scorer* const scorer = made->get();
  std::string line;
  for (std::int64_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const std::string valid = is_valid_utf8(line) ? line : to_valid_utf8(line);
    const std::vector<std::string_view> fields = split(valid, '\t');
    const auto field = [&](std::size_t i) { return i < fields.size() ? fields[i] : std::string_view(); };
    if (fields.size() < 2) {
      err << "vigie: line " << number << ": expected ID, a tab and a text, found no tab\n";
      return 2;
    }
    const std::string_view domain = field(3).empty() ? "tweet" : field(3);
    if (domain != "tweet" && domain != "review") {
      err << "vigie: line " << number << ": expected the domain tweet or review, found \"" << domain << "\"\n";
      return 2;
    }
    const bool given = !field(2).empty() && field(2) != "-";
    const Words words = split_words(field(1));
    const std::string lang = given ? ascii_lower(field(2)) : language_of(words, "");
    const Judgement judgement = scorer->score(words, lang, domain, std::nullopt);
    out << fmt::format("{}\t{}\t{:.6f}\t{:.6f}\t{:.6f}\t{:.6f}\t{}", field(0), to_text(judgement.label),
                       score_of(judgement), judgement.p_neg, judgement.p_neu, judgement.p_pos, lang);
    if (request.why) out << '\t' << reasons(judgement);
    out << '\n';
  }
  return 0;
}

}  // namespace vigie
