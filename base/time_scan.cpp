#include "base/time_scan.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace vigie::time_scan {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Words are compared folded and without accents. ASCII up to this size is folded in place: no allocation per date.
constexpr std::size_t kLongestName = 32;

struct Folded {
  char bytes[kLongestName];
  std::size_t size = 0;
  std::string_view view() const { return {bytes, size}; }
};

Folded folded(std::string_view word) {
  Folded out;
  const bool ascii = std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string slow;
  if (!ascii) word = slow = fold_blind(word);
  if (word.size() > kLongestName) return out;
  for (const char c : word) out.bytes[out.size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

struct Name {
  std::string_view name;
  int value;
};

template <std::size_t N>
constexpr std::array<Name, N> sorted(std::array<Name, N> names) {
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.name < b.name; });
  return names;
}

template <std::size_t N>
std::optional<int> lookup(const std::array<Name, N>& names, std::string_view word) {
  const auto found =
      std::lower_bound(names.begin(), names.end(), word, [](const Name& n, std::string_view w) { return n.name < w; });
  if (found == names.end() || found->name != word) return std::nullopt;
  return found->value;
}

// Folded, without accents. English, French, German, Spanish, Italian, Portuguese, Dutch, Hungarian, Greek.
constexpr auto kMonths = sorted(std::to_array<Name>({
    {"jan", 1},         {"january", 1},    {"janv", 1},       {"janvier", 1},   {"januar", 1},      {"janner", 1},
    {"ene", 1},         {"enero", 1},      {"gen", 1},        {"gennaio", 1},   {"janeiro", 1},     {"januari", 1},
    {"feb", 2},         {"february", 2},   {"fev", 2},        {"fevr", 2},      {"fevrier", 2},     {"februar", 2},
    {"feber", 2},       {"febrero", 2},    {"febbraio", 2},   {"fevereiro", 2}, {"februari", 2},    {"febr", 2},
    {"mar", 3},         {"march", 3},      {"mars", 3},       {"marz", 3},      {"mrz", 3},         {"maerz", 3},
    {"marzo", 3},       {"marco", 3},      {"mrt", 3},        {"maart", 3},     {"marc", 3},        {"marcius", 3},
    {"apr", 4},         {"april", 4},      {"avr", 4},        {"avril", 4},     {"abr", 4},         {"abril", 4},
    {"aprile", 4},      {"aprilis", 4},    {"may", 5},        {"mai", 5},       {"mayo", 5},        {"mag", 5},
    {"maggio", 5},      {"maio", 5},       {"mei", 5},        {"maj", 5},       {"majus", 5},       {"jun", 6},
    {"june", 6},        {"juin", 6},       {"juni", 6},       {"junio", 6},     {"giu", 6},         {"giugno", 6},
    {"junho", 6},       {"junius", 6},     {"jul", 7},        {"july", 7},      {"juil", 7},        {"juillet", 7},
    {"juli", 7},        {"julio", 7},      {"lug", 7},        {"luglio", 7},    {"julho", 7},       {"julius", 7},
    {"aug", 8},         {"august", 8},     {"aou", 8},        {"aout", 8},      {"ago", 8},         {"agosto", 8},
    {"augustus", 8},    {"augusztus", 8},  {"sep", 9},        {"sept", 9},      {"september", 9},   {"septembre", 9},
    {"septiembre", 9},  {"setiembre", 9},  {"set", 9},        {"settembre", 9}, {"setembro", 9},    {"szept", 9},
    {"szeptember", 9},  {"oct", 10},       {"october", 10},   {"octobre", 10},  {"okt", 10},        {"oktober", 10},
    {"octubre", 10},    {"ott", 10},       {"ottobre", 10},   {"out", 10},      {"outubro", 10},    {"nov", 11},
    {"november", 11},   {"novembre", 11},  {"noviembre", 11}, {"novembro", 11}, {"dec", 12},        {"december", 12},
    {"decembre", 12},   {"dez", 12},       {"dezember", 12},  {"dic", 12},      {"diciembre", 12},  {"dicembre", 12},
    {"dezembro", 12},   {"ιαν", 1},        {"ιανουαριου", 1}, {"φεβ", 2},       {"φεβρουαριου", 2}, {"μαρ", 3},
    {"μαρτ", 3},        {"μαρτιου", 3},    {"απρ", 4},        {"απριλιου", 4},  {"μαι", 5},         {"μαη", 5},
    {"μαιου", 5},       {"ιουν", 6},       {"ιον", 6},        {"ιουνιου", 6},   {"ιουλ", 7},        {"ιολ", 7},
    {"ιουλιου", 7},     {"αυγ", 8},        {"αυγουστου", 8},  {"σεπ", 9},       {"σεπτ", 9},        {"σεπτεμβριου", 9},
    {"οκτ", 10},        {"οκτωβριου", 10}, {"νοε", 11},       {"νοεμ", 11},     {"νοεμβριου", 11},  {"δεκ", 12},
    {"δεκεμβριου", 12},
}));

constexpr auto kWeekdays = sorted(std::to_array<Name>({
    {"mon", 1},       {"monday", 1},    {"lun", 1},       {"lundi", 1},    {"mo", 1},         {"montag", 1},
    {"lunes", 1},     {"lunedi", 1},    {"seg", 1},       {"segunda", 1},  {"ma", 1},         {"maandag", 1},
    {"δευ", 1},       {"het", 1},       {"hetfo", 1},     {"tue", 2},      {"tues", 2},       {"tuesday", 2},
    {"mar", 2},       {"mardi", 2},     {"di", 2},        {"dienstag", 2}, {"martes", 2},     {"martedi", 2},
    {"ter", 2},       {"terca", 2},     {"dinsdag", 2},   {"τρι", 2},      {"kedd", 2},       {"wed", 3},
    {"wednesday", 3}, {"mer", 3},       {"mercredi", 3},  {"mi", 3},       {"mittwoch", 3},   {"mie", 3},
    {"miercoles", 3}, {"mercoledi", 3}, {"qua", 3},       {"quarta", 3},   {"wo", 3},         {"woensdag", 3},
    {"τετ", 3},       {"sze", 3},       {"szerda", 3},    {"thu", 4},      {"thur", 4},       {"thurs", 4},
    {"thursday", 4},  {"jeu", 4},       {"jeudi", 4},     {"do", 4},       {"donnerstag", 4}, {"jue", 4},
    {"jueves", 4},    {"gio", 4},       {"giovedi", 4},   {"qui", 4},      {"quinta", 4},     {"donderdag", 4},
    {"πεμ", 4},       {"csut", 4},      {"csutortok", 4}, {"fri", 5},      {"friday", 5},     {"ven", 5},
    {"vendredi", 5},  {"fr", 5},        {"freitag", 5},   {"vie", 5},      {"viernes", 5},    {"venerdi", 5},
    {"sex", 5},       {"sexta", 5},     {"vr", 5},        {"vrijdag", 5},  {"παρ", 5},        {"pen", 5},
    {"pentek", 5},    {"sat", 6},       {"saturday", 6},  {"sam", 6},      {"samedi", 6},     {"sa", 6},
    {"samstag", 6},   {"sab", 6},       {"sabado", 6},    {"sabato", 6},   {"za", 6},         {"zaterdag", 6},
    {"σαβ", 6},       {"szo", 6},       {"szombat", 6},   {"sun", 7},      {"sunday", 7},     {"dim", 7},
    {"dimanche", 7},  {"so", 7},        {"sonntag", 7},   {"dom", 7},      {"domingo", 7},    {"domenica", 7},
    {"zo", 7},        {"zondag", 7},    {"κυρ", 7},       {"vas", 7},      {"vasarnap", 7},
}));

// Minutes east of UTC. Where one abbreviation names several zones, the one most written in feeds: IST is India's.
constexpr auto kZones = sorted(std::to_array<Name>({
    {"z", 0},      {"ut", 0},     {"utc", 0},    {"gmt", 0},    {"wet", 0},     {"west", 60},   {"bst", 60},
    {"cet", 60},   {"cest", 120}, {"mez", 60},   {"mesz", 120}, {"met", 60},    {"mest", 120},  {"eet", 120},
    {"eest", 180}, {"msk", 180},  {"msd", 240},  {"ast", -240}, {"adt", -180},  {"at", -240},   {"est", -300},
    {"edt", -240}, {"et", -300},  {"cst", -360}, {"cdt", -300}, {"ct", -360},   {"mst", -420},  {"mdt", -360},
    {"mt", -420},  {"pst", -480}, {"pdt", -420}, {"pt", -480},  {"akst", -540}, {"akdt", -480}, {"hst", -600},
    {"nst", -210}, {"ndt", -150}, {"brt", -180}, {"art", -180}, {"sast", 120},  {"ist", 330},   {"pkt", 300},
    {"ict", 420},  {"sgt", 480},  {"hkt", 480},  {"jst", 540},  {"kst", 540},   {"aest", 600},  {"aedt", 660},
    {"acst", 570}, {"acdt", 630}, {"awst", 480}, {"nzst", 720}, {"nzdt", 780},
}));

}  // namespace

bool Scanner::take(char c) {
  if (peek() != c || done()) return false;
  skip();
  return true;
}

bool Scanner::take(std::string_view word) {
  if (!rest_.starts_with(word)) return false;
  skip(word.size());
  return true;
}

bool Scanner::skip_any(std::string_view characters) {
  const std::size_t end = std::min(rest_.find_first_not_of(characters), rest_.size());
  skip(end);
  return end > 0;
}

std::size_t Scanner::digits_ahead() const {
  std::size_t count = 0;
  while (count < rest_.size() && is_digit(rest_[count])) ++count;
  return count;
}

std::optional<int> Scanner::number(std::size_t min, std::size_t max) {
  const std::size_t count = digits_ahead();
  if (count < min || count > max) return std::nullopt;
  return fixed(count);
}

std::optional<int> Scanner::fixed(std::size_t count) {
  constexpr std::size_t kFitsInt = 9;
  if (digits_ahead() < count || count > kFitsInt) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + (rest_[i] - '0');
  skip(count);
  return value;
}

std::optional<int> Scanner::fraction() {
  const std::size_t count = digits_ahead();
  if (count == 0) return std::nullopt;
  constexpr std::size_t kMicroDigits = 6;
  int value = 0;
  for (std::size_t i = 0; i < kMicroDigits; ++i) value = value * 10 + (i < count ? rest_[i] - '0' : 0);
  skip(count);
  return value;
}

std::string_view Scanner::word() {
  std::size_t end = 0;
  while (end < rest_.size() && is_letter(rest_[end])) ++end;
  const std::string_view found = rest_.substr(0, end);
  skip(end);
  return found;
}

std::optional<Time> to_time(const Parts& p) {
  const std::chrono::year_month_day date{std::chrono::year(p.year), std::chrono::month(static_cast<unsigned>(p.month)),
                                         std::chrono::day(static_cast<unsigned>(p.day))};
  const bool midnight_after = p.hour == 24 && p.minute == 0 && p.second == 0 && p.micro == 0;
  const bool clock_ok =
      (p.hour >= 0 && p.hour < 24 && p.minute >= 0 && p.minute < 60 && p.second >= 0 && p.second <= 60);
  const bool day_ok = p.month >= 1 && p.day >= 1 && date.ok();
  if (!day_ok || !(clock_ok || midnight_after)) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + hours(p.hour) + minutes(p.minute - p.offset.value_or(0)) +
         seconds(p.second) + Duration(p.micro);
}

std::optional<int> read_offset(Scanner& in) {
  const Scanner before = in;
  const bool west = in.peek() == '-' || in.rest().starts_with("\u2212");
  if (!in.take('+') && !in.take('-') && !in.take(std::string_view("\u2212"))) return std::nullopt;
  const std::size_t digits = in.digits_ahead();
  const std::optional<int> hour = in.fixed(digits == 1 || digits == 3 ? 1 : 2);
  if (hour) in.take(':');
  const std::optional<int> minute =
      hour && in.digits_ahead() > 0 ? in.fixed(std::min<std::size_t>(in.digits_ahead(), 2)) : 0;
  constexpr int kFarthest = 24 * 60;
  const int total = hour.value_or(99) * 60 + minute.value_or(0);
  if (!hour || !minute || *minute > 59 || total > kFarthest) {
    in = before;
    return std::nullopt;
  }
  return west ? -total : total;
}

int month_named(std::string_view word) { return lookup(kMonths, folded(word).view()).value_or(0); }
bool is_weekday_name(std::string_view word) { return lookup(kWeekdays, folded(word).view()).has_value(); }
std::optional<int> zone_named(std::string_view word) { return lookup(kZones, folded(word).view()); }

}  // namespace vigie::time_scan
