#include "collectors/pipes.h"

#include <array>

#include "base/number.h"
#include "base/text.h"
#include "collectors/html.h"
#include "collectors/markup.h"

namespace vigie::definition {
namespace {

using Arguments = std::vector<std::string>;

tl::unexpected<Error> unexpected(std::string_view expected, const Datum& found) {
  return fail(ErrorKind::bad_data, concat("expected ", expected, ", found ", described(found)));
}

Datum text_datum(std::string text) {
  Datum datum;
  datum.kind = Datum::Kind::text;
  datum.text = std::move(text);
  return datum;
}

// One signature for every pipe: those that change the datum take it over.
// NOLINTBEGIN(performance-unnecessary-value-param)

Result<Datum> html(const Arguments&, Datum datum) {
  if (datum.kind != Datum::Kind::text) return unexpected("text", datum);
  return text_datum(html_to_text(datum.text));
}

// Entities decoded and nothing else: a "<" that is part of the text must not be taken for a tag.
Result<Datum> unescape(const Arguments&, Datum datum) {
  if (datum.kind != Datum::Kind::text) return unexpected("text", datum);
  if (datum.text.find('&') == std::string::npos) return datum;
  std::string safe;
  for (const char c : datum.text) {
    if (c == '<') {
      safe += "&lt;";
    } else {
      safe += c;
    }
  }
  return text_datum(html_to_text(safe));
}

Result<Datum> markdown(const Arguments&, Datum datum) {
  if (datum.kind != Datum::Kind::text) return unexpected("text", datum);
  return text_datum(markdown_to_text(datum.text));
}

Result<Datum> bbcode(const Arguments&, Datum datum) {
  if (datum.kind != Datum::Kind::text) return unexpected("text", datum);
  return text_datum(bbcode_to_text(datum.text));
}

Result<Datum> slack(const Arguments&, Datum datum) {
  if (datum.kind != Datum::Kind::text) return unexpected("text", datum);
  return text_datum(slack_to_text(datum.text));
}

// Names of languages as some sources spell them, as BCP 47. One that is not in the table gives none: it is a hint.
Result<Datum> language(const Arguments&, Datum datum) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"arabic", "ar"},        {"brazilian", "pt-BR"}, {"bulgarian", "bg"},
      {"catalan", "ca"},       {"chinese", "zh"},      {"schinese", "zh-Hans"},
      {"tchinese", "zh-Hant"}, {"croatian", "hr"},     {"czech", "cs"},
      {"danish", "da"},        {"dutch", "nl"},        {"english", "en"},
      {"estonian", "et"},      {"finnish", "fi"},      {"french", "fr"},
      {"german", "de"},        {"greek", "el"},        {"hebrew", "he"},
      {"hindi", "hi"},         {"hungarian", "hu"},    {"indonesian", "id"},
      {"italian", "it"},       {"japanese", "ja"},     {"korean", "ko"},
      {"koreana", "ko"},       {"latam", "es-419"},    {"latvian", "lv"},
      {"lithuanian", "lt"},    {"norwegian", "no"},    {"persian", "fa"},
      {"polish", "pl"},        {"portuguese", "pt"},   {"romanian", "ro"},
      {"russian", "ru"},       {"serbian", "sr"},      {"slovak", "sk"},
      {"slovenian", "sl"},     {"spanish", "es"},      {"swedish", "sv"},
      {"thai", "th"},          {"turkish", "tr"},      {"ukrainian", "uk"},
      {"urdu", "ur"},          {"vietnamese", "vi"},   {"ara", "ar"},
      {"ces", "cs"},           {"dan", "da"},          {"deu", "de"},
      {"ell", "el"},           {"eng", "en"},          {"fin", "fi"},
      {"fra", "fr"},           {"fre", "fr"},          {"ger", "de"},
      {"heb", "he"},           {"hin", "hi"},          {"hun", "hu"},
      {"ita", "it"},           {"jpn", "ja"},          {"kor", "ko"},
      {"nld", "nl"},           {"nor", "no"},          {"pol", "pl"},
      {"por", "pt"},           {"ron", "ro"},          {"rus", "ru"},
      {"spa", "es"},           {"swe", "sv"},          {"tur", "tr"},
      {"ukr", "uk"},           {"zho", "zh"}};
  if (datum.kind != Datum::Kind::text) return unexpected("the name of a language", datum);
  const std::string name = ascii_lower(trim(datum.text));
  for (const auto& [known, code] : kNames) {
    if (known == name) return text_datum(std::string(code));
  }
  return Datum{};
}

Result<Datum> time(const Arguments& arguments, Datum datum) {
  // "Never", as some sources write it.
  if (datum.kind == Datum::Kind::boolean && datum.text == "false") return Datum{};
  if (datum.kind != Datum::Kind::text && datum.kind != Datum::Kind::number) return unexpected("a time", datum);
  const std::string& form = arguments[0];
  Datum out;
  out.kind = Datum::Kind::time;
  if (form == "epoch" || form == "epoch_ms") {
    if (datum.text == "0") return Datum{};
    TRY(out.time, time_from_number(datum.text, form == "epoch" ? 1 : 1000));
  } else if (form == "iso" || form == "rfc822") {
    const Result<LooseTime> loose = parse_loose_time(datum.text);
    if (!loose || datum.kind != Datum::Kind::text) return unexpected("a date", datum);
    out.time = loose->time;
    out.zone_assumed = loose->zone_assumed;
  } else {
    const Result<Time> parsed = parse_time_format(datum.text, form);
    if (!parsed) return unexpected(concat("a time of the form ", form), datum);
    out.time = *parsed;
    out.zone_assumed = form.find("%z") == std::string::npos && form.find('Z') == std::string::npos;
  }
  return out;
}

Result<Datum> number(const Arguments&, Datum datum) {
  if (!datum.scalar() || !real_number(trim(datum.text))) return unexpected("a number", datum);
  datum.text = std::string(trim(datum.text));
  datum.kind = Datum::Kind::number;
  return datum;
}

Result<Datum> string(const Arguments&, Datum datum) {
  if (!datum.scalar()) return unexpected("text or a number", datum);
  return text_datum(std::move(datum.text));
}

// A thumb is a rating too: true is 1 and false is 0.
Result<Datum> scale(const Arguments& arguments, Datum datum) {
  Datum out;
  out.kind = Datum::Kind::rating;
  out.rating.min = *real_number(arguments[0]);
  out.rating.max = *real_number(arguments[1]);
  if (datum.kind == Datum::Kind::boolean) datum.text = datum.text == "true" ? "1" : "0";
  const std::optional<double> value = datum.scalar() ? real_number(trim(datum.text)) : std::nullopt;
  if (!value || *value < out.rating.min || *value > out.rating.max) {
    return unexpected(concat(arguments[0], " to ", arguments[1]), datum);
  }
  out.rating.value = *value;
  return out;
}

Result<Datum> one_of(const Arguments& arguments, Datum datum) {
  std::string names;
  for (const std::string& pair : arguments) {
    const std::size_t equals = pair.find('=');
    const std::string_view name = trim(std::string_view(pair).substr(0, equals));
    if (datum.scalar() && datum.text == name)
      return text_datum(std::string(trim(std::string_view(pair).substr(equals + 1))));
    if (name == "*") return text_datum(std::string(trim(std::string_view(pair).substr(equals + 1))));
    names += concat(names.empty() ? "" : ", ", name);
  }
  return unexpected(concat("one of ", names), datum);
}

Result<Datum> lower(const Arguments&, Datum datum) {
  if (datum.kind != Datum::Kind::text) return unexpected("text", datum);
  return text_datum(ascii_lower(datum.text));
}

Result<Datum> last(const Arguments& arguments, Datum datum) {
  if (!datum.scalar()) return unexpected("text", datum);
  const std::size_t at = datum.text.rfind(arguments[0]);
  return text_datum(at == std::string::npos ? datum.text : datum.text.substr(at + arguments[0].size()));
}

Result<Datum> split_at(const Arguments& arguments, Datum datum) {
  if (!datum.scalar()) return unexpected("text", datum);
  const std::string& separator = arguments[0];
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t at; (at = datum.text.find(separator, start)) != std::string::npos; start = at + separator.size()) {
    parts.push_back(datum.text.substr(start, at - start));
  }
  parts.push_back(datum.text.substr(start));
  std::int64_t wanted = *whole_number(arguments[1]);
  if (wanted < 0) wanted += static_cast<std::int64_t>(parts.size());
  if (wanted < 0 || wanted >= static_cast<std::int64_t>(parts.size())) return Datum{};
  return text_datum(parts[static_cast<std::size_t>(wanted)]);
}

Result<Datum> add(const Arguments& arguments, Datum datum) {
  const std::optional<std::int64_t> value = datum.scalar() ? whole_number(trim(datum.text)) : std::nullopt;
  std::int64_t total = 0;
  if (!value || __builtin_add_overflow(*value, *whole_number(arguments[0]), &total))
    return unexpected("a whole number", datum);
  datum.kind = Datum::Kind::number;
  datum.text = std::to_string(total);
  return datum;
}

Result<Datum> encode(const Arguments&, Datum datum) {
  if (!datum.scalar()) return unexpected("text", datum);
  return text_datum(url_encode(datum.text));
}

// What it is compared with stands beside it in the item: Expression does it.
Result<Datum> near_other(const Arguments&, Datum datum) { return datum; }

std::vector<Datum> elements_of(const Datum& datum) {
  if (datum.kind == Datum::Kind::list) return datum.list;
  std::vector<Datum> elements;
  for (std::size_t i = 0; i < datum.tree.size(); ++i) elements.push_back(datum_of(datum.tree[i]));
  return elements;
}

bool has_elements(const Datum& datum) { return datum.kind == Datum::Kind::list || datum.kind == Datum::Kind::tree; }

Result<Datum> join(const Arguments& arguments, Datum datum) {
  if (!has_elements(datum)) return unexpected("a list", datum);
  std::string joined;
  for (const Datum& element : elements_of(datum)) {
    if (element.empty()) continue;
    if (!element.scalar()) return unexpected("a list of texts", datum);
    joined += concat(joined.empty() ? "" : arguments[0], element.text);
  }
  return text_datum(std::move(joined));
}

Result<Datum> sum(const Arguments&, Datum datum) {
  if (!has_elements(datum)) return unexpected("a list", datum);
  std::int64_t total = 0;
  for (const Datum& element : elements_of(datum)) {
    if (element.empty()) continue;
    const std::optional<std::int64_t> value = element.scalar() ? whole_number(element.text) : std::nullopt;
    if (!value || __builtin_add_overflow(total, *value, &total)) return unexpected("a list of whole numbers", datum);
  }
  Datum out;
  out.kind = Datum::Kind::number;
  out.text = std::to_string(total);
  return out;
}
// NOLINTEND(performance-unnecessary-value-param)

// --- what each accepts ---

bool no_check(const Arguments&) { return true; }
bool time_form(const Arguments& arguments) {
  const std::string& form = arguments[0];
  const bool known =
      form == "epoch" || form == "epoch_ms" || form == "iso" || form == "rfc822" || form.find('%') != std::string::npos;
  return known && (arguments.size() == 1 || arguments[1] == "UTC");
}
bool two_bounds(const Arguments& arguments) {
  const std::optional<double> min = real_number(arguments[0]), max = real_number(arguments[1]);
  return min && max && *min < *max;
}
bool pairs(const Arguments& arguments) {
  for (const std::string& pair : arguments) {
    if (pair.find('=') == std::string::npos || pair.front() == '=') return false;
  }
  return true;
}
bool separator(const Arguments& arguments) { return !arguments[0].empty(); }
bool separator_and_position(const Arguments& arguments) { return separator(arguments) && whole_number(arguments[1]); }

bool language_table(const Arguments& arguments) {
  return arguments[0] == "steam" || arguments[0] == "gdelt" || arguments[0] == "alpha3";
}
bool one_number(const Arguments& arguments) { return whole_number(arguments[0]).has_value(); }
bool path_and_duration(const Arguments& arguments) {
  return parse_path(arguments[0]).has_value() && parse_duration(arguments[1]).has_value();
}

struct Known {
  std::string_view name;
  std::size_t least, most;  // arguments
  bool (*accepts)(const Arguments&);
  Result<Datum> (*apply)(const Arguments&, Datum);
  std::string_view usage;
};

constexpr std::size_t kMany = 1000;
constexpr std::array<Known, 20> kPipes = {{
    {"html", 0, 0, no_check, html, "html"},
    {"unescape", 0, 0, no_check, unescape, "unescape"},
    {"markdown", 0, 0, no_check, markdown, "markdown"},
    {"bbcode", 0, 0, no_check, bbcode, "bbcode"},
    {"slack", 0, 0, no_check, slack, "slack"},
    {"lang", 1, 1, language_table, language, "lang steam, lang gdelt or lang alpha3"},
    {"add", 1, 1, one_number, add, "add NUMBER"},
    {"path", 0, 0, no_check, encode, "path"},
    {"urlencode", 0, 0, no_check, encode, "urlencode"},
    {"near", 2, 2, path_and_duration, near_other, "near PATH DURATION"},
    {"time", 1, 2, time_form, time, "time epoch, epoch_ms, iso, rfc822 or \"%Y-%m-%d ...\", in UTC"},
    {"number", 0, 0, no_check, number, "number"},
    {"string", 0, 0, no_check, string, "string"},
    {"scale", 2, 2, two_bounds, scale, "scale MIN MAX"},
    {"enum", 1, kMany, pairs, one_of, "enum {NAME=VALUE, ...}"},
    {"lower", 0, 0, no_check, lower, "lower"},
    {"last", 1, 1, separator, last, "last SEPARATOR"},
    {"split", 2, 2, separator_and_position, split_at, "split SEPARATOR POSITION"},
    {"join", 1, 1, no_check, join, "join SEPARATOR"},
    {"sum", 0, 0, no_check, sum, "sum"},
}};

const Known* known(std::string_view name) {
  for (const Known& pipe : kPipes) {
    if (pipe.name == name) return &pipe;
  }
  return nullptr;
}

}  // namespace

Result<Time> time_from_number(std::string_view digits, std::int64_t units_per_second) {
  constexpr std::int64_t kLatest = 7289654400;  // 2201-01-01
  const std::string_view text = trim(digits);
  const std::size_t point = text.find('.');
  const std::optional<std::int64_t> units = whole_number(text.substr(0, point));
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1, 6));
  const bool plain = fraction.find_first_not_of("0123456789") == std::string::npos && point != text.size() - 1;
  if (!units || *units < 0 || *units / units_per_second >= kLatest || !plain) {
    return fail(ErrorKind::bad_data, concat("expected ", units_per_second == 1 ? "seconds" : "milliseconds",
                                            " since 1970, found \"", shorten(text, 40), "\""));
  }
  fraction.resize(6, '0');
  const std::int64_t unit = 1'000'000 / units_per_second;
  return from_epoch_micros(*units * unit + *whole_number(fraction) / units_per_second);
}

Result<void> check_pipe(const Pipe& pipe) {
  if (const Known* found = known(pipe.name)) {
    const bool right_count = pipe.arguments.size() >= found->least && pipe.arguments.size() <= found->most;
    if (right_count && found->accepts(pipe.arguments)) return {};
    return fail(ErrorKind::bad_config, concat("expected ", found->usage, ", found other arguments"));
  }
  std::vector<std::string_view> names;
  names.reserve(std::size(kPipes));
  for (const Known& one : kPipes) names.push_back(one.name);
  std::string message = concat("expected a known pipe, found \"", pipe.name, "\"");
  if (const std::string_view near = nearest(pipe.name, names); !near.empty())
    message += concat("; did you mean \"", near, "\"?");
  return fail(ErrorKind::bad_config, std::move(message));
}

Result<Datum> apply_pipe(const Pipe& pipe, Datum datum) {
  const Known* found = known(pipe.name);
  if (!found) return fail(ErrorKind::bug, concat("pipe ", pipe.name, " was not checked"));
  return found->apply(pipe.arguments, std::move(datum));
}

}  // namespace vigie::definition
