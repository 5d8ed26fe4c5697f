#include "app/cmd_survey.h"

#include <algorithm>
#include <fstream>
#include <iostream>

#include "app/backends.h"
#include "app/exit.h"
#include "app/invite_csv.h"
#include "app/load.h"
#include "app/own_secret.h"
#include "base/text.h"
#include "base/wording.h"
#include "collectors/mention_csv.h"
#include "wall/invite.h"
#include "wall/measures.h"
#include "wall/poster.h"
#include "wall/survey_pages.h"

namespace vigie {
namespace {

constexpr int kPage = 1000;
constexpr std::string_view kBases[] = {"consent", "legitimate-interest", "withdrawn"};

class SurveyCommand {
 public:
  SurveyCommand(const SurveyRequest& request, const Settings& settings, Store& store, const SurveyTokens& tokens,
                const Clock& clock, std::ostream& out, std::ostream& err)
      : request_(request), settings_(settings), store_(store), tokens_(tokens), clock_(clock), out_(out), err_(err) {}

  // Exit status.
  Result<int> run() {
    switch (request_.what) {
      case SurveyRequest::Do::invite: return invite();
      case SurveyRequest::Do::links: return links();
      case SurveyRequest::Do::measures: return measures();
      case SurveyRequest::Do::poster: return poster();
      case SurveyRequest::Do::optout: return opt_out();
      case SurveyRequest::Do::consent: return request_.basis.empty() ? consents() : consent();
    }
    return fail(ErrorKind::bug, "no such command");
  }

 private:
  Result<const SurveySettings*> named() const {
    std::vector<std::string_view> ids;
    for (const SurveySettings& one : settings_.surveys) {
      if (one.id == request_.survey) return &one;
      ids.push_back(one.id);
    }
    const std::string_view near = nearest(request_.survey, ids);
    return fail(ErrorKind::bad_data, concat("expected the id of a [[survey]], found \"", request_.survey, "\"",
                                            near.empty() ? "" : concat("; did you mean \"", near, "\"?")));
  }

  Result<int> invite() {
    TRY(const SurveySettings* const survey, named());
    InviteTable table;
    if (request_.file == "-") {
      TRY(table, read_invite_table(std::cin));
    } else {
      std::ifstream file(request_.file, std::ios::binary);
      if (!file)
        return fail(ErrorKind::bad_data, concat(request_.file, ": cannot be read; check the path and its permissions"));
      TRY(table, read_invite_table(file));
    }
    Inviter inviter(settings_, store_, clock_, tokens_);
    TRY(InviteSummary summary, inviter.invite(*survey, table.lines));
    summary.refused.insert(summary.refused.end(), table.refused.begin(), table.refused.end());
    std::sort(summary.refused.begin(), summary.refused.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    for (const InviteSummary::Refused& one : summary.refused)
      err_ << request_.file << ":" << one.number << ": " << one.why << "\n";
    out_ << summary.invited.size() << " invited, " << summary.known << " known already, " << summary.suppressed
         << " who want no more or cannot be reached, " << summary.too_soon << " asked too recently, "
         << summary.refused.size() << " lines refused\n";
    for (const std::int64_t leaf : summary.leaves)
      out_ << "logged as entry " << leaf << " of the wall " << survey->brand << "\n";
    return summary.refused.empty() ? kDone : kBadInput;
  }

  // A table, so that a shop can put them where it likes: receipts, parcels, letters.
  Result<int> links() {
    TRY(const SurveySettings* const survey, named());
    out_ << "id,link,code,expires,answered\n";
    for (std::int64_t after = 0;;) {
      TRY(const std::vector<Invitation> found, store_.surveys().invitations(survey->id, after, kPage));
      for (const Invitation& one : found) {
        after = one.id;
        if (one.channel != "link" || one.expires <= clock_.now()) continue;
        TRY(const std::optional<SurveyContact> contact, store_.surveys().contact(one.contact));
        const std::string token = tokens_.token(one.seed);
        std::string id = safe_cell(contact ? contact->reference : "");
        if (id.find_first_of(",\"\n\r") != std::string::npos) {
          for (std::size_t at = id.find('"'); at != std::string::npos; at = id.find('"', at + 2)) id.insert(at, "\"");
          id = concat("\"", id, "\"");
        }
        out_ << id << "," << survey_link(settings_, token) << "," << printed_token(token) << ","
             << format_rfc3339(one.expires) << "," << (one.answered ? format_rfc3339(*one.answered) : "") << "\n";
      }
      if (found.size() < kPage) return kDone;
    }
  }

  Result<Time> bound(std::string_view option, const std::string& text, Time otherwise) const {
    if (text.empty()) return otherwise;
    const auto time = parse_loose_time(text);
    if (!time) return fail(ErrorKind::bad_data, concat(option, ": ", time.error().what));
    return time->time;
  }

  Result<int> measures() {
    TRY(const Time from, bound("--from", request_.from, Time{}));
    TRY(const Time to, bound("--to", request_.to, clock_.now() + kDay));
    std::vector<const SurveySettings*> chosen;
    if (request_.survey.empty()) {
      for (const SurveySettings& one : settings_.surveys) chosen.push_back(&one);
      if (chosen.empty()) return fail(ErrorKind::bad_data, "there is no [[survey]] in this configuration");
    } else {
      TRY(const SurveySettings* const survey, named());
      chosen.push_back(survey);
    }
    for (const SurveySettings* survey : chosen) {
      TRY(const std::vector<AnswerCount> answers, store_.surveys().answer_counts(survey->id, from, to));
      TRY(const std::vector<InvitationCount> asked, store_.surveys().invitation_counts(survey->id, from, to));
      const SurveyReport report = survey_report(*survey, answers, asked);
      out_ << (request_.json ? concat(to_json(report), "\n") : to_text(report));
    }
    return kDone;
  }

  Result<int> poster() {
    TRY(const SurveySettings* const survey, named());
    if (std::find(survey->places.begin(), survey->places.end(), request_.place) == survey->places.end())
      return fail(ErrorKind::bad_data, concat("expected one of the survey's `places`, found \"", request_.place, "\""));
    TRY(const Wording said, Wording::load("survey", survey->language));
    TRY(const std::string svg, poster_svg(concat(settings_.serve.public_url, poster_path(tokens_, survey->id, request_.place),
                                                 request_.kiosk ? "?kiosk=1" : ""),
                                          survey_question(said, *survey), survey->language));
    out_ << svg;
    return kDone;
  }

  Result<std::string> address_key() const {
    TRY(const std::string address, request_.address.find('@') != std::string::npos ? read_address(request_.address)
                                                                                   : read_phone(request_.address));
    return tokens_.address_key(address);
  }

  Result<int> opt_out() {
    TRY(const std::string key, address_key());
    TRY(store_.surveys().suppress(request_.brand, key, "opted out", clock_.now()));
    out_ << "not asked again" << (request_.brand.empty() ? "" : concat(" about ", request_.brand)) << "\n";
    return kDone;
  }

  Result<int> consent() {
    if (std::find(std::begin(kBases), std::end(kBases), request_.basis) == std::end(kBases))
      return fail(ErrorKind::bad_data, concat("--basis: expected consent, legitimate-interest or withdrawn, found \"",
                                              request_.basis, "\""));
    if (trim(request_.how).empty() || trim(request_.by).empty() ||
        (request_.basis == "consent" && (trim(request_.wording).empty() || trim(request_.version).empty())))
      return fail(ErrorKind::bad_data,
                  "a proof says --how it was collected and --by whom it is written down; of a consent also its "
                  "--wording and --version");
    Consent one;
    TRY(one.key, address_key());
    one.brand = request_.brand;
    one.basis = request_.basis;
    one.wording = request_.wording;
    one.version = request_.version;
    one.how = request_.how;
    one.evidence = request_.evidence;
    one.by = request_.by;
    TRY(one.at, bound("--at", request_.from, clock_.now()));
    TRY(store_.surveys().add_consent(one));
    if (one.basis == "withdrawn") TRY(store_.surveys().suppress(one.brand, one.key, "consent withdrawn", clock_.now()));
    out_ << "written down\n";
    return kDone;
  }

  Result<int> consents() {
    TRY(const std::string key, address_key());
    TRY(const std::vector<Consent> found, store_.surveys().consents(key));
    for (const Consent& one : found) {
      out_ << format_rfc3339(one.at) << "  " << one.basis << (one.brand.empty() ? "" : concat("  ", one.brand)) << "  "
           << one.how << "  by " << one.by << (one.version.empty() ? "" : concat("  version ", one.version))
           << (one.evidence.empty() ? "" : concat("  evidence ", one.evidence)) << "\n";
      if (!one.wording.empty()) out_ << "    " << one.wording << "\n";
    }
    if (found.empty()) out_ << "nothing is written down about this address\n";
    TRY(const bool suppressed, store_.surveys().is_suppressed(request_.brand, {key}));
    if (suppressed) out_ << "they are not asked: they opted out, or the address does not exist\n";
    return kDone;
  }

  const SurveyRequest& request_;
  const Settings& settings_;
  Store& store_;
  const SurveyTokens& tokens_;
  const Clock& clock_;
  std::ostream& out_;
  std::ostream& err_;
};

}  // namespace

int survey(const SurveyRequest& request, const Settings& settings, Store& store, const SurveyTokens& tokens,
           const Clock& clock, std::ostream& out, std::ostream& err) {
  const Result<int> done = SurveyCommand(request, settings, store, tokens, clock, out, err).run();
  if (done) return *done;
  err << "vigie survey: " << done.error().what << "\n";
  return exit_status(done.error());
}

int cmd_survey(const SurveyRequest& request, std::ostream& out, std::ostream& err) {
  const auto opened = [&]() -> Result<int> {
    TRY(const Settings settings, load_settings(request.config));
    TRY(const std::unique_ptr<Store> store, open_store(settings));
    TRY(std::string secret, own_secret(settings, "surveys"));
    const SystemClock clock;
    return survey(request, settings, *store, SurveyTokens(std::move(secret)), clock, out, err);
  }();
  if (opened) return *opened;
  err << "vigie survey: " << opened.error().what << "\n";
  return exit_status(opened.error());
}

}  // namespace vigie
