#include "wall/elsewhere.h"

#include <algorithm>

#include "base/graphemes.h"
#include "base/secret.h"
#include "wall/replies.h"

namespace vigie {
namespace {

constexpr std::size_t kMostName = 60;
constexpr std::int64_t kMostMean = 10'000;  // 10.000

std::string setting_of(const std::string& brand) { return concat("elsewhere|", brand); }

Result<void> check(const Reading& reading) {
  const std::string& source = reading.source;
  if (source.empty() || count_code_points(source) > kMostName || displayable(source) != source ||
      source.find_first_of("\n\t") != std::string::npos)
    return fail(ErrorKind::bad_data,
                concat("source: expected a name of one line, at most ", std::to_string(kMostName), " characters"));
  if (!reading.url.empty() && !is_public_link(reading.url))
    return fail(ErrorKind::bad_data, concat("url: expected an https address, found ", reading.url));
  if (reading.count < 0) return fail(ErrorKind::bad_data, "count: expected 0 or more");
  if (reading.mean_milli < 0 || reading.mean_milli > kMostMean)
    return fail(ErrorKind::bad_data, "mean: expected 0 to 10");
  return {};
}

std::string to_json(const std::vector<Reading>& readings) {
  json::Writer out;
  out.begin_array();
  for (const Reading& one : readings) {
    out.begin_object().member("source", one.source).member("url", one.url).key("count").integer(one.count);
    out.key("mean_milli").integer(one.mean_milli).key("at").integer(to_epoch(one.at)).end_object();
  }
  return out.end_array().take();
}

}  // namespace

Result<std::vector<Reading>> readings_of(Store& store, const std::string& brand) {
  TRY(const std::string text, store.get_setting(setting_of(brand)));
  std::vector<Reading> readings;
  if (text.empty()) return readings;
  TRY(const json::Document document, json::parse(text));
  for (std::size_t i = 0; i < document.root().size(); ++i) {
    const json::Value one = document.root()[i];
    Reading& reading = readings.emplace_back();
    TRY(reading.source, one.text("source"));
    TRY(reading.url, one.text("url"));
    TRY(reading.count, one.integer("count"));
    TRY(reading.mean_milli, one.integer("mean_milli"));
    TRY(const std::int64_t at, one.integer("at"));
    reading.at = from_epoch(at);
  }
  return readings;
}

Result<std::int64_t> note_reading(Book& book, Store& store, const std::string& brand, const Reading& reading,
                                  std::string_view answer) {
  TRY(check(reading));
  TRY(std::vector<Reading> readings, readings_of(store, brand));
  std::erase_if(readings, [&](const Reading& one) { return one.source == reading.source; });
  readings.push_back(reading);
  std::sort(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) { return a.source < b.source; });
  TRY(book.policy(brand));
  const tlog::ExternalLeaf leaf{reading.source, reading.count, reading.mean_milli, to_epoch(reading.at),
                                sha256(answer)};
  TRY(const std::vector<AppendedLeaf> appended, store.append_leaves(brand, {book.entry(brand, leaf)}));
  TRY(store.set_setting(setting_of(brand), to_json(readings)));
  return appended.front().index;
}

Result<void> write_elsewhere(json::Writer& out, const WallView& view, Store& store) {
  TRY(const std::vector<Reading> readings, readings_of(store, view.brand.id));
  if (readings.empty()) return {};
  const Wording& w = view.wording;
  out.key("elsewhere").begin_object().key("list").begin_array();
  for (const Reading& one : readings) {
    out.begin_object().member("source", one.source).member_if("href", one.url);
    const double mean = static_cast<double>(one.mean_milli) / 1000;
    out.member("counted", w.count("elsewhere_count", one.count, {{"mean", w.decimal(mean, 1)}}));
    out.member("at", w.say("elsewhere_at", {{"date", w.date(one.at)}})).end_object();
  }
  out.end_array().end_object();
  return {};
}

}  // namespace vigie
