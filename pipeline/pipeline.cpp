// The order of the steps. Each is a file of its own; this one only calls them.

#include "pipeline/pipeline.h"

#include <unordered_map>

#include "pipeline/clean.h"
#include "pipeline/fingerprint.h"
#include "pipeline/language.h"
#include "pipeline/match.h"
#include "pipeline/query.h"
#include "pipeline/sentiment/scorer.h"
#include "pipeline/theme_book.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

// Long texts with a rating are judged as reviews, all others as the short posts they are.
std::string_view domain_of(const Mention& mention) {
  const bool review = mention.rating.has_value() || mention.kind == "review" || mention.kind == "survey";
  return review ? "review" : "tweet";
}

class Steps final : public Pipeline {
 public:
  Steps(std::unique_ptr<Matcher> matcher, const std::vector<SourceSettings>& sources) : matcher_(std::move(matcher)) {
    for (const SourceSettings& source : sources) {
      if (!source.brand.empty()) brand_of_source_[source.id] = source.brand;
    }
  }

  Judged judge(Mention mention) const override {
    clean(mention);
    const std::string text = title_and_text(mention);
    const Words words = split_words(text);

    Judged out;
    const std::string lang = language_of(words, mention.lang);
    out.brands = brands({words, mention, lang});
    const Fingerprint print = fingerprint(mention, words);
    out.exact = print.exact;
    out.near = print.near;
    out.content = print.content;
    out.judgement = scorer_->score(words, lang, domain_of(mention), mention.rating);
    out.judgement.lang = lang;
    ThemesFound found = find_themes(words);
    out.judgement.themes = std::move(found.themes);
    out.judgement.cues = std::move(found.cues);
    out.mention = std::move(mention);
    return out;
  }

 private:
  // A source that is about one brand says so for all it brings: a review need not name the shop it was written in.
  std::vector<std::string> brands(const QueryText& text) const {
    if (const auto forced = brand_of_source_.find(text.mention().source); forced != brand_of_source_.end()) {
      return {forced->second};
    }
    return matcher_->brands_in(text);
  }

  std::unique_ptr<Matcher> matcher_;
  std::unordered_map<std::string, std::string> brand_of_source_;
  std::unique_ptr<Scorer> scorer_ = sentiment::make_scorer(sentiment::Model::shipped());
};

}  // namespace

Result<std::unique_ptr<Pipeline>> Pipeline::make(const std::vector<BrandSettings>& brands,
                                                 const std::vector<SourceSettings>& sources) {
  TRY(auto matcher, Matcher::make(brands));
  return std::make_unique<Steps>(std::move(matcher), sources);
}

std::string check_query(std::string_view query) {
  const auto parsed = Query::parse(query);
  return parsed ? "" : parsed.error().text();
}

}  // namespace vigie
