#include "wall/log/items.h"

#include <set>

#include "wall/log/numbers.h"

namespace vigie::tlog {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kShownFields = 3;  // text, author, when

struct Count {
  std::string_view name;
  std::int64_t WallNumbers::*value;
};
constexpr Count kCounts[] = {
    {"received", &WallNumbers::received}, {"pending", &WallNumbers::pending}, {"published", &WallNumbers::published},
    {"refused", &WallNumbers::refused},   {"hidden", &WallNumbers::hidden},   {"withdrawn", &WallNumbers::withdrawn},
    {"erased", &WallNumbers::erased},     {"expired", &WallNumbers::expired}, {"mean_milli", &WallNumbers::mean_milli}};

void write_item(json::Writer& out, const WallItem& item) {
  out.begin_object().key("ref").integer(item.ref).key("version").integer(item.version);
  if (item.rating) out.key("rating").integer(*item.rating);
  out.key("received").integer(item.received).key("published").integer(item.published);
  out.member("status", item.masked ? "masked" : "published");
  out.key("fields").raw(to_json(item.fields)).end_object();
}

void begin(json::Writer& out, const WallItems& all) {
  out.begin_object().key("v").integer(kVersion).member("origin", all.origin).key("size").integer(all.size);
  out.key("items").begin_array();
}

std::string end(json::Writer& out, const WallNumbers& numbers) {
  return out.end_array().key("numbers").raw(numbers_json(numbers)).end_object().take();
}

Result<WallItem> read_item(const json::Value& value) {
  WallItem item;
  TRY(item.ref, value.integer("ref"));
  TRY(item.version, value.integer("version"));
  if (value.find("rating")) {
    TRY(item.rating, value.integer("rating"));
  }
  TRY(item.received, value.integer("received"));
  TRY(item.published, value.integer("published"));
  TRY(const std::string status, value.text("status"));
  if (status != "masked" && status != "published")
    return fail(ErrorKind::bad_data, "status: expected published or masked");
  item.masked = status == "masked";
  TRY(const json::Value fields, value.object("fields"));
  TRY(item.fields, read_fields(fields));
  return item;
}

// One wall against one account.
class Comparison {
 public:
  Comparison(const ReadItems& items, const Account& account) : items_(items), account_(account) {}

  std::vector<ItemFault> run() {
    for (const auto& [position, what] : items_.bad) faults_.push_back({position + 1, -1, what});
    std::set<std::size_t> unread;
    for (const auto& [position, what] : items_.bad) unread.insert(position);
    for (std::size_t i = 0; i < items_.all.items.size(); ++i) {
      if (!unread.contains(i)) check(i + 1, items_.all.items[i]);
    }
    for (const LoggedReview& review : account_.reviews()) {
      if (review.shown() && !seen_.contains(review.leaf)) {
        faults_.push_back({0, review.leaf, "is published, and the wall does not show it"});
      }
    }
    check_numbers();
    return std::move(faults_);
  }

 private:
  void fault(std::size_t item, const WallItem& shown, std::string what) {
    faults_.push_back({item, shown.ref, std::move(what)});
  }

  void check(std::size_t number, const WallItem& item) {
    if (!seen_.insert(item.ref).second) fault(number, item, "is shown twice");
    const LoggedReview* review = account_.review(item.ref);
    if (!review) return fault(number, item, "is no review of the log");
    const ReviewVersion* version = review->shown();
    if (!version) return fault(number, item, concat("is shown, and the log says it is ", to_text(review->outcome())));
    if (version->leaf != item.version) {
      return fault(number, item,
                   concat("shows the wording of leaf ", std::to_string(item.version), ", the published one is leaf ",
                          std::to_string(version->leaf)));
    }
    if (item.rating != version->rating) {
      fault(number, item,
            concat("shows the rating ", rating_text(item.rating), ", the log says ", rating_text(version->rating)));
    }
    if (bytes_of(commitment(item.fields)) != version->commitment) {
      fault(number, item, "its fields are not what was received: the commitment does not open");
    }
    check_open(number, item);
    if (item.received != review->time) fault(number, item, date_fault("received", item.received, review->time));
    if (item.published != version->decided)
      fault(number, item, date_fault("published", item.published, version->decided));
    if (item.masked != version->masked)
      fault(number, item,
            item.masked ? "is masked, the log says nothing of it" : "is shown whole, the log says it is masked");
  }

  // Leaving a text closed would hide it without an act in the log. Place, order and media may be private.
  void check_open(std::size_t number, const WallItem& item) {
    for (std::size_t field = 0; field < kShownFields && !item.masked; ++field) {
      if (item.fields[field].digest) {
        fault(number, item, concat("does not show its ", kFields[field], ", and the log says nothing of a masking"));
      }
    }
  }

  static std::string date_fault(std::string_view what, std::int64_t shown, std::int64_t logged) {
    return concat("is shown as ", what, " ", format_rfc3339(from_epoch(shown)), ", the log says ",
                  format_rfc3339(from_epoch(logged)));
  }

  void check_numbers() {
    const WallNumbers counted = account_.numbers();
    const WallNumbers& shown = items_.all.numbers;
    for (const Count& count : kCounts) {
      if (shown.*count.value == counted.*count.value) continue;
      faults_.push_back({0, -1,
                         concat("the wall says ", count.name, " ", std::to_string(shown.*count.value),
                                ", the log gives ", std::to_string(counted.*count.value))});
    }
    if (shown.histogram != counted.histogram) faults_.push_back({0, -1, "the wall's histogram is not that of the log"});
    if (shown.median_delay != counted.median_delay)
      faults_.push_back({0, -1, "the wall's delays by rating are not those of the log"});
    if (shown.refused_by != counted.refused_by)
      faults_.push_back({0, -1, "the wall's refusals by reason and rating are not those of the log"});
    if (shown.erased_by != counted.erased_by)
      faults_.push_back({0, -1, "the wall's erasures by proof and rating are not those of the log"});
    if (shown.hidden_by != counted.hidden_by)
      faults_.push_back({0, -1, "what the wall took off display, by reason and rating, is not what the log says"});
    if (shown.masked_by != counted.masked_by || shown.changed_by != counted.changed_by)
      faults_.push_back({0, -1, "what the wall shows masked or changed, by rating, is not what the log says"});
  }

  const ReadItems& items_;
  const Account& account_;
  std::set<std::int64_t> seen_;
  std::vector<ItemFault> faults_;
};

}  // namespace

std::string to_json(const WallItem& item) {
  json::Writer out;
  write_item(out, item);
  return out.take();
}

std::string to_json(const WallItems& items) {
  json::Writer out;
  begin(out, items);
  for (const WallItem& item : items.items) write_item(out, item);
  return end(out, items.numbers);
}

std::string to_json(const WallItems& head, const std::map<std::int64_t, std::string>& items) {
  json::Writer out;
  begin(out, head);
  for (const auto& [leaf, item] : items) out.raw(item);
  return end(out, head.numbers);
}

Result<ReadItems> read_items(std::string_view bytes) {
  TRY(const json::Document document, json::parse(bytes));
  const json::Value root = document.root();
  ReadItems read;
  TRY(const std::int64_t version, root.integer("v"));
  if (version != kVersion) return fail(ErrorKind::bad_data, "v: expected 1");
  TRY(read.all.origin, root.text("origin"));
  TRY(read.all.size, root.integer("size"));
  TRY(const json::Value list, root.array("items"));
  for (std::size_t i = 0; i < list.size(); ++i) {
    Result<WallItem> item = read_item(list[i]);
    if (!item) read.bad.emplace_back(i, item.error().what);
    read.all.items.push_back(item ? *std::move(item) : WallItem{});
  }
  TRY(const json::Value numbers, root.object("numbers"));
  TRY(read.all.numbers, read_numbers(numbers));
  return read;
}

std::vector<ItemFault> check_items(const ReadItems& items, const Account& account) {
  return Comparison(items, account).run();
}

}  // namespace vigie::tlog
