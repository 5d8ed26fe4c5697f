#include "app/cmd_review.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "app/backends.h"
#include "app/evidence_key.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/review_desk.h"
#include "base/sealed_box.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/moderation.h"
#include "wall/evidence.h"

namespace vigie {
namespace {

constexpr std::size_t kShown = 80;

std::string one_line(std::string_view text) { return shorten(squeeze_spaces(text), kShown); }

std::string marks_in(const std::vector<std::string>& marks) {
  std::string text;
  for (const std::string& mark : marks) text += concat(text.empty() ? "  [" : " ", mark);
  return text.empty() ? "" : text + "]";
}

Result<void> list(const ReviewRequest& request, Store& store, std::ostream& out) {
  ReviewFilter filter;
  filter.brand = request.order.brand;
  filter.undecided = !request.all;
  filter.oldest_first = !request.all;
  filter.limit = 10'000;
  TRY(std::vector<Review> found, store.reviews().reviews(filter));
  const auto deadline = [](const Review& review) { return review.newest().deadline; };
  if (!request.all) {
    std::stable_sort(found.begin(), found.end(),
                     [&](const Review& a, const Review& b) { return deadline(a) < deadline(b); });
  }
  if (found.size() > static_cast<std::size_t>(request.limit)) found.resize(static_cast<std::size_t>(request.limit));
  for (const Review& review : found) {
    const ReviewVersion& newest = review.newest();
    out << review.brand << " " << review.leaf << "  " << to_text(newest.state);
    if (newest.state == ReviewState::waiting) out << " until " << format_rfc3339(newest.deadline);
    out << marks_in(review.marks) << "  " << one_line(newest.values[kText]) << "\n";
  }
  if (found.empty()) out << (request.all ? "no reviews\n" : "nothing waits\n");
  return {};
}

Result<Review> named(const ReviewOrder& order, Store& store) {
  TRY(std::optional<Review> found, store.reviews().review_at(order.brand, order.number));
  if (!found)
    return fail(ErrorKind::bad_data,
                concat("the wall of ", order.brand, " has no review ", std::to_string(order.number)));
  return *std::move(found);
}

Result<void> show(const ReviewRequest& request, Store& store, std::ostream& out) {
  TRY(const Review review, named(request.order, store));
  out << "review      " << review.brand << " " << review.leaf << ", " << to_text(review.state) << "\nreceived    "
      << format_rfc3339(review.received) << " by " << review.channel << (review.survey.empty() ? "" : ", survey ")
      << review.survey << "\nverified    " << review.verified << "\nincentive   " << review.incentive << "\n";
  for (const std::string& mark : review.marks) out << "mark        " << mark << "\n";
  for (const ReviewVersion& version : review.versions) {
    out << "\nversion     " << version.leaf << ", " << to_text(version.state)
        << (version.code.empty() ? "" : concat(" ", version.code)) << ", " << format_rfc3339(version.at);
    if (version.state == ReviewState::waiting) out << ", publishes itself at " << format_rfc3339(version.deadline);
    out << "\n";
    if (version.rating) out << "rating      " << *version.rating << " of " << review.scale << "\n";
    for (std::size_t i = 0; i < kReviewFields; ++i) {
      if (version.values[i].empty()) continue;
      out << kReviewFieldNames[i] << (version.masked & (1u << i) ? " (masked)" : "") << "\n  " << version.values[i]
          << "\n";
    }
    if (!version.masked_text.empty()) out << "shown as\n  " << version.masked_text << "\n";
  }
  TRY(const std::vector<ReviewAct> acts, store.reviews().acts(review.id));
  if (!acts.empty()) out << "\n";
  for (const ReviewAct& act : acts) {
    out << format_rfc3339(act.at) << "  " << act.act << (act.code.empty() ? "" : concat(" ", act.code)) << " by "
        << act.by << (act.who.empty() ? "" : concat(" (", act.who, ")")) << ", entry " << act.leaf
        << (act.words.empty() ? "" : concat(": ", act.words)) << "\n";
  }
  TRY(const std::vector<Reply> replies, store.moderation().replies_to(review.id));
  for (const Reply& reply : replies) {
    out << format_rfc3339(reply.at) << "  reply" << (reply.withdrawn ? " (withdrawn)" : "") << ", entry " << reply.leaf
        << ": " << reply.text() << "\n";
  }
  return {};
}

// What to hide: the words given, or else what the checks found.
Result<ReviewOrder> with_spans(const ReviewRequest& request, Store& store) {
  ReviewOrder order = request.order;
  const bool reported = order.act == "mask-notice";
  if (order.act != "mask" && !reported) return order;
  if (reported) {
    TRY(const std::optional<Notice> notice, store.moderation().notice(order.id));
    if (!notice) return order;  // the desk says so
    order.brand = notice->brand;
    order.number = notice->ref;
  }
  TRY(const Review review, named(order, store));
  const auto field = std::find(kReviewFieldNames.begin(), kReviewFieldNames.end(), request.field);
  if (!request.field.empty()) {
    if (field == kReviewFieldNames.end())
      return fail(ErrorKind::bad_data, "--field: expected text, author, place or order");
    order.fields = 1u << static_cast<unsigned>(field - kReviewFieldNames.begin());
  }
  const ReviewVersion& version = reported && review.shown() != nullptr ? *review.shown() : review.newest();
  order.version = version.leaf;  // places are those of its text
  for (const std::string& words : request.hide) {
    const std::vector<FoundSpan> places = places_of(kText, version.values[kText], words);
    if (places.empty()) return fail(ErrorKind::bad_data, concat("--hide: the text has no \"", words, "\""));
    order.spans.insert(order.spans.end(), places.begin(), places.end());
  }
  if (!request.hide.empty() || order.fields != 0 || reported) return order;
  TRY(const std::vector<ReviewCheck> checks, store.moderation().checks(review.id));
  for (const ReviewCheck& check : checks) {
    if (check.version != version.leaf) continue;
    for (const FoundSpan& span : check.spans) {
      if (span.field == kText)
        order.spans.push_back(span);
      else
        order.fields |= 1u << span.field;
    }
  }
  return order;
}

Result<void> act(const ReviewRequest& request, const Settings& settings, Store& store, const Clock& clock,
                 std::ostream& out) {
  TRY(const ReviewOrder order, with_spans(request, store));
  TRY(const std::string done, carry_out(order, settings, store, clock));
  out << order.act << ": " << done << "\n";
  return {};
}

Result<void> notices(const ReviewRequest& request, Store& store, std::ostream& out) {
  TRY(const std::vector<Notice> found, store.moderation().notices(!request.all, request.limit));
  for (const Notice& one : found) {
    out << one.id << "  " << one.brand << " " << one.ref << "  " << format_rfc3339(one.at) << "  " << one.kind
        << (one.code.empty() ? "" : concat(" ", one.code)) << "  " << (one.outcome.empty() ? "waits" : one.outcome)
        << "  " << one_line(one.reason) << "\n";
  }
  if (found.empty()) out << "no notices\n";
  return {};
}

Result<void> appeals(const ReviewRequest& request, Store& store, std::ostream& out) {
  TRY(const std::vector<Appeal> found, store.moderation().appeals(!request.all, request.limit));
  for (const Appeal& one : found) {
    TRY(const std::optional<Review> review, store.reviews().review(one.review));
    out << one.id << "  " << (review ? concat(review->brand, " ", std::to_string(review->leaf)) : "-") << "  "
        << format_rfc3339(one.at) << "  " << (one.outcome.empty() ? "waits" : one.outcome)
        << (one.decided_by.empty() ? "" : concat(", decided by ", one.decided_by)) << "  " << one_line(one.words)
        << "\n";
  }
  if (found.empty()) out << "no appeals\n";
  return {};
}

Result<void> improvements(const ReviewRequest& request, const Settings& settings, Store& store, std::ostream& out) {
  for (const BrandSettings& brand : settings.brands) {
    if (!request.order.brand.empty() && request.order.brand != brand.id) continue;
    TRY(const std::vector<Improvement> found, store.moderation().improvements(brand.id, request.limit));
    for (const Improvement& one : found) {
      out << one.id << "  " << one.brand << "  " << to_text(one.state) << "  " << one.title() << "  after";
      for (const std::int64_t ref : one.refs) out << " " << ref;
      out << "\n";
    }
  }
  return {};
}

// The secret half goes to a file that did not exist, for its owner alone, and nowhere else.
Result<void> make_key(const ReviewRequest& request, Store& store, std::ostream& out) {
  TRY(const std::string known, evidence_key(store));
  const std::string file = request.file.empty() ? "evidence.secret" : request.file;
  const BoxKeys keys = make_box_keys();
  TRY(write_opening_half(file, keys));
  TRY(set_evidence_key(store, keys.close_with));
  out << "the key that opens evidence is in " << file << ": take it off this machine\n";
  if (!known.empty()) out << "what was sealed before is opened by the key before: keep that one as well\n";
  return {};
}

Result<void> list_evidence(Store& store, std::ostream& out) {
  TRY(const std::vector<SealedEvidence> found, store.moderation().evidence(0));
  for (const SealedEvidence& one : found) {
    out << one.id << "  " << one.brand << " " << one.ref << "  " << one.code << "  until " << format_rfc3339(one.until)
        << "\n";
  }
  if (found.empty()) out << "no evidence\n";
  return {};
}

Result<void> open_evidence(const ReviewRequest& request, Store& store, std::ostream& out) {
  std::ifstream file(request.file, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return fail(ErrorKind::bad_data, concat(request.file, ": cannot be read"));
  TRY(const std::string key, from_base64(trim(text.str())));
  TRY(const std::optional<SealedEvidence> sealed, store.moderation().sealed_evidence(request.order.id));
  if (!sealed) return fail(ErrorKind::bad_data, concat("there is no evidence ", std::to_string(request.order.id)));
  TRY(const std::string dossier, open_box(sealed->box, key));
  out << dossier << "\n";
  return {};
}

Result<void> do_it(const ReviewRequest& request, const Settings& settings, Store& store, const Clock& clock,
                   std::ostream& out) {
  switch (request.what) {
    case ReviewRequest::Do::list: return list(request, store, out);
    case ReviewRequest::Do::show: return show(request, store, out);
    case ReviewRequest::Do::act: return act(request, settings, store, clock, out);
    case ReviewRequest::Do::notices: return notices(request, store, out);
    case ReviewRequest::Do::appeals: return appeals(request, store, out);
    case ReviewRequest::Do::improvements: return improvements(request, settings, store, out);
    case ReviewRequest::Do::evidence_key: return make_key(request, store, out);
    case ReviewRequest::Do::evidence_list: return list_evidence(store, out);
    case ReviewRequest::Do::evidence_open: return open_evidence(request, store, out);
  }
  return {};
}

}  // namespace

int review(const ReviewRequest& request, const Settings& settings, Store& store, const Clock& clock, std::ostream& out,
           std::ostream& err) {
  const Result<void> done = do_it(request, settings, store, clock, out);
  if (done) return kDone;
  err << "vigie review: " << done.error().what << "\n";
  return done.error().kind == ErrorKind::gone ? kBadInput : exit_status(done.error());
}

int cmd_review(const ReviewRequest& request, std::ostream& out, std::ostream& err) {
  const auto settings = load_settings(request.config);
  if (!settings) {
    err << settings.error().what << "\n";
    return exit_status(settings.error());
  }
  const auto store = open_store(*settings);
  if (!store) {
    err << "vigie review: " << store.error().what << "\n";
    return exit_status(store.error());
  }
  const SystemClock clock;
  return review(request, *settings, **store, clock, out, err);
}

}  // namespace vigie
