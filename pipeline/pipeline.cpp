// The order of the steps. Each is a file of its own; this one only calls them.

#include "pipeline/pipeline.h"

#include <unordered_map>

#include "model/review.h"
#include "pipeline/aspects.h"
#include "pipeline/clean.h"
#include "pipeline/fingerprint.h"
#include "pipeline/language.h"
#include "pipeline/match.h"
#include "pipeline/query.h"
#include "pipeline/sentiment/scorer.h"
#include "pipeline/themes.h"
#include "pipeline/words.h"

namespace vigie {
namespace {

class Steps final : public Pipeline {
 public:
  Steps(std::unique_ptr<Matcher> matcher, const std::vector<BrandSettings>& brands,
        const std::vector<SourceSettings>& sources, Taxonomy taxonomy, std::shared_ptr<const Scorer> scorer)
      : matcher_(std::move(matcher)), taxonomy_(std::move(taxonomy)), scorer_(std::move(scorer)) {
    for (const SourceSettings& source : sources) {
      if (!source.brand.empty()) brand_of_source_[source.id] = source.brand;
    }
    for (const BrandSettings& brand : brands) brand_of_source_[wall_source(brand.id)] = brand.id;
  }

  Judged judge(Mention mention) const override {
    clean(mention);
    const std::string text = title_and_text(mention);
    const Words words = split_words(text);

    Judged out;
    const std::string lang = language_of(words, mention.lang);
    const QueryText query_text(words, mention, lang);
    out.brands = brands(query_text);
    const Fingerprint print = fingerprint(mention, words);
    out.exact = print.exact;
    out.near = print.near;
    out.content = print.content;
    out.judgement = scorer_->score(words, lang, domain_of(mention), mention.rating);
    out.judgement.lang = lang;
    const std::vector<ThemeHit> hits = taxonomy_.hits(words);
    ThemesFound found = taxonomy_.found(hits);
    add_other(found, out.judgement);
    std::vector<BrandPlace> places;
    if (needs_places(out.brands.size(), hits)) places = matcher_->places_of(out.brands, query_text, words);
    out.judgement.aspects = find_aspects(words, places, hits, taxonomy_, *scorer_, lang, domain_of(mention));
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
  Taxonomy taxonomy_;
  std::unordered_map<std::string, std::string> brand_of_source_;
  std::shared_ptr<const Scorer> scorer_;
};

}  // namespace

// Long texts with a rating are judged as reviews, all others as the short posts they are.
std::string_view domain_of(const Mention& mention) {
  const bool review = mention.rating.has_value() || mention.kind == "review" || mention.kind == "survey";
  return review ? "review" : "tweet";
}

Result<std::unique_ptr<Pipeline>> Pipeline::make(const std::vector<BrandSettings>& brands,
                                                 const std::vector<SourceSettings>& sources,
                                                 const std::vector<std::string>& theme_files,
                                                 std::shared_ptr<const Scorer> scorer) {
  TRY(auto matcher, Matcher::make(brands));
  TRY(Taxonomy taxonomy, Taxonomy::load(theme_files));
  if (!scorer) scorer = sentiment::make_scorer(sentiment::Model::shipped());
  return std::make_unique<Steps>(std::move(matcher), brands, sources, std::move(taxonomy), std::move(scorer));
}

std::string check_query(std::string_view query) {
  const auto parsed = Query::parse(query);
  return parsed ? "" : parsed.error().text();
}

}  // namespace vigie
