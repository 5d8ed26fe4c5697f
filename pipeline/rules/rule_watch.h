// One rule about one brand: what it counts, and whether it has spoken. Each kind is one file beside this.

#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "model/signal.h"
#include "model/stored.h"
#include "pipeline/bytes.h"
#include "pipeline/rules/volume.h"

namespace vigie {

// A mention that a rule looks at. Minutes count from 1970.
struct Sighting {
  const StoredMention* mention = nullptr;
  std::int64_t minute = 0;        // of the rules' clock
  std::int64_t event_minute = 0;  // when it was written, not after `minute`
  std::int64_t event = 0;         // the same in microseconds
  std::uint64_t author = 0;       // hash; 0 = unknown
  std::uint64_t key = 0;          // hash of what its source calls it
  std::uint64_t themes = 0;       // bits
  bool negative = false;          // of this brand
  bool copy = false;
};

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

class RuleWatch {
 public:
  RuleWatch(const RuleSettings& rule, std::string_view brand, const std::vector<std::string>& themes)
      : rule_(rule), brand_(brand), themes_(themes) {}
  virtual ~RuleWatch() = default;

  virtual void take(const Sighting& sighting) = 0;
  // Minute `minute` begins: all that came before it has been taken. `brand`: the brand's mentions as a whole.
  virtual void evaluate(std::int64_t minute, const Volume& brand, std::vector<Signal>& out) = 0;
  std::int64_t due() const { return due_; }  // the minute at which it must next be evaluated

  // A person says that what is observed is the new normal: it ends, and does not speak of it again before it was over.
  virtual void accept(std::int64_t minute, Time at, std::vector<Signal>& out);

  // Mentions that it must see again before it can go on: what was answered is not in the order of arrival.
  virtual void waiting(std::int64_t, std::vector<std::int64_t>&) const {}
  virtual void again(const StoredMention&, std::int64_t) {}

  virtual void save(ByteWriter& out, std::int64_t minute) const;
  virtual void restore(ByteReader& in);

 protected:
  enum class Reading { low, between, high };

  // Opens, follows and ends the alarm. `fresh`: something came that may open it; `changed`: what people were told is no
  // longer so.
  void follow(std::int64_t minute, Reading reading, bool fresh, bool changed, bool blind, std::vector<Signal>& out);
  bool is_on() const { return alarm_.on != 0; }
  bool is_muted() const { return alarm_.muted != 0; }
  std::int64_t raised() const { return alarm_.raised; }
  void end_silently() { alarm_.on = alarm_.calm = alarm_.blind = 0; }
  void unmute() { alarm_.muted = 0; }
  void speak(SignalKind kind, Time at, std::vector<Signal>& out);
  // When it must be looked at again if nothing comes and what it counts next changes at `edge`.
  std::int64_t next_look(std::int64_t minute, std::int64_t edge) const;
  void wake(std::int64_t minute) { due_ = std::min(due_, minute); }

  // Fills in observed, expected, total, authors, mentions, sources and themes.
  virtual void describe(Signal& signal, std::int64_t minute) const = 0;
  virtual Time since(std::int64_t minute) const = 0;      // asked once, when it opens
  virtual int growth(std::int64_t) const { return 0; }    // steps of severity above the rule's own
  virtual std::int64_t least_pause() const { return 5; }  // minutes between two updates

  const RuleSettings& rule_;
  const std::string brand_;
  const std::vector<std::string>& themes_;
  std::int64_t due_ = kNever;

 private:
  struct Alarm {  // numbers of one width: plain memory without gaps
    std::int64_t on = 0, blind = 0;
    std::int64_t muted = 0;  // accepted by a person, and not over since
    std::int64_t raised = 0, spoke = 0;
    std::int64_t calm = 0;   // minute since which it reads low; 0 = it does not
    std::int64_t since = 0;  // microseconds
    std::int64_t severity = 0;
    std::int64_t untold = 0;  // changed since it last spoke
  };
  int severity(std::int64_t minute) const;

  Alarm alarm_;
};

std::unique_ptr<RuleWatch> watch_threshold(const RuleSettings&, std::string_view brand,
                                           const std::vector<std::string>&);
std::unique_ptr<RuleWatch> watch_rating(const RuleSettings&, std::string_view brand, const std::vector<std::string>&);
std::unique_ptr<RuleWatch> watch_unanswered(const RuleSettings&, std::string_view brand,
                                            const std::vector<std::string>&);
std::unique_ptr<RuleWatch> watch_drift(const RuleSettings&, std::string_view brand, const std::vector<std::string>&);
std::unique_ptr<RuleWatch> watch_silence(const RuleSettings&, std::string_view brand, const std::vector<std::string>&);

inline std::int64_t whole_minutes(Duration duration) { return std::chrono::ceil<minutes>(duration).count(); }
inline std::int64_t minute_of(Time time) { return std::chrono::floor<minutes>(time.time_since_epoch()).count(); }
inline Time time_of(std::int64_t minute) { return Time(minutes(minute)); }

}  // namespace vigie
