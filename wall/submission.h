// A review as it comes in over HTTP, read with mistrust: every field is checked before anything is done with it, and
// what is wrong is told by the field's name. Nothing is corrected but the line ends that forms put into text.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/http_server.h"
#include "config/settings.h"
#include "wall/book.h"

namespace vigie {

// Why a body was not taken.
struct SubmissionFault {
  int status = 422;   // 400: not even readable; 403: may not review here; 415: neither JSON nor a form
  std::string field;  // "" = the whole
  std::string code;   // under "faults" in the catalogue "author": required, long, control, ...

  std::string what() const;  // one line for programs: `text: more than 5,000 characters`
};

template <class T>
using Checked = tl::expected<T, SubmissionFault>;

// The fields of one body, JSON or a form.
class FilledForm {
 public:
  // 400: not UTF-8, not JSON, not an object, a field given twice.
  static Checked<FilledForm> read(const ServerRequest& request);

  bool is_json() const { return json_; }
  bool has(std::string_view name) const { return fields_.contains(std::string(name)); }
  // "" when it is absent or null. 422: not text.
  Checked<std::string> text(std::string_view name) const;
  // Nothing when it is absent; a form's empty field is absent. 422: not a whole number of the scale.
  Checked<std::optional<std::int64_t>> rating(std::string_view name, std::string_view scale) const;
  // A tick of a form, true of JSON.
  bool ticked(std::string_view name) const;

 private:
  enum class Kind { text, number, yes, no, null, other };
  struct Value {
    Kind kind = Kind::text;
    std::string text;
  };
  std::map<std::string, Value> fields_;
  bool json_ = false;
};

struct SubmissionRules {
  std::string brand;
  std::string scale = "1-5";
  std::string lang;  // of the page it was written on, when the body does not say
  bool needs_rating = true;
  bool needs_when = true;            // the day or month of the experience
  bool needs_experience = true;      // the tick that the author lived it
  std::vector<std::string> staff{};  // addresses, or domains "@acme.example", that may not review
};

// Fields: rating, text, author, when, place, order, lang, contact, tell, lock, experienced. Text of nothing but spaces
// is none. Origin, channel and the like are the caller's to set.
Checked<Submission> read_submission(const FilledForm& form, const SubmissionRules& rules, Time now);

// The same for an update: rating and values alone.
struct NewWording {
  std::optional<std::int64_t> rating;
  std::array<std::string, kReviewFields> values{};
};
Checked<NewWording> read_update(const FilledForm& form, const SubmissionRules& rules, Time now);

// A secret or the hash of one, 32 bytes in base64url; nothing for anything else.
std::optional<std::string> read_secret(std::string_view text);

// Of an author's private page, /wall/{brand}/receipt/{token}: 128 bits, as text in the address, as a hash in the store.
std::string receipt_token(std::string_view bytes);  // 16 of them, or more
std::string receipt_hash(std::string_view token);   // what Submission::receipt holds

// Whether a request that changes something comes from a page of ours: what a browser says of its origin, if it says
// anything. There are no cookies to abuse; this keeps other sites from posting in their visitors' names.
bool is_same_origin(const ServerRequest& request, std::string_view public_url);

}  // namespace vigie
