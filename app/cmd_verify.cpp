#include "app/cmd_verify.h"

#include "app/exit.h"
#include "app/http_place.h"
#include "base/graphemes.h"
#include "base/metrics.h"
#include "base/text.h"
#include "base/whole_file.h"
#include "wall/log/audit.h"
#include "wall/log/folder.h"
#include "wall/log/receipt.h"

namespace vigie {
namespace {

constexpr std::size_t kMostFile = 4u << 20, kMostPage = 1u << 20;
constexpr std::size_t kLongestLine = 1000;  // of a finding: what it quotes is a stranger's

int report(std::ostream& err, const std::string& target, const Error& error) {
  err << "vigie verify: " << target << ": " << error.what << "\n";
  return exit_status(error);
}

Result<std::string> read_given(const std::string& path) {
  Result<std::string> bytes = read_whole(path, kMostFile);
  if (!bytes) return fail(ErrorKind::bad_data, concat(path, ": expected a file, found ", bytes.error().what));
  return bytes;
}

// A checkpoint, or the one a receipt ends with.
Result<std::string> checkpoint_of(const std::string& path) {
  TRY(std::string bytes, read_given(path));
  if (Result<tlog::Receipt> receipt = tlog::parse_receipt(bytes)) bytes = std::move(receipt->checkpoint);
  const auto checkpoint = tlog::parse_signed_checkpoint(bytes);
  if (!checkpoint)
    return fail(ErrorKind::bad_data, concat(path, ": neither a checkpoint nor a receipt: ", checkpoint.error().what));
  return bytes;
}

Result<tlog::AuditRequest> read_request(const VerifyRequest& request, Time now) {
  tlog::AuditRequest asked;
  asked.now = now;
  asked.drawn_for = request.drawn_for;
  if (!request.at.empty()) {
    const Result<Time> at = parse_rfc3339(request.at);
    if (!at) return fail(ErrorKind::bad_data, concat("--at: ", at.error().what));
    asked.now = *at;
  }
  if (!request.key.empty()) {
    Result<tlog::VerifierKey> key = tlog::parse_verifier_key(request.key);
    if (!key) return fail(ErrorKind::bad_data, concat("--key: ", key.error().what));
    asked.key = *std::move(key);
  }
  if (!request.policy.empty()) {
    TRY(const std::string text, read_given(request.policy));
    Result<tlog::Quorum> quorum = tlog::parse_quorum(text);
    if (!quorum) return fail(ErrorKind::bad_data, concat(request.policy, ": ", quorum.error().what));
    asked.quorum = *std::move(quorum);
  }
  for (const std::string& path : request.known) {
    TRY(std::string checkpoint, checkpoint_of(path));
    asked.known.push_back(std::move(checkpoint));
  }
  return asked;
}

// "4 (1: 3, 5: 1)": how many, and of which ratings.
std::string by_rating(const tlog::CountByRating& counts) {
  std::int64_t sum = 0;
  std::string ratings;
  for (const auto& [rating, n] : counts) {
    sum += n;
    ratings += concat(ratings.empty() ? "" : ", ", rating, ": ", std::to_string(n));
  }
  return concat(std::to_string(sum), " (", ratings, ")");
}

// What rests on the brand's word alone, for whoever asks whom it spares; and the rules it set itself.
void print_declared(const tlog::Audit& audit, std::ostream& out) {
  const tlog::WallNumbers& n = audit.numbers;
  for (const auto& [proof, counts] : n.erased_by) {
    const bool proved = proof == "attested";
    out << (proved ? "erased, proved by the author's secret" : concat("erased without proof, ", proof)) << ": "
        << by_rating(counts) << "\n";
  }
  for (const auto& [code, counts] : n.hidden_by)
    out << "taken off display, " << code << ": " << by_rating(counts) << "\n";
  if (!n.masked_by.empty()) out << "shown masked: " << by_rating(n.masked_by) << "\n";
  for (const auto& [first, counts] : n.changed_by)
    out << "shown in a later version, first rated " << first << ": " << by_rating(counts) << "\n";
  if (audit.rules)
    out << "its own rules: a decision within " << audit.rules->delay / 3600 << " hours, kept "
        << audit.rules->keep / 86'400 << " days\n";
}

void print_numbers(const tlog::Audit& audit, std::ostream& out) {
  const tlog::WallNumbers& n = audit.numbers;
  out << audit.origin << ": " << audit.size << " leaves\n"
      << n.received << " reviews received: " << n.published << " published, " << n.refused << " refused, " << n.hidden
      << " hidden, " << n.withdrawn << " withdrawn, " << n.erased << " erased, " << n.expired << " expired, "
      << n.pending << " waiting\n";
  print_declared(audit, out);
  if (audit.items) out << *audit.items << " items shown, held against the log\n";
  else
    out << "no items.json beside it: what the wall shows was not held against the log\n";
  for (const tlog::Cosigned& one : audit.cosigned)
    out << "cosigned by " << one.witness << " " << format_rfc3339(one.at) << "\n";
  if (audit.named > 0)
    out << "the wall itself names " << audit.named << " witnesses, " << audit.cosigned.size()
        << " of which cosigned; --policy says whom you trust\n";
}

void print_audits(const tlog::Audit& audit, std::ostream& out) {
  for (const auto& [entry, one] : audit.audits)
    out << "audit asked for in entry " << entry << " by " << displayable(one.by) << ", " << one.positions
        << " reviews: " << (one.status == "asked" ? "no result yet" : one.status) << "\n";
  if (audit.drawn.empty()) return;
  out << "drawn by this checkpoint, of size " << audit.size << ", from what is published:";
  for (const std::int64_t review : audit.drawn) out << " " << review;
  out << "\n";
}

// A wall's own address is what people have at hand: its log stands below it. `log_below`: the files one folder down.
bool is_the_wall_above(tlog::Files& files, tlog::Files& log_below) {
  const auto here = files.read("checkpoint", kMostFile);
  return !here && here.error().kind == ErrorKind::gone && log_below.read("checkpoint", kMostFile).has_value();
}

int verify_either(const VerifyRequest& request, tlog::Files& files, tlog::Files& log_below,
                  const std::optional<std::string>& page, Time now, std::ostream& out, std::ostream& err) {
  return verify_log(request, is_the_wall_above(files, log_below) ? log_below : files, page, now, out, err);
}

// The page of the wall that the address, or the log below it, belongs to. Before the log, which then covers what it
// adds up. A mirror of a log has none.
std::optional<std::string> page_of_wall(std::string prefix, HttpClient& http) {
  constexpr std::string_view kBelow = "/log";
  if (prefix.ends_with(kBelow)) prefix.resize(prefix.size() - kBelow.size());
  HttpRequest request = get(prefix, {});
  request.max_bytes = kMostPage;
  Result<HttpReply> reply = fetch(http, std::move(request));
  return reply && reply->status == 200 ? std::optional(std::move(reply->body)) : std::nullopt;
}

// Without what a browser's address line has behind the path.
std::string log_prefix(const std::string& target) {
  std::string prefix = target.substr(0, target.find_first_of("?#"));
  while (prefix.ends_with('/')) prefix.pop_back();
  return prefix;
}

bool is_web_address(std::string_view target) {
  const std::string start = ascii_lower(target.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://");
}

}  // namespace

Result<std::string> WebFiles::read(const std::string& path, std::size_t most) {
  HttpRequest request = get(concat(prefix_, "/", path), {});
  request.max_bytes = most;
  TRY(HttpReply reply, fetch(http_, std::move(request)));
  if (reply.status == 404 || reply.status == 410) return fail(ErrorKind::gone, concat(path, ": no such file"));
  if (reply.status != 200)
    return fail(ErrorKind::transient, concat(path, ": the server answered ", std::to_string(reply.status)));
  return std::move(reply.body);
}

int verify_log(const VerifyRequest& request, tlog::Files& files, const std::optional<std::string>& page, Time now,
               std::ostream& out, std::ostream& err) {
  Result<tlog::AuditRequest> asked = read_request(request, now);
  if (!asked) {
    err << "vigie verify: " << asked.error().what << "\n";
    return exit_status(asked.error());
  }
  if (page) asked->shown = tlog::read_shown(*page);
  const Result<tlog::Audit> audit = tlog::audit(files, *asked);
  if (!audit && audit.error().kind == ErrorKind::gone) {
    err << "vigie verify: " << request.target << ": " << audit.error().what << "; is this a log's folder or address?\n";
    return kBadInput;
  }
  if (!audit) return report(err, request.target, audit.error());
  for (const std::string& finding : audit->findings) {
    out << first_code_points(squeeze_spaces(finding), kLongestLine) << "\n";
  }
  if (audit->own_key) {
    err << "vigie verify: no key was given: the log's own was taken, which says that it agrees with itself, not whose "
           "it "
           "is; pass --key or --policy\n";
  }
  if (!audit->findings.empty()) {
    err << "vigie verify: " << request.target << ": " << audit->findings.size() << " findings\n";
    return kAnswerIsNo;
  }
  print_numbers(*audit, out);
  print_audits(*audit, out);
  out << (audit->page ? "the numbers on the wall's page are these, or were when it was made\n"
                      : "no page of the wall was compared: look at it, and at what it says of itself\n");
  return kDone;
}

int cmd_verify(const VerifyRequest& request, std::ostream& out, std::ostream& err) {
  const SystemClock clock;
  if (!is_web_address(request.target)) {
    tlog::FolderFiles files(request.target), below(concat(request.target, "/log"));
    return verify_either(request, files, below, std::nullopt, clock.now(), out, err);
  }
  Metrics metrics;
  HttpOptions options;
  options.user_agent = concat("vigie/", VIGIE_VERSION);
  options.allow_private = request.allow_private;
  const std::string prefix = log_prefix(request.target);
  for (std::string& entry : typed_entries(prefix)) options.allow_private.push_back(std::move(entry));
  const std::unique_ptr<HttpClient> http = make_http_client(options, clock, metrics);
  WebFiles files(prefix, *http), below(concat(prefix, "/log"), *http);
  return verify_either(request, files, below, page_of_wall(prefix, *http), clock.now(), out, err);
}

}  // namespace vigie
