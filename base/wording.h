// How a page speaks one language: the sentences of its catalogue, plurals, numbers, dates and spans of time as its
// readers write them.
//
// A catalogue is config/lang/<name>.<language>.json: nested objects whose leaves are sentences with {slots}. Where a
// number decides the form, the leaf is {"one": ..., "other": ...}. Dates are in UTC.

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace vigie {

// The languages pages exist in.
bool is_page_language(std::string_view language);

// The reader's language: what the page's address asks for, else the first of Accept-Language (RFC 9110 12.5.4) that
// pages exist in, else `otherwise`.
std::string choose_language(std::string_view asked, std::string_view accept_language, std::string_view otherwise);

class Wording {
 public:
  using Slot = std::pair<std::string_view, std::string_view>;  // a {name} of a sentence and what fills it

  // bug when the catalogue is not in this build, or is not JSON.
  static Result<Wording> load(std::string_view name, std::string_view language);

  const std::string& language() const { return language_; }
  json::Value catalogue() const { return document_->root(); }  // for templates: {{t.heading}}

  // The sentence at this path, its slots filled; the path itself when there is none, so that a gap is seen.
  std::string say(std::string_view path, std::initializer_list<Slot> slots = {}) const;
  // The form for that number (CLDR: French has "0 avis" in the singular), {n} filled with it.
  std::string count(std::string_view path, std::int64_t n, std::initializer_list<Slot> slots = {}) const;
  // A name out of a list of the catalogue, or `id` itself.
  std::string name(std::string_view list, std::string_view id) const;

  std::string number(std::int64_t value) const;             // 1 234 · 1,234
  std::string decimal(double value, int digits) const;      // 4,2 · 4.2
  std::string percent(double share, int digits = 0) const;  // of 0..1: 64 % · 64%
  std::string date(Time time) const;                        // 21 nov. 2026 · 21 Nov 2026
  std::string month(Time time) const;                       // novembre 2026 · November 2026
  std::string date_time(Time time) const;                   // 21 nov. 2026 à 17:40 UTC
  std::string short_time(Time time) const;                  // 21 nov. 17:40
  std::string span(Duration duration) const;                // 45 s, 3 min, 2 h, 4 jours: one unit, rounded down
  std::string ago(Time time, Time now) const;               // il y a 3 min; dans 3 min

 private:
  Wording(std::string_view language, std::shared_ptr<const json::Document> document)
      : language_(language), document_(std::move(document)) {}

  std::string language_;
  std::shared_ptr<const json::Document> document_;
};

}  // namespace vigie
