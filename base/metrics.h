// Counters, gauges and histograms in Prometheus text format (checked by promtool in the tests).

#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie {

using Labels = std::vector<std::pair<std::string, std::string>>;

// Safe from several threads. A name is declared by its first use; help text is required then and kept.
// Names follow https://prometheus.io/docs/practices/naming/: vigie_ prefix, base units, _total for counters.
class Metrics {
 public:
  void add(std::string_view name, std::string_view help, const Labels& labels = {}, double by = 1);
  void set(std::string_view name, std::string_view help, const Labels& labels, double value);
  // Buckets in seconds: 1 ms to 60 s.
  void observe(std::string_view name, std::string_view help, const Labels& labels, double seconds);

  double value(std::string_view name, const Labels& labels = {}) const;  // counter or gauge; 0 when unknown
  std::string text() const;

 private:
  struct Family;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Family>, std::less<>> families_;
};

}  // namespace vigie
