#include "app/cmd_score.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
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

}  // namespace

int cmd_score(const ScoreRequest& request, std::istream& in, std::ostream& out, std::ostream& err) {
  std::shared_ptr<const sentiment::Model> model = sentiment::Model::shipped();
  if (!request.model.empty()) {
    auto opened = sentiment::Model::open(request.model);
    if (!opened) {
      err << "vigie score: " << opened.error().what << "\n";
      return 2;
    }
    model = *std::move(opened);
  }
  const auto scorer = sentiment::make_scorer(model, request.why ? 5 : 0);
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
    const std::string lang = given ? ascii_lower(field(2)) : detect_language(field(1), "");
    const Judgement judgement = scorer->score(field(1), lang, domain, std::nullopt);
    out << fmt::format("{}\t{}\t{:.6f}\t{:.6f}\t{:.6f}\t{:.6f}\t{}", field(0), to_text(judgement.label),
                       score_of(judgement), judgement.p_neg, judgement.p_neu, judgement.p_pos, lang);
    if (request.why) out << '\t' << reasons(judgement);
    out << '\n';
  }
  return 0;
}

}  // namespace vigie
