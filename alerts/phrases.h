// How one language says it: the catalogue's sentences, and numbers, dates and durations as its readers write them
// (ICU).

#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

// Of one thread at a time.
class Phrases {
 public:
  using Slot = std::pair<std::string_view, std::string_view>;  // name and text of one {name} of a sentence

  // language "fr" or "en"; time_zone IANA. bad_config for another.
  static Result<Phrases> load(std::string_view language, std::string_view time_zone);

  // The sentence of config/lang/alerts.<language>.json at this path, its {slots} filled. The path itself when there is
  // none: a test goes through every path of every purpose.
  std::string say(std::string_view path, std::initializer_list<Slot> slots = {}) const;
  // The form of that path for a number: `one` or `other`.
  std::string count(std::string_view path, double number, std::initializer_list<Slot> slots = {}) const;
  // count() where the catalogue tells one from more, else say().
  std::string plural(std::string_view path, double number, std::initializer_list<Slot> slots = {}) const;
  // A name from a list of the catalogue; `otherwise` when it does not hold it.
  std::string name(std::string_view list, std::string_view id, std::string_view otherwise) const;

  std::string number(double value) const;         // 1 234 · 1,234; one decimal under 10 when there is one
  std::string habit(double expected) const;       // as number(), but what rounds to nothing is "less than 1"
  std::string percent(double share) const;        // of 0..1: 64 % · 64%, one decimal under 10 %
  std::string times(double ratio) const;          // ×6 · 6×
  std::string duration(Duration duration) const;  // 1 h 30 · 1 h 30 min
  std::string date_time(Time time) const;         // samedi 21 novembre 2026, 17:40
  std::string clock_time(Time time) const;        // 17:40
  std::string short_time(Time time) const;        // 21 nov., 17:40
  std::string until(Time time) const;             // 21 nov. à 17:40 · 21 Nov at 17:40
  std::string zone() const;                       // heure de Paris · Paris time
  bool same_day(Time a, Time b) const;            // in the reader's zone

 private:
  struct Writers;  // ICU's, which take longer to make than a whole story to tell: made once

  Phrases(std::string_view language, std::string_view time_zone, json::Value catalogue,
          std::shared_ptr<Writers> writers)
      : language_(language), time_zone_(time_zone), catalogue_(catalogue), writers_(std::move(writers)) {}

  static Result<Phrases> make(std::string_view language, std::string_view time_zone);
  std::string in_zone(Time time, std::string_view pattern) const;

  std::string language_, time_zone_;
  json::Value catalogue_;
  std::shared_ptr<Writers> writers_;
};

}  // namespace vigie
