#include "pipeline/query_field.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "pipeline/query_term.h"

namespace vigie {
namespace {

using Kind = Field::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 5> kNames = {{
    {"lang", Kind::lang},
    {"source", Kind::source},
    {"author", Kind::author},
    {"rating", Kind::rating},
    {"site", Kind::site},
}};

constexpr int kFewestStars = 1, kMostStars = 5;
constexpr std::string_view kRatingForms =
    "expected stars from 1 to 5, as in rating:2, rating:<=2, rating:>3 or rating:2..4";

tl::unexpected<Error> mistake(std::string what) { return fail(ErrorKind::bad_config, std::move(what)); }

Result<Kind> kind_of(std::string_view name) {
  const std::string lower = ascii_lower(name);
  std::vector<std::string_view> known;
  for (const auto& [known_name, kind] : kNames) {
    if (known_name == lower) return kind;
    known.push_back(known_name);
  }
  const std::string_view meant = nearest(lower, known);
  const std::string hint = meant.empty() ? "" : concat("; did you mean ", meant, ":?");
  return mistake(concat("expected lang:, source:, author:, rating: or site:, found \"", name, ":\"", hint,
                        " (to look for these words as text, put them in quotation marks)"));
}

Result<int> stars(std::string_view written) {
  int value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  const bool whole = error == std::errc() && end == written.data() + written.size();
  if (!whole || value < kFewestStars || value > kMostStars) return mistake(std::string(kRatingForms));
  return value;
}

Result<void> read_rating(std::string_view value, Field& field) {
  if (const std::size_t dots = value.find(".."); dots != std::string_view::npos) {
    TRY(field.low, stars(value.substr(0, dots)));
    TRY(field.high, stars(value.substr(dots + 2)));
  } else if (value.starts_with('<') || value.starts_with('>')) {
    const bool or_equal = value.substr(1).starts_with('=');
    TRY(const int bound, stars(value.substr(or_equal ? 2 : 1)));
    if (value.front() == '<') field.high = or_equal ? bound : bound - 1;
    if (value.front() == '>') field.low = or_equal ? bound : bound + 1;
  } else {
    TRY(field.low, stars(value));
    field.high = field.low;
  }
  if (field.low > field.high) return mistake(concat("no rating fits; ", kRatingForms));
  return {};
}

bool is_lang(std::string_view value) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  return value == "other" ||
         ((value.size() == 2 || value.size() == 3) && std::all_of(value.begin(), value.end(), small));
}

bool is_host(std::string_view value) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  return std::all_of(value.begin(), value.end(), fine) && value.find('.') != std::string_view::npos &&
         !value.starts_with('.') && !value.ends_with('.');
}

// A handle is found with and without its @.
std::string_view bare_handle(std::string_view handle) { return handle.starts_with('@') ? handle.substr(1) : handle; }

Result<std::string> read_value(Kind kind, std::string_view value) {
  std::string folded = ascii_lower(value);
  switch (kind) {
    case Kind::lang:
      if (!is_lang(folded)) return mistake(concat("expected a language such as fr or en, found \"", value, "\""));
      return folded;
    case Kind::site:
      if (!is_host(folded)) return mistake(concat("expected a host name such as example.org, found \"", value, "\""));
      return folded;
    case Kind::author: folded = fold_blind(bare_handle(value)); break;
    case Kind::source: folded = value; break;
    case Kind::rating: break;
  }
  if (folded.find_first_not_of("* ") == std::string::npos)
    return mistake("expected a letter or a digit behind the colon");
  return folded;
}

// The host of a link: between // or the last @ and the port.
std::string host_of(std::string_view url) {
  std::string_view host = split_url(url).authority.value_or("");
  host = host.substr(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
  host =
      host.substr(0, host.rfind(':') == std::string_view::npos || host.ends_with(']') ? host.size() : host.rfind(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  return ascii_lower(host);
}

bool on_site(std::string_view host, std::string_view site) {
  if (!host.ends_with(site)) return false;
  return host.size() == site.size() || host[host.size() - site.size() - 1] == '.';
}

bool by_author(const Author& author, std::string_view value) {
  return fits(value, fold_blind(bare_handle(author.handle))) || fits(value, fold_blind(author.name)) ||
         fits(value, fold_blind(author.id));
}

std::optional<int> stars_of(const Mention& mention) {
  if (!mention.rating || !(mention.rating->max > mention.rating->min)) return std::nullopt;
  const double fraction = mention.rating->fraction();
  if (!std::isfinite(fraction)) return std::nullopt;
  return static_cast<int>(std::floor(1 + 4 * std::clamp(fraction, 0.0, 1.0) + 0.5));
}

}  // namespace

Result<Field> read_field(std::string_view name, std::string_view value, bool quoted) {
  Field field;
  TRY(field.kind, kind_of(name));
  if (value.empty()) return mistake(concat("expected a value right behind ", ascii_lower(name), ":"));
  if (field.kind == Kind::rating) {
    TRY(read_rating(value, field));
    return field;
  }
  const auto parts = quoted ? std::vector<std::string_view>{value} : split(value, ',');
  for (const std::string_view part : parts) {
    TRY(std::string one, read_value(field.kind, part));
    field.values.push_back(std::move(one));
  }
  return field;
}

bool Field::holds(const QueryText& text) const {
  const Mention& mention = text.mention();
  const auto any = [&](const auto& test) { return std::any_of(values.begin(), values.end(), test); };
  switch (kind) {
    case Kind::lang: return any([&](const std::string& value) { return value == text.lang(); });
    case Kind::source: return any([&](const std::string& value) { return fits(value, mention.source); });
    case Kind::author: return any([&](const std::string& value) { return by_author(mention.author, value); });
    case Kind::site: {
      const std::string host = host_of(mention.url);
      return any([&](const std::string& value) { return on_site(host, value); });
    }
    case Kind::rating: {
      const std::optional<int> given = stars_of(mention);
      return given && *given >= low && *given <= high;
    }
  }
  return false;
}

std::string Field::found(const QueryText& text) const {
  const Mention& mention = text.mention();
  const auto is = [](std::string_view value, std::string_view nothing) {
    return value.empty() ? std::string(nothing) : concat("it is ", value);
  };
  switch (kind) {
    case Kind::lang: return is(text.lang(), "its language is unknown");
    case Kind::source: return is(mention.source, "it has no source");
    case Kind::author:
      return is(mention.author.handle.empty() ? mention.author.name : mention.author.handle, "it names no author");
    case Kind::site: return is(host_of(mention.url), "it has no link");
    case Kind::rating: {
      const std::optional<int> given = stars_of(mention);
      return given ? concat("it has ", std::to_string(*given)) : "it has no rating";
    }
  }
  return "";
}

}  // namespace vigie
