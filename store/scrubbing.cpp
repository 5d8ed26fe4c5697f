#include "store/scrubbing.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kTelling = 12;   // code points below which words may be anybody's
constexpr std::size_t kCompared = 60;  // documents shorten what they quote, at 80 code points the shortest
constexpr std::string_view kGone = "…";

class Scrubber {
 public:
  explicit Scrubber(const Scrub& scrub) : scrub_(scrub) {
    if (scrub.mention) event_ = format_rfc3339(scrub.mention->event);
  }

  bool found() const { return found_; }
  std::string take() { return out_.take(); }

  void write(const json::Value& value) {
    switch (value.type()) {
      case json::Type::object: return write_object(value);
      case json::Type::array: return write_array(value);
      case json::Type::string: return write_string(value.raw());
      default: out_.value(value);
    }
  }

 private:
  void write_object(const json::Value& value) {
    out_.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      out_.key(value.key_at(i));
      write(value[i]);
    }
    out_.end_object();
  }

  void write_array(const json::Value& value) {
    out_.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (quotes_it(value[i])) {
        found_ = true;
        continue;
      }
      write(value[i]);
    }
    out_.end_array();
  }

  void write_string(std::string_view text) {
    const bool theirs = std::any_of(scrub_.words.begin(), scrub_.words.end(), [&](const std::string& words) {
      return text.find(words) != std::string_view::npos;
    });
    found_ = found_ || theirs;
    out_.string(theirs ? kGone : text);
  }

  bool quotes_it(const json::Value& value) const {
    return scrub_.mention && value.type() == json::Type::object &&
           value.text_or("source", "") == scrub_.mention->source && value.text_or("time", "") == event_;
  }

  const Scrub& scrub_;
  std::string event_;
  json::Writer out_;
  bool found_ = false;
};

}  // namespace

void add_words(Scrub& scrub, std::string_view text) {
  const std::string line = squeeze_spaces(text);
  if (count_code_points(line) < kTelling) return;
  scrub.words.emplace_back(first_code_points(line, kCompared));
  const std::string_view as_written = first_code_points(trim(text), kCompared);
  if (as_written != scrub.words.back()) scrub.words.emplace_back(as_written);
}

Result<std::optional<std::string>> scrubbed(std::string_view document, const Scrub& scrub) {
  TRY(const json::Document parsed, json::parse(document));
  Scrubber scrubber(scrub);
  scrubber.write(parsed.root());
  if (!scrubber.found()) return std::optional<std::string>();
  return std::optional<std::string>(scrubber.take());
}

}  // namespace vigie
