// The demonstration's sentences: templates written by hand (config/demo/), put together so that two authors rarely
// write alike.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"

namespace vigie {

struct DemoTemplate {
  std::string label;  // pos neu neg
  std::string theme;
  std::string form;  // any review post forum app press viral crisis press-crisis rant
  std::string text;  // a press text is "title||body"
};

struct DemoWordList {
  std::string name;  // a slot ("city"), or "before-neg", "title-pos", "reply-neg"
  std::vector<std::string> words;
};

// One language's templates and the words that fill them.
class DemoWords {
 public:
  // `lang` "fr" or "en", from the embedded files. bad_data naming file and line for a malformed one.
  static Result<DemoWords> load(std::string_view lang);

  const std::vector<DemoTemplate>& templates() const { return templates_; }

  // A template of any of these forms; label and theme "" = any, except that "viral" is only drawn when asked for.
  // nullptr when there is none.
  const DemoTemplate* pick(Rng& rng, const std::vector<std::string_view>& forms, std::string_view label,
                           std::string_view theme = "") const;

  // A word of that list, slots filled; "" when there is no such list.
  std::string word(Rng& rng, std::string_view list) const;

  // {slot} replaced by a word of that list, {Slot} the same with a capital.
  std::string fill(Rng& rng, std::string_view text) const;

 private:
  const DemoWordList* list(std::string_view name) const;
  std::string slot(Rng& rng, std::string_view name) const;

  std::vector<DemoTemplate> templates_;
  std::vector<DemoWordList> lists_;
};

}  // namespace vigie
