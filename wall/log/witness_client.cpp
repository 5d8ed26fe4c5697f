#include "wall/log/witness_client.h"

#include "base/text.h"

namespace vigie::tlog {
namespace {

constexpr Duration kPatience = seconds(10);
constexpr std::size_t kMostAnswer = 64u << 10;
constexpr std::size_t kShownOfAnswer = 200;

Result<HttpReply> post(HttpClient& http, const TrustedWitness& witness, const AddCheckpoint& request) {
  HttpRequest ask;
  ask.method = "POST";
  std::string_view prefix = witness.url;
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  ask.url = concat(prefix, kAddCheckpoint);
  ask.body = to_text(request);
  ask.max_bytes = kMostAnswer;
  ask.timeout = kPatience;
  ask.follow_redirects = false;
  return fetch(http, std::move(ask));
}

// The size a witness says it has, when it says so.
std::optional<std::int64_t> told_size(const HttpReply& reply) {
  if (reply.status != 409 || !reply.header("content-type").starts_with(kSizeType)) return std::nullopt;
  std::string_view body = reply.body;
  const std::optional<std::string_view> line = take_line(body);
  return line ? from_strict_decimal(*line) : std::nullopt;
}

// What a stranger answered, fit for one line of a log or a terminal.
std::string one_line(std::string_view body) {
  std::string text = to_valid_utf8(first_code_points(trim(body), kShownOfAnswer));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = ' ';
  }
  return text;
}

Error refused(const TrustedWitness& witness, const HttpReply& reply) {
  const bool its_fault = reply.status >= 500 || reply.status == 429;
  return {its_fault ? ErrorKind::transient : ErrorKind::denied,
          concat("witness ", witness.name, " answered ", std::to_string(reply.status), ": ", one_line(reply.body)),
          reply.retry_after};
}

Result<Witnessed> read_answer(const TrustedWitness& witness, std::string_view body, std::string_view text, Time now) {
  while (const std::optional<std::string_view> line = take_line(body)) {
    const Result<NoteSignature> signature = parse_signature_line(*line);
    if (!signature) break;
    const std::optional<Time> at = cosigned_at(text, witness.key, *signature);
    if (!at) continue;
    if (*at > now + kMostDrift || *at < now - kMostDrift) {
      return fail(ErrorKind::denied,
                  concat("witness ", witness.name, " says it is ", format_rfc3339(*at), ", this machine's clock ",
                         format_rfc3339(now), ": set the one that is wrong"));
    }
    return Witnessed{*signature, *at};
  }
  return fail(ErrorKind::denied, concat("witness ", witness.name, " answered without a cosignature of its key"));
}

}  // namespace

Result<Witnessed> ask_witness(HttpClient& http, const TrustedWitness& witness, const std::string& signed_checkpoint,
                              std::int64_t known_size, Nodes& nodes, Time now) {
  TRY(const SignedNote ours, parse_signed_checkpoint(signed_checkpoint));
  const std::int64_t size = ours.checkpoint.head.size;
  std::int64_t old_size = std::min(known_size, size);
  for (bool told = false;; told = true) {
    AddCheckpoint request{old_size, {}, signed_checkpoint};
    TRY(request.proof, consistency_proof(nodes, old_size, size));
    TRY(const HttpReply reply, post(http, witness, request));
    if (reply.status == 200) return read_answer(witness, reply.body, ours.note.text, now);
    const std::optional<std::int64_t> has = told_size(reply);
    if (!has || told) return fail(refused(witness, reply));
    if (*has > size) {
      return fail(ErrorKind::denied, concat("witness ", witness.name, " has seen ", std::to_string(*has),
                                            " leaves of this log, here there are ", std::to_string(size),
                                            ": was an old backup restored?"));
    }
    old_size = *has;
  }
}

}  // namespace vigie::tlog
