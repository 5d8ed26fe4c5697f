#include "pipeline/rules.h"

#include "pipeline/detect.h"

namespace vigie {
namespace {

class BudgetOnly final : public Rules {
 public:
  BudgetOnly(const Settings& settings, std::vector<std::string> themes, std::string_view brand)
      : only_(brand), detector_(make_detector(settings.detect.budget, std::move(themes))) {}

  void observe(const StoredMention& mention, std::vector<Signal>& out) override {
    if (mention.history) return;
    for (const Observation& observation : observations(mention)) {
      if (only_.empty() || observation.brand == only_) detector_->observe(observation, out);
    }
  }

  void tick(Time now, std::vector<Signal>& out) override { detector_->tick(now, out); }

  void accept(std::string_view brand, std::string_view, Time now, std::vector<Signal>& out) override {
    detector_->accept(brand, now, out);
  }

  std::string save() const override { return detector_->save(); }
  Result<void> restore(std::string_view state) override { return detector_->restore(state); }

 private:
  std::string only_;
  std::unique_ptr<Detector> detector_;
};

}  // namespace

std::unique_ptr<Rules> make_rules(const Settings& settings, std::vector<std::string> themes, std::string_view brand) {
  return std::make_unique<BudgetOnly>(settings, std::move(themes), brand);
}

}  // namespace vigie
