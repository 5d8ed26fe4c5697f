// Rows of the database to and from the nouns of model/. Columns are written and read in one order, by position.

#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/endpoint_health.h"
#include "model/incident.h"
#include "model/notification.h"
#include "model/stored.h"
#include "store/driver.h"
#include "store/store.h"

namespace vigie {

// Binds parameter after parameter. Text is lent (store/driver.h).
class Parameters {
 public:
  explicit Parameters(Statement& statement) : statement_(statement) {}
  Parameters& integer(std::int64_t value) { return statement_.bind_integer(next_++, value), *this; }
  Parameters& real(double value) { return statement_.bind_real(next_++, value), *this; }
  Parameters& text(std::string_view value) { return statement_.bind_text(next_++, value), *this; }
  Parameters& blob(std::string_view value) { return statement_.bind_blob(next_++, value), *this; }
  // A temporary would be gone before the statement runs.
  template <class T>
    requires std::same_as<T, std::string>
  Parameters& text(T&& value) = delete;
  template <class T>
    requires std::same_as<T, std::string>
  Parameters& blob(T&& value) = delete;
  Parameters& blob_or_null(const std::string& value) { return value.empty() ? null() : blob(value); }
  Parameters& blob_or_null(std::string&& value) = delete;
  Parameters& null() { return statement_.bind_null(next_++), *this; }
  Parameters& time(Time value) { return integer(to_epoch_micros(value)); }
  Parameters& hash(std::uint64_t value) { return integer(static_cast<std::int64_t>(value)); }
  Parameters& integer_or_null(std::optional<std::int64_t> value) { return value ? integer(*value) : null(); }
  Parameters& time_or_null(std::optional<Time> value) { return value ? time(*value) : null(); }

 private:
  Statement& statement_;
  int next_ = 1;
};

// Reads column after column.
class Columns {
 public:
  explicit Columns(const Statement& statement) : statement_(statement) {}
  std::int64_t integer() { return statement_.integer(next_++); }
  int small() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  double real() { return statement_.real(next_++); }
  std::string_view view() { return statement_.text(next_++); }
  std::string text() { return std::string(view()); }
  Time time() { return from_epoch_micros(integer()); }
  bool null() const { return statement_.is_null(next_); }
  std::optional<std::int64_t> integer_or_null() { return null() ? skip<std::int64_t>() : integer(); }
  std::optional<Time> time_or_null() { return null() ? skip<Time>() : std::optional(time()); }
  void skip_one() { ++next_; }

 private:
  template <class T>
  std::optional<T> skip() {
    ++next_;
    return std::nullopt;
  }
  const Statement& statement_;
  int next_ = 0;
};

// One item a line; no item holds a line break (ids of brands, themes and cues).
std::string join_lines(const std::vector<std::string>& items);
std::vector<std::string> split_lines(std::string_view text);

// The same where no item holds a space (ids of marks).
std::string join_words(const std::vector<std::string>& words);
std::vector<std::string> split_words(std::string_view text);

// [{"brand"|"theme", "p_neg", "p_neu", "p_pos", "label"}]
std::string aspects_json(const std::vector<Aspect>& aspects);
std::vector<Aspect> read_aspects(std::string_view text);

// Written: created, or ingested when absent or more than a day ahead of it.
Time event_time(const Mention& mention, Time ingested);
// 1..5, not rounded; nothing without a rating or when its scale makes no sense.
std::optional<double> stars_of(const std::optional<Rating>& rating);
bool is_review(const Mention& mention);

// What the store adds to a judged mention.
struct Placed {
  std::optional<std::int64_t> seq;
  Time ingested{}, event{};
  std::int64_t original = 0;
  bool history = false;
};

// The columns of mentions that `bind_mention` writes and `read_mention` reads.
extern const std::string_view kMentionColumns;
std::string mention_columns_of(std::string_view alias);  // "m.seq, m.ingested, ..."
std::string mention_placeholders();                      // "?, ?, ..."

// Text made for the row, alive as long as its statement needs it.
struct MentionScratch {
  std::string brands, themes, cues, drivers, aspects;
};
void bind_mention(Statement& statement, const Judged& judged, const Placed& placed, MentionScratch& scratch);
StoredMention read_mention(const Statement& statement);

extern const std::string_view kNotificationColumns;
void bind_notification(Statement& statement, const Notification& notification);
Notification read_notification(const Statement& statement);

extern const std::string_view kHealthColumns;
void bind_endpoint_health(Statement& statement, const EndpointHealth& health);
EndpointHealth read_endpoint_health(const Statement& statement);

extern const std::string_view kTransitionColumns;  // after the incident's id
void bind_transition(Statement& statement, std::string_view incident, const Transition& transition);
Transition read_transition(const Statement& statement);  // without the incident's id

}  // namespace vigie
