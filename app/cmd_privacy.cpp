#include "app/cmd_privacy.h"

#include <algorithm>
#include <iostream>
#include <set>

#include "app/backends.h"
#include "app/data_register.h"
#include "app/erasures.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/text.h"
#include "store/moderation.h"
#include "store/privacy.h"
#include "store/reviews.h"
#include "wall/privacy.h"

namespace vigie {
namespace {

int report(std::ostream& err, const Error& error) {
  err << "vigie privacy: " << error.what << "\n";
  return exit_status(error);
}

// What was asked for, each once: a review may be found by its address and by its name.
Result<std::vector<Trace>> traces_of(const PrivacyRequest& request, Store& store) {
  const std::string who(trim(request.who));
  if (who.empty()) return fail(ErrorKind::bad_data, "expected an address, a name or the id of an account, found \"\"");
  TRY(const std::vector<Trace> found, store.reviews().privacy().find(who));
  std::vector<Trace> wanted;
  std::set<std::string> seen, missing(request.only.begin(), request.only.end());
  for (const Trace& trace : found) {
    const bool asked =
        request.only.empty() || std::find(request.only.begin(), request.only.end(), trace.ref) != request.only.end();
    missing.erase(trace.ref);
    if (asked && seen.insert(trace.ref).second) wanted.push_back(trace);
  }
  if (!missing.empty())
    return fail(ErrorKind::bad_data,
                concat("\"", *missing.begin(), "\" is none of what is held of ", who, "; vigie privacy find lists it"));
  return wanted;
}

void list(const std::vector<Trace>& traces, std::ostream& out) {
  for (const Trace& trace : traces)
    out << trace.ref << "\t" << trace.kind << "\t" << trace.where << "\t" << format_rfc3339(trace.at) << "\n";
}

Result<void> erase_one(const PrivacyRequest& request, Book& book, Store& store, const Clock& clock,
                       const Trace& trace) {
  if (trace.kind != "review") return store.reviews().privacy().erase(trace, clock.now());
  TRY(const std::optional<Review> review, store.reviews().review(trace.id));
  if (!review) return fail(ErrorKind::gone, concat("review ", trace.ref, " is gone"));
  return erase_review(book, *review, request.by, std::nullopt, request.basis);
}

// The law asks for it, sealed under a key that those who moderate do not have.
Result<void> tell_evidence(Store& store, const Trace& trace, std::ostream& out) {
  TRY(const std::vector<SealedEvidence> kept, store.moderation().evidence(trace.id));
  for (const SealedEvidence& one : kept)
    out << "kept sealed as evidence (" << one.code << ") until " << format_rfc3339(one.until) << "\n";
  return {};
}

// A name is many people's: whoever erases by name says which.
bool says_enough(const PrivacyRequest& request, const std::vector<Trace>& traces, std::ostream& err) {
  const bool by_address = request.who.find('@') != std::string::npos || request.who.starts_with("+");
  if (by_address || !request.only.empty() || traces.size() <= 1) return true;
  err << "vigie privacy: " << traces.size() << " things are found by a name, and several people may bear it; "
      << "name those that are meant with --only\n";
  return false;
}

Result<void> erase(const PrivacyRequest& request, const Settings& settings, Store& store, const Clock& clock,
                   const std::vector<Trace>& traces, std::ostream& out, std::ostream& err) {
  Book book(settings, store, clock);
  for (const Trace& trace : traces) {
    const Result<void> erased = erase_one(request, book, store, clock, trace);
    if (!erased && erased.error().kind != ErrorKind::gone) return erased;
    out << "erased " << trace.ref << "\n";
    if (trace.kind == "review") TRY(tell_evidence(store, trace, out));
  }
  Erasures erasures(settings, store, clock);
  if (const Result<bool> done = erasures.tick(); !done) err << "vigie privacy: " << done.error().what << "\n";
  out << "files and the database's own file follow within a minute while vigie runs, else with the next command\n";
  return {};
}

}  // namespace

int privacy(const PrivacyRequest& request, const Settings& settings, Store& store, const Clock& clock,
            std::ostream& out, std::ostream& err) {
  using Do = PrivacyRequest::Do;
  const Result<std::vector<Trace>> traces = traces_of(request, store);
  if (!traces) return report(err, traces.error());
  if (traces->empty()) {
    err << "vigie privacy: nothing is held of " << request.who << "\n";
    return kAnswerIsNo;
  }
  if (request.what == Do::find) {
    list(*traces, out);
    return kDone;
  }
  if (request.what == Do::copy) {
    const Result<std::string> copy = export_of(store, request.who, *traces, clock.now());
    if (!copy) return report(err, copy.error());
    out << *copy << "\n";
    return kDone;
  }
  if (!says_enough(request, *traces, err)) {
    list(*traces, err);
    return kBadInput;
  }
  const Result<void> erased = erase(request, settings, store, clock, *traces, out, err);
  return erased ? kDone : report(err, erased.error());
}

int cmd_privacy(const PrivacyRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(err, settings.error());
  if (request.what == PrivacyRequest::Do::reg) {
    const Result<std::string> text = data_register(*settings, request.language);
    if (!text) return report(err, text.error());
    out << *text;
    return kDone;
  }
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(err, store.error());
  return privacy(request, *settings, **store, SystemClock(), out, err);
}

}  // namespace vigie
