#include "pipeline/sentiment/scorer.h"

#include <algorithm>
#include <utility>

#include "pipeline/sentiment/calibrate.h"
#include "pipeline/sentiment/reading.h"
#include "pipeline/sentiment/stars.h"

namespace vigie::sentiment {
namespace {

constexpr std::size_t kReaders = 4;
constexpr Probabilities kNothingSaid = {0.2, 0.6, 0.2};

// Each thread has its own reader of a model, so that nothing is locked; the few models of a process (shipped, adapted,
// a candidate) do not push each other out.
Reader& reader_of(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Adapter>& adapter) {
  thread_local std::vector<std::unique_ptr<Reader>> readers;
  const auto found = std::find_if(readers.begin(), readers.end(), [&](const auto& r) {
    return &r->model() == model.get() && r->adapter() == adapter.get();
  });
  if (found != readers.end()) return **found;
  if (readers.size() == kReaders) readers.erase(readers.begin());
  return *readers.emplace_back(std::make_unique<Reader>(model, adapter));
}

class ModelScorer final : public Scorer {
 public:
  ModelScorer(std::shared_ptr<const Model> model, std::shared_ptr<const Adapter> adapter, std::size_t drivers)
      : model_(std::move(model)),
        adapter_(std::move(adapter)),
        drivers_(drivers),
        name_(adapter_ ? adapter_->name() : std::string(model_->name())) {}

  Judgement score(const Words& words, std::string_view lang, std::string_view domain,
                  const std::optional<Rating>& rating) const override {
    Reader& reader = reader_of(model_, adapter_);
    const Slot slot = model_->slot(lang, register_of(domain, words));
    const SlotSettings& settings = adapter_ ? adapter_->settings(slot) : model_->settings(slot);
    const Logits logits = reader.read(words, lang, slot);
    Probabilities p = reader.says_anything() ? calibrated(logits, settings) : kNothingSaid;
    std::size_t label = reader.says_anything() ? chosen(p, settings) : 1;

    Judgement out;
    if (rating && rating->max > rating->min) {
      const WithStars both = with_stars(p, std::clamp(rating->fraction(), 0.0, 1.0), reader.says_anything());
      p = both.p;
      out.contradiction = both.contradiction;
      label = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    }
    out.p_neg = p[0];
    out.p_neu = p[1];
    out.p_pos = p[2];
    constexpr std::array kLabels = {Label::negative, Label::neutral, Label::positive};
    out.label = kLabels[label];
    out.unsure = p[label] < kUnsureBelow || (!rating && !reader.says_anything());
    if (drivers_ > 0) out.drivers = reader.drivers(words, drivers_);
    out.model = name_;
    return out;
  }

 private:
  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Adapter> adapter_;
  std::size_t drivers_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Scorer> make_scorer(std::shared_ptr<const Model> model, std::size_t drivers) {
  return make_scorer(std::move(model), nullptr, drivers);
}

std::unique_ptr<Scorer> make_scorer(std::shared_ptr<const Model> model, std::shared_ptr<const Adapter> adapter,
                                    std::size_t drivers) {
  return std::make_unique<ModelScorer>(std::move(model), std::move(adapter), drivers);
}

}  // namespace vigie::sentiment
