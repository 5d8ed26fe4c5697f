#include "wall/evidence.h"

#include <algorithm>

#include "base/json.h"
#include "base/sealed_box.h"
#include "base/secret.h"
#include "store/moderation.h"

namespace vigie {
namespace {

constexpr std::string_view kKey = "evidence|key";
constexpr std::string_view kIllicit[] = {"ILLEGAL", "DEFAMATION", "HATE-ABUSE", "FAKE", "COURT"};

std::string dossier(const Review& review, const ReviewVersion& version, const ReviewAct& act, Time now) {
  json::Writer out;
  out.begin_object().member("brand", review.brand).key("number").integer(review.leaf);
  out.key("version").integer(version.leaf).member("act", act.act).member("code", act.code).member("words", act.words);
  out.member("by", act.by).member("who", act.who).member("at", format_rfc3339(now));
  out.member("received", format_rfc3339(review.received)).member("scale", review.scale);
  if (version.rating) out.key("rating").integer(*version.rating);
  out.member_if("contact", review.contact).member_if("survey", review.survey).member("origin", review.origin);
  out.key("fields").begin_object();
  for (std::size_t i = 0; i < kReviewFields; ++i) {
    out.key(kReviewFieldNames[i]).begin_object().member("value", version.values[i]);
    out.member("key", to_base64url(version.keys[i])).end_object();
  }
  return out.end_object().end_object().take();
}

}  // namespace

bool is_illicit(std::string_view code) {
  return std::find(std::begin(kIllicit), std::end(kIllicit), code) != std::end(kIllicit);
}

bool needs_evidence(const ReviewAct& act) {
  return is_illicit(act.code) && (act.act == "refuse" || act.act == "hide");
}

Result<std::string> evidence_key(Store& store) {
  TRY(const std::string text, store.get_setting(std::string(kKey)));
  if (text.empty()) return std::string();
  return from_base64(text);
}

Result<void> set_evidence_key(Store& store, const std::string& close_with) {
  return store.set_setting(std::string(kKey), to_base64url(close_with));
}

Result<bool> keep_evidence(Store& store, const Review& review, const ReviewAct& act, Time now) {
  if (!needs_evidence(act)) return true;
  TRY(const std::string key, evidence_key(store));
  if (key.empty()) return false;
  const auto version = std::find_if(review.versions.begin(), review.versions.end(),
                                    [&](const ReviewVersion& one) { return one.leaf == act.version; });
  if (version == review.versions.end())
    return fail(ErrorKind::gone, concat("there is no version ", std::to_string(act.version)));
  SealedEvidence evidence;
  evidence.brand = review.brand;
  evidence.review = review.id;
  evidence.ref = review.leaf;
  evidence.version = act.version;
  evidence.code = act.code;
  evidence.at = now;
  evidence.until = now + kEvidenceFor;
  TRY(evidence.box, seal_box(dossier(review, *version, act, now), key));
  TRY(store.moderation().add_evidence(evidence));
  return true;
}

}  // namespace vigie
