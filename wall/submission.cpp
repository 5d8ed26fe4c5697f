#include "wall/submission.h"

#include <algorithm>

#include "base/json.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/url.h"
#include "wall/log/commitment.h"
#include "wall/log/encoding.h"

namespace vigie {
namespace {

constexpr std::size_t kMostFields = 60, kJsonDepth = 4;
constexpr std::size_t kAuthorLength = 80, kPlaceLength = 100, kOrderLength = 64, kContactLength = 254, kLangLength = 35;
constexpr int kEarliestYear = 2000;
constexpr std::size_t kTokenBytes = 16;

tl::unexpected<SubmissionFault> fault(int status, std::string_view field, std::string_view code) {
  return tl::unexpected(SubmissionFault{status, std::string(field), std::string(code)});
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool only_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What shows nothing: white space of any kind, zero-width characters, fillers.
bool is_blank(std::string_view text) {
  static constexpr std::string_view kUnseen[] = {"\u200b", "\u200c", "\u200d", "\u200e", "\u200f",
                                                 "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f",
                                                 "\u115f", "\u1160", "\u3164", "\u2800", "\uffa0"};
  std::string rest = squeeze_spaces(text);
  for (const std::string_view unseen : kUnseen) {
    for (std::size_t at = rest.find(unseen); at != std::string::npos; at = rest.find(unseen, at))
      rest.erase(at, unseen.size());
  }
  return trim(squeeze_spaces(rest)).empty();
}

// Forms send line ends as CR LF whatever was typed.
std::string with_plain_line_ends(std::string text) {
  for (std::size_t at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) text.erase(at, 1);
  return text;
}

Checked<std::string> one_line(const FilledForm& form, std::string_view name, std::size_t most) {
  const Checked<std::string> read = form.text(name);
  if (!read) return read;
  if (std::any_of(read->begin(), read->end(), is_control)) return fault(422, name, "control");
  if (count_code_points(*read) > most) return fault(422, name, "long");
  return is_blank(*read) ? std::string() : std::string(trim(*read));
}

Checked<std::string> long_text(const FilledForm& form) {
  Checked<std::string> read = form.text("text");
  if (!read) return read;
  std::string text = with_plain_line_ends(*std::move(read));
  const auto refused = [](char c) { return is_control(c) && c != '\n' && c != '\t'; };
  if (std::any_of(text.begin(), text.end(), refused)) return fault(422, "text", "control");
  if (count_code_points(text) > limits::kReviewCodePoints) return fault(422, "text", "long");
  return is_blank(text) ? std::string() : std::move(text);
}

// "2026-11-03" or "2026-11", not in the future.
Checked<std::string> day_or_month(const FilledForm& form, bool needed, Time now) {
  Checked<std::string> read = one_line(form, "when", 10);
  if (!read) return read;
  if (read->empty()) return needed ? fault(422, "when", "required") : read;
  const std::string day = read->size() == 7 ? concat(*read, "-01") : *read;
  const Result<Time> time = parse_rfc3339(concat(day, "T00:00:00Z"));
  if (!time || day.size() != 10 || format_rfc3339(*time).substr(0, 10) != day) return fault(422, "when", "date");
  if (*time > now + kDay) return fault(422, "when", "future");
  if (whole_number(day.substr(0, 4)).value_or(0) < kEarliestYear) return fault(422, "when", "date");
  return read;
}

Checked<std::string> language(const FilledForm& form, const std::string& otherwise) {
  Checked<std::string> read = one_line(form, "lang", kLangLength);
  if (!read || read->empty()) return read ? otherwise : read;
  const bool good = std::all_of(read->begin(), read->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  return good ? read : fault(422, "lang", "language");
}

Checked<std::string> address(const FilledForm& form, const std::vector<std::string>& staff) {
  Checked<std::string> read = one_line(form, "contact", kContactLength);
  if (!read || read->empty()) return read;
  const std::size_t at = read->find('@');
  const bool shaped = at != std::string::npos && at > 0 && at + 1 < read->size() &&
                      read->find('@', at + 1) == std::string::npos &&
                      read->find_first_of(" <>\"(),;:\\[]") == std::string::npos;
  if (!shaped) return fault(422, "contact", "address");
  for (const std::string& one : staff) {
    const bool theirs = one.starts_with('@') ? iequals(std::string_view(*read).substr(at), one) : iequals(*read, one);
    if (theirs) return fault(403, "contact", "staff");
  }
  return read;
}

Checked<std::string> lock_of(const FilledForm& form) {
  const Checked<std::string> read = form.text("lock");
  if (!read || read->empty()) return read;
  const std::optional<std::string> lock = read_secret(*read);
  return lock ? Checked<std::string>(*lock) : fault(422, "lock", "secret");
}

// Raw bytes: what is not UTF-8 must be refused, not mended.
Checked<std::vector<std::pair<std::string, std::string>>> pairs_of(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view pair : split(body, '&')) {
    if (pair.empty()) continue;
    if (pairs.size() == kMostFields) return fault(400, "", "fields");
    const std::size_t equals = pair.find('=');
    pairs.emplace_back(url_decode(pair.substr(0, equals), true),
                       url_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true));
    if (!is_valid_utf8(pairs.back().first)) return fault(400, "", "utf8");
    if (!is_valid_utf8(pairs.back().second)) return fault(400, pairs.back().first, "utf8");
  }
  return pairs;
}

}  // namespace

std::string SubmissionFault::what() const {
  static const std::map<std::string_view, std::string_view> kWords = {
      {"address", "expected an e-mail address"},
      {"control", "a control character"},
      {"date", "expected a day (2026-11-03) or a month (2026-11)"},
      {"experience", "expected the author's word that the experience was lived"},
      {"fields", "more fields than any form has"},
      {"future", "a day that has not been yet"},
      {"json", "expected one JSON object"},
      {"language", "expected a language such as fr"},
      {"long", "longer than may be"},
      {"rating", "expected a whole number of the scale"},
      {"required", "missing"},
      {"secret", "expected 32 bytes in base64url"},
      {"staff", "who works for the brand may not review it"},
      {"text", "expected text"},
      {"twice", "given twice"},
      {"type", "expected application/json or application/x-www-form-urlencoded"},
      {"utf8", "not valid UTF-8"}};
  const auto words = kWords.find(code);
  const std::string_view said = words == kWords.end() ? std::string_view(code) : words->second;
  return field.empty() ? std::string(said) : concat(field, ": ", said);
}

Checked<FilledForm> FilledForm::read(const ServerRequest& request) {
  const std::string_view header = request.header("content-type");
  const std::string_view type = trim(header.substr(0, header.find(';')));
  FilledForm form;
  if (iequals(type, "application/x-www-form-urlencoded")) {
    const auto pairs = pairs_of(request.body);
    if (!pairs) return tl::unexpected(pairs.error());
    for (const auto& [name, value] : *pairs) {
      if (!form.fields_.emplace(name, Value{Kind::text, value}).second) return fault(400, name, "twice");
    }
    return form;
  }
  if (!iequals(type, "application/json")) return fault(415, "", "type");
  form.json_ = true;
  if (!is_valid_utf8(request.body)) return fault(400, "", "utf8");
  const Result<json::Document> document = json::parse(request.body, kJsonDepth);
  if (!document || document->root().type() != json::Type::object) return fault(400, "", "json");
  if (document->duplicate_keys() > 0) return fault(400, "", "twice");
  const json::Value root = document->root();
  if (root.size() > kMostFields) return fault(400, "", "fields");
  for (std::size_t i = 0; i < root.size(); ++i) {
    Value value{Kind::other, std::string(root[i].raw())};
    switch (root[i].type()) {
      case json::Type::string: value.kind = Kind::text; break;
      case json::Type::number: value.kind = Kind::number; break;
      case json::Type::boolean: value.kind = value.text == "true" ? Kind::yes : Kind::no; break;
      case json::Type::null: value.kind = Kind::null; break;
      default: break;
    }
    form.fields_.emplace(root.key_at(i), std::move(value));
  }
  return form;
}

Checked<std::string> FilledForm::text(std::string_view name) const {
  const auto found = fields_.find(std::string(name));
  if (found == fields_.end() || found->second.kind == Kind::null) return std::string();
  if (found->second.kind != Kind::text) return fault(422, name, "text");
  return found->second.text;
}

Checked<std::optional<std::int64_t>> FilledForm::rating(std::string_view name, std::string_view scale) const {
  const auto found = fields_.find(std::string(name));
  if (found == fields_.end() || (!json_ && found->second.text.empty())) return std::optional<std::int64_t>();
  const Kind number = json_ ? Kind::number : Kind::text;
  const std::string& text = found->second.text;
  if (found->second.kind != number || !only_digits(text) || text.size() > 3) return fault(422, name, "rating");
  const std::size_t dash = scale.find('-');
  const auto value = tlog::from_strict_decimal(text), low = tlog::from_strict_decimal(scale.substr(0, dash)),
             high = tlog::from_strict_decimal(scale.substr(dash + 1));
  if (!value || !low || !high || *value < *low || *value > *high) return fault(422, name, "rating");
  return std::optional(*value);
}

bool FilledForm::ticked(std::string_view name) const {
  const auto found = fields_.find(std::string(name));
  if (found == fields_.end()) return false;
  return json_ ? found->second.kind == Kind::yes : !found->second.text.empty() && found->second.text != "0";
}

#define VIGIE_TAKE(target, expression)               \
  if (auto taken = (expression); taken) {            \
    target = *std::move(taken);                      \
  } else {                                           \
    return tl::unexpected(std::move(taken.error())); \
  }

Checked<NewWording> read_update(const FilledForm& form, const SubmissionRules& rules, Time now) {
  NewWording out;
  VIGIE_TAKE(out.rating, form.rating("rating", rules.scale));
  if (!out.rating && rules.needs_rating) return fault(422, "rating", "required");
  VIGIE_TAKE(out.values[kText], long_text(form));
  VIGIE_TAKE(out.values[kAuthor], one_line(form, "author", kAuthorLength));
  VIGIE_TAKE(out.values[kWhen], day_or_month(form, rules.needs_when, now));
  VIGIE_TAKE(out.values[kPlace], one_line(form, "place", kPlaceLength));
  VIGIE_TAKE(out.values[kOrder], one_line(form, "order", kOrderLength));
  if (!out.rating && out.values[kText].empty()) return fault(422, "text", "required");
  return out;
}

Checked<Submission> read_submission(const FilledForm& form, const SubmissionRules& rules, Time now) {
  Submission out;
  NewWording wording;
  VIGIE_TAKE(wording, read_update(form, rules, now));
  out.brand = rules.brand;
  out.scale = rules.scale;
  out.rating = wording.rating;
  out.values = std::move(wording.values);
  VIGIE_TAKE(out.lang, language(form, rules.lang));
  VIGIE_TAKE(out.contact, address(form, rules.staff));
  VIGIE_TAKE(out.lock, lock_of(form));
  out.tell = form.ticked("tell") && !out.contact.empty();
  if (rules.needs_experience && !form.ticked("experienced")) return fault(422, "experienced", "experience");
  return out;
}

#undef VIGIE_TAKE

std::optional<std::string> read_secret(std::string_view text) {
  const std::optional<std::string> bytes = tlog::from_strict_base64url(trim(text));
  const bool fits = bytes && bytes->size() == tlog::kSecretBytes;
  return fits ? bytes : std::nullopt;
}

std::string receipt_token(std::string_view bytes) { return to_base64url(bytes.substr(0, kTokenBytes)); }
std::string receipt_hash(std::string_view token) { return sha256(token); }

bool is_same_origin(const ServerRequest& request, std::string_view public_url) {
  if (iequals(request.header("sec-fetch-site"), "cross-site")) return false;
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;  // no browser that posts for a page leaves it out
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view host = request.header("host");
  if (!host.empty() && iequals(origin.substr(scheme + 3), host)) return true;
  std::string_view own = public_url;
  if (const std::size_t at = own.find("://"); at != std::string_view::npos)
    own = own.substr(0, std::min(own.size(), own.find('/', at + 3)));
  return iequals(origin, own);
}

}  // namespace vigie
