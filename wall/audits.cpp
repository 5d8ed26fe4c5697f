#include "wall/audits.h"

#include <algorithm>

#include "base/graphemes.h"
#include "base/secret.h"

namespace vigie {
namespace {

constexpr std::size_t kMostName = 60;

std::string setting_of(const std::string& brand) { return concat("audits|", brand); }

Result<void> save(Store& store, const std::string& brand, const std::vector<WallAudit>& audits) {
  json::Writer out;
  out.begin_array();
  for (const WallAudit& one : audits) {
    out.begin_object().key("entry").integer(one.entry).member("by", one.by).key("reviews").integer(one.reviews);
    out.member("status", one.status).key("at").integer(to_epoch(one.at)).end_object();
  }
  return store.set_setting(setting_of(brand), out.end_array().take());
}

Result<std::int64_t> append(Book& book, Store& store, const std::string& brand, const tlog::AuditLeaf& leaf) {
  TRY(book.policy(brand));
  TRY(const std::vector<AppendedLeaf> appended, store.append_leaves(brand, {book.entry(brand, leaf)}));
  return appended.front().index;
}

}  // namespace

Result<std::vector<WallAudit>> audits_of(Store& store, const std::string& brand) {
  TRY(const std::string text, store.get_setting(setting_of(brand)));
  std::vector<WallAudit> audits;
  if (text.empty()) return audits;
  TRY(const json::Document document, json::parse(text));
  for (std::size_t i = 0; i < document.root().size(); ++i) {
    const json::Value one = document.root()[i];
    WallAudit& audit = audits.emplace_back();
    TRY(audit.entry, one.integer("entry"));
    TRY(audit.by, one.text("by"));
    TRY(audit.reviews, one.integer("reviews"));
    TRY(audit.status, one.text("status"));
    TRY(const std::int64_t at, one.integer("at"));
    audit.at = from_epoch(at);
  }
  return audits;
}

Result<std::int64_t> ask_for_audit(Book& book, Store& store, const std::string& brand, const std::string& by,
                                   std::int64_t reviews, Time now) {
  if (by.empty() || count_code_points(by) > kMostName || displayable(by) != by ||
      by.find_first_of("\n\t") != std::string::npos)
    return fail(ErrorKind::bad_data,
                concat("by: expected a name of one line, at most ", std::to_string(kMostName), " characters"));
  if (reviews < 1 || reviews > kMostAudited)
    return fail(ErrorKind::bad_data, concat("count: expected 1 to ", std::to_string(kMostAudited)));
  TRY(std::vector<WallAudit> audits, audits_of(store, brand));
  TRY(const std::int64_t entry, append(book, store, brand, {by, "asked", reviews}));
  audits.push_back({entry, by, reviews, "asked", now});
  TRY(save(store, brand, audits));
  return entry;
}

Result<std::int64_t> note_audit_result(Book& book, Store& store, const std::string& brand, std::int64_t entry,
                                       bool passed, std::string_view report, Time now) {
  TRY(std::vector<WallAudit> audits, audits_of(store, brand));
  const auto audit =
      std::find_if(audits.begin(), audits.end(), [&](const WallAudit& one) { return one.entry == entry; });
  if (audit == audits.end())
    return fail(ErrorKind::gone, concat("entry ", std::to_string(entry), " asks for no audit of ", brand));
  if (audit->status != "asked")
    return fail(ErrorKind::bad_data,
                concat("the audit of entry ", std::to_string(entry), " has its result already: ", audit->status));
  audit->status = passed ? "passed" : "failed";
  audit->at = now;
  TRY(const std::int64_t answer,
      append(book, store, brand, {audit->by, audit->status, audit->reviews, entry, sha256(report)}));
  TRY(save(store, brand, audits));
  return answer;
}

Result<void> write_audits(json::Writer& out, const WallView& view, const Wording& words, Store& store) {
  TRY(const std::vector<WallAudit> audits, audits_of(store, view.brand.id));
  out.key("has_audits").boolean(!audits.empty()).key("audits").begin_array();
  for (auto audit = audits.rbegin(); audit != audits.rend(); ++audit) {
    out.begin_object().member("what", words.count("audit_of", audit->reviews, {{"by", audit->by}}));
    out.member("status", words.say(concat("audit_", audit->status), {{"date", view.wording.date(audit->at)}}));
    out.member("entry", view.wording.say("entry", {{"number", view.wording.number(audit->entry)}})).end_object();
  }
  out.end_array();
  return {};
}

}  // namespace vigie
