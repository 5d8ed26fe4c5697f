#include "app/review_desk.h"

#include <algorithm>

#include "app/evidence_key.h"
#include "base/limits.h"
#include "base/text.h"
#include "pipeline/taxonomy.h"
#include "store/moderation.h"
#include "wall/evidence.h"
#include "wall/improvements.h"
#include "wall/replies.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestWords = 2000;

bool fits(std::string_view act, const ReviewVersion& version) {
  const ReviewState state = version.state;
  if (act == "publish" || act == "refuse") return state == ReviewState::waiting;
  if (act == "hide") return state == ReviewState::published;
  if (act == "restore") {
    const bool masked = state == ReviewState::published && version.masked != 0;
    return masked || state == ReviewState::hidden || state == ReviewState::refused;
  }
  return state == ReviewState::waiting || state == ReviewState::published;  // mask
}

class Desk {
 public:
  Desk(const ReviewOrder& order, const Settings& settings, Store& store, const Clock& clock)
      : order_(order), settings_(settings), store_(store), clock_(clock), book_(settings, store, clock) {}

  Result<std::string> carry_out() {
    const std::string& act = order_.act;
    if (act == "accept-notice" || act == "reject-notice" || act == "mask-notice") return notice();
    if (act == "accept-appeal" || act == "reject-appeal") return appeal();
    if (act == "improve") return improve();
    if (act == "step") return step();
    TRY(const Review found, review());
    if (act == "reply") return reply(found);
    if (act == "unreply") return unreply(found);
    return decide(found, order_.code, order_.words, order_.court == "1" ? "court" : "human");
  }

 private:
  Result<Review> review() {
    TRY(std::optional<Review> found, store_.reviews().review_at(order_.brand, order_.number));
    if (!found)
      return fail(ErrorKind::gone,
                  concat("the wall of ", order_.brand, " has no review ", std::to_string(order_.number)));
    return *std::move(found);
  }

  Result<std::int64_t> version_of(const Review& review, std::string_view act) const {
    for (auto version = review.versions.rbegin(); version != review.versions.rend(); ++version) {
      const bool asked = order_.version < 0 || order_.version == version->leaf;
      if (asked && fits(act, *version)) return version->leaf;
    }
    return fail(ErrorKind::bad_data,
                concat("act: nothing of review ", std::to_string(review.leaf), " can be the subject of \"", act,
                       "\": it is ", to_text(review.newest().state)));
  }

  // A reason in words is owed to the author (DSA 17); FAKE must say by what it is known.
  Result<void> check_words(std::string_view act, std::string_view code, std::string_view words) const {
    if (!is_valid_utf8(words) || count_code_points(words) > kLongestWords)
      return fail(ErrorKind::bad_data, "words: expected at most 2,000 characters");
    const bool withholds = act == "refuse" || act == "hide";
    if (withholds && trim(words).empty()) {
      return fail(ErrorKind::bad_data,
                  concat("words: expected the facts the decision rests on: they are told to the author",
                         code == "FAKE" ? "; for FAKE, the evidence" : ""));
    }
    return {};
  }

  Result<std::string> decide(const Review& review, const std::string& code, const std::string& words,
                             const std::string& by) {
    TRY(check_words(order_.act, code, words));
    ReviewAct act;
    act.act = order_.act;
    act.code = order_.act == "mask" && code.empty() ? "PERSONAL-DATA" : code;
    act.words = trim(words);
    act.by = by;
    act.who = order_.who;
    TRY(act.version, version_of(review, order_.act));
    if (order_.act == "mask") TRY(mask(review, act));
    // The wall says that evidence is kept: nothing is withheld for such a reason unless it is.
    if (needs_evidence(act)) TRY(have_evidence_key(settings_, store_));
    TRY(const bool kept, keep_evidence(store_, review, act, clock_.now()));
    if (!kept) return fail(ErrorKind::bug, "evidence could not be sealed: there is no key");
    TRY(book_.decide(review, act));
    return order_.act;
  }

  // The masked text is made here, of the author's own: there is no way to give another.
  Result<void> mask(const Review& review, ReviewAct& act) const {
    const auto version = std::find_if(review.versions.begin(), review.versions.end(),
                                      [&](const ReviewVersion& one) { return one.leaf == act.version; });
    const std::string& text = version->values[kText];
    act.masked = order_.fields & ((1u << kReviewFields) - 1u);
    if (!order_.spans.empty()) {
      act.masked |= 1u << kText;
      act.masked_text = blacked_out(kText, text, order_.spans);
      if (act.masked_text == text) return fail(ErrorKind::bad_data, "spans: they hide nothing of the text");
    } else if (act.masked & (1u << kText)) {
      act.masked_text = blacked_out(kText, text, {{kText, 0, text.size(), "all"}});
    }
    if (act.masked == 0) return fail(ErrorKind::bad_data, "spans: expected what to hide, found nothing");
    return {};
  }

  Result<std::string> reply(const Review& review) {
    NewReply reply;
    reply.text = trim(order_.text);
    reply.link = trim(order_.link);
    reply.author = settings_.organisation;
    reply.by = order_.who;
    reply.at = clock_.now();
    TRY(check_reply(reply));
    if (review.shown() == nullptr)
      return fail(ErrorKind::bad_data, concat("shown: review ", std::to_string(review.leaf), " is ",
                                              to_text(review.state), ": an answer to it would be seen by nobody"));
    TRY(const std::int64_t id, add_reply(book_, store_, review, reply));
    return std::to_string(id);
  }

  Result<std::string> unreply(const Review& review) {
    TRY(const std::optional<Reply> stands, store_.moderation().reply_to(review.id));
    if (!stands) return fail(ErrorKind::gone, "no reply to this review stands");
    TRY(withdraw_reply(book_, store_, *stands, clock_.now()));
    return std::to_string(stands->id);
  }

  // Accepting a notice is an act on its review, for its reason; masking hides what it is about; rejecting one changes
  // nothing there.
  Result<std::string> notice() {
    TRY(const std::optional<Notice> found, store_.moderation().notice(order_.id));
    if (!found) return fail(ErrorKind::gone, concat("there is no notice ", std::to_string(order_.id)));
    if (!found->outcome.empty()) return fail(ErrorKind::gone, "this notice was decided on already");
    if (trim(order_.words).empty())
      return fail(ErrorKind::bad_data, "words: expected why: they are told to who reported it");
    const bool accepted = order_.act == "accept-notice";
    if (accepted) TRY(take_off(*found));
    const bool masked = order_.act == "mask-notice";
    if (masked) TRY(mask_reported(*found));
    const std::string outcome = accepted ? "acted" : masked ? "masked" : "kept";
    TRY(store_.moderation().decide_notice(order_.id, outcome, std::string(trim(order_.words)), order_.who,
                                          clock_.now()));
    return outcome;
  }

  Result<void> take_off(const Notice& notice) const {
    TRY(const std::optional<Review> review, store_.reviews().review(notice.review));
    if (!review) return fail(ErrorKind::gone, "the review is gone");
    const bool shown = review->shown() != nullptr;
    if (!shown && review->newest().state != ReviewState::waiting) return {};
    ReviewOrder act = order_;
    act.act = shown ? "hide" : "refuse";
    act.brand = notice.brand;
    act.number = notice.ref;
    TRY(Desk(act, settings_, store_, clock_).decide(*review, order_.code, order_.words, "notice"));
    return {};
  }

  // What is said back is "it is hidden": it must be, by this act or by one before it.
  Result<void> mask_reported(const Notice& notice) const {
    TRY(const std::optional<Review> review, store_.reviews().review(notice.review));
    if (!review) return fail(ErrorKind::gone, "the review is gone");
    const ReviewVersion* shown = review->shown();
    if (shown == nullptr)
      return fail(ErrorKind::bad_data, concat("act: the review is ", to_text(review->state), ": there is nothing to hide"));
    if (order_.spans.empty() && order_.fields == 0) {
      if (shown->masked != 0) return {};
      return fail(ErrorKind::bad_data, "spans: expected what to hide, found nothing");
    }
    ReviewOrder act = order_;
    act.act = "mask";
    act.brand = notice.brand;
    act.number = notice.ref;
    act.version = shown->leaf;
    TRY(Desk(act, settings_, store_, clock_).decide(*review, "", order_.words, "notice"));
    return {};
  }

  Result<std::string> appeal() {
    TRY(const std::vector<Appeal> waiting, store_.moderation().appeals(true, 1000));
    const auto found =
        std::find_if(waiting.begin(), waiting.end(), [&](const Appeal& one) { return one.id == order_.id; });
    if (found == waiting.end())
      return fail(ErrorKind::gone, concat("there is no appeal ", std::to_string(order_.id), " that waits"));
    if (trim(order_.words).empty())
      return fail(ErrorKind::bad_data, "words: expected why: they are told to the author");
    TRY(check_second_look(*found));
    const bool accepted = order_.act == "accept-appeal";
    if (accepted) TRY(give_back(*found));
    TRY(store_.moderation().decide_appeal(order_.id, accepted ? "restored" : "upheld", std::string(trim(order_.words)),
                                          order_.who, clock_.now()));
    return std::string(accepted ? "restored" : "upheld");
  }

  // Whoever decided does not decide again, where somebody else can.
  Result<void> check_second_look(const Appeal& appeal) const {
    if (appeal.decided_by.empty()) return {};  // a program did: any person is somebody else
    std::string others;
    bool is_one = false;
    for (const PersonSettings& person : settings_.people) {
      if (person.id == appeal.decided_by) continue;
      others += concat(others.empty() ? "" : ", ", person.id);
      is_one = is_one || person.id == order_.who;
    }
    if (others.empty() || is_one) return {};
    return fail(ErrorKind::bad_data, concat("who: expected somebody else than ", appeal.decided_by,
                                            ", who took the decision: one of ", others));
  }

  // What the contested act withholds is shown again; nothing when it was given back meanwhile.
  Result<void> give_back(const Appeal& appeal) const {
    TRY(const std::optional<Review> review, store_.reviews().review(appeal.review));
    if (!review) return fail(ErrorKind::gone, "the review is gone");
    TRY(const std::optional<ReviewAct> contested, store_.moderation().act(appeal.act));
    const auto version = std::find_if(review->versions.begin(), review->versions.end(),
                                      [&](const ReviewVersion& one) { return one.leaf == appeal.version; });
    if (version == review->versions.end()) return fail(ErrorKind::gone, "the version is gone");
    const bool withheld = version->state == ReviewState::hidden || version->state == ReviewState::refused;
    const bool masks = contested && contested->act == "mask";
    if (masks && version->masked != 0 && version->state != ReviewState::published)
      return fail(ErrorKind::bad_data, concat("act: the mask of a version that is ", to_text(version->state),
                                              " cannot be lifted: publish it or show it again first"));
    if (masks ? version->masked == 0 : !withheld) return {};
    ReviewOrder act = order_;
    act.act = "restore";
    act.version = appeal.version;
    TRY(Desk(act, settings_, store_, clock_).decide(*review, "", order_.words, "human"));
    return {};
  }

  Result<std::string> improve() {
    ImprovementOrder said;
    said.title = order_.title;
    said.words = order_.words;
    said.link = trim(order_.link);
    said.theme = trim(order_.theme);
    TRY(check_theme(said.theme));
    said.refs = order_.refs;
    said.author = settings_.organisation;
    said.by = order_.who;
    TRY(const std::int64_t id, open_improvement(book_, store_, order_.brand, said, clock_.now()));
    return std::to_string(id);
  }

  // Complaints are counted by it: one that no text can have would never move.
  Result<void> check_theme(const std::string& theme) const {
    const std::vector<std::string> ids = themes_of(settings_);
    if (theme.empty() || std::find(ids.begin(), ids.end(), theme) != ids.end()) return {};
    std::string known;
    for (const std::string& id : ids) known += concat(known.empty() ? "" : ", ", id);
    return fail(ErrorKind::bad_data, concat("theme: expected one of ", known, ", found \"", theme, "\""));
  }

  Result<std::string> step() {
    const std::optional<ImprovementState> to = improvement_state_from(order_.state);
    // Only who writes to the authors can say that they were told.
    if (!to || *to == ImprovementState::told)
      return fail(ErrorKind::bad_data, "state: expected doing, done or measured; it is told once authors were written to");
    TRY(step_improvement(book_, store_, order_.id, *to, order_.words, order_.who, clock_.now()));
    return std::string(to_text(*to));
  }

  const ReviewOrder& order_;
  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  Book book_;
};

}  // namespace

std::vector<std::string> themes_of(const Settings& settings) {
  config::Problems told;  // by `vigie check`
  return Taxonomy::with(settings.theme_files, told).ids();
}

Result<std::string> carry_out(const ReviewOrder& order, const Settings& settings, Store& store, const Clock& clock) {
  return Desk(order, settings, store, clock).carry_out();
}

}  // namespace vigie
