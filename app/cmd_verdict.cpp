#include "app/cmd_verdict.h"

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestName = 100;  // of who says so, in code points

// What follows from it, so that nobody is surprised later.
std::string_view consequence(std::optional<VerdictWord> word) {
  if (!word) return "taken back";
  switch (*word) {
    case VerdictWord::useful: return "counted as useful";
    case VerdictWord::false_alarm: return "counted as a false alarm; if it is still open, the watch ends it";
    case VerdictWord::normal: return "what it speaks of is the brand's new normal: the watch starts from there";
  }
  return "";
}

Result<void> give(const VerdictRequest& request, Store& store, Time now, std::ostream& out) {
  const std::optional<VerdictWord> word = verdict_from(request.word);
  if (!word && request.word != "none") {
    return fail(ErrorKind::bad_data,
                concat("expected useful, false, normal or none, found \"", first_code_points(request.word, 40), "\""));
  }
  const std::string by(trim(first_code_points(request.by, kLongestName)));
  if (by.empty()) return fail(ErrorKind::bad_data, "--by: expected who says so, found nothing");
  Verdict verdict;
  verdict.incident = request.incident;
  verdict.at = now;
  verdict.by = by;
  verdict.word = word;
  TRY(store.add_verdict(verdict));
  out << "incident " << request.incident << ": " << consequence(word) << "\n";
  return {};
}

int report(const Error& error, std::ostream& err) {
  if (error.kind == ErrorKind::gone) {
    err << "vigie verdict: " << error.what << "; its id stands at the end of its page's address\n";
    return kBadInput;
  }
  err << "vigie verdict: " << error.what << "\n";
  return exit_status(error);
}

}  // namespace

int verdict(const VerdictRequest& request, Store& store, const Clock& clock, std::ostream& out, std::ostream& err) {
  const Result<void> given = give(request, store, clock.now(), out);
  return given ? kDone : report(given.error(), err);
}

int cmd_verdict(const VerdictRequest& request, std::ostream& out, std::ostream& err) {
  const Result<Settings> settings = load_settings(request.config);
  if (!settings) return report(settings.error(), err);
  const Result<std::unique_ptr<Store>> store = open_store(*settings);
  if (!store) return report(store.error(), err);
  return verdict(request, **store, SystemClock(), out, err);
}

}  // namespace vigie
