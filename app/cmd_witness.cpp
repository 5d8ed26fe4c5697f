#include "app/cmd_witness.h"

#include "app/exit.h"
#include "app/stop.h"
#include "base/whole_file.h"
#include "wall/log/keys.h"
#include "wall/log/witness.h"

namespace vigie {
namespace {

constexpr std::size_t kMostPolicy = 1u << 20;
constexpr const char* kPlain = "text/plain; charset=utf-8";

int report(std::ostream& err, const Error& error) {
  err << "vigie witness: " << error.what << "\n";
  return exit_status(error);
}

ServerReply plain(int status, std::string body) { return {status, std::move(body), kPlain, {}}; }

Result<std::vector<tlog::WitnessedLog>> read_logs(const std::string& path) {
  const Result<std::string> text = read_whole(path, kMostPolicy);
  if (!text) return fail(ErrorKind::bad_config, concat(path, ": expected a policy file, found ", text.error().what));
  const Result<tlog::Quorum> quorum = tlog::parse_quorum(*text);
  if (!quorum) return fail(ErrorKind::bad_config, concat(path, ": ", quorum.error().what));
  if (quorum->logs.empty())
    return fail(ErrorKind::bad_config, concat(path, ": no `log KEY` line: which logs should it watch?"));
  return tlog::witnessed_logs(*quorum);
}

ServerReply answer(tlog::Witness& witness, const std::string& vkey, const ServerRequest& request) {
  if (request.path == tlog::kAddCheckpoint) {
    if (request.method != "POST")
      return {405, "POST a checkpoint here (c2sp.org/tlog-witness)\n", kPlain, {{"Allow", "POST"}}};
    tlog::WitnessAnswer said = witness.add_checkpoint(request.body);
    return {said.status, std::move(said.body), std::move(said.content_type), {}};
  }
  if (request.path == "/")
    return plain(200, concat("A witness of transparency logs (c2sp.org/tlog-witness).\n", vkey, "\n"));
  return plain(404, "nothing here; a witness answers POST /add-checkpoint\n");
}

}  // namespace

int cmd_witness_key(const WitnessRequest& request, std::ostream& out, std::ostream& err) {
  const Result<tlog::SigningKey> key = tlog::make_key_file(request.key, request.name, tlog::KeyType::cosignature);
  if (!key) return report(err, key.error());
  const Result<tlog::VerifierKey> verifier = tlog::verifier_of(*key);
  if (!verifier) return report(err, verifier.error());
  out << to_text(*verifier) << "\n";
  return kDone;
}

Result<std::unique_ptr<HttpServer>> serve_witness(const WitnessRequest& request, const Clock& clock, Metrics& metrics) {
  TRY(const std::vector<tlog::SigningKey> keys, tlog::read_keys(request.key));
  TRY(const tlog::VerifierKey verifier, tlog::verifier_of(keys.front()));
  TRY(std::vector<tlog::WitnessedLog> logs, read_logs(request.policy));
  TRY(std::shared_ptr<tlog::Witness> witness, tlog::Witness::open(request.data, keys.front(), std::move(logs), clock));
  ServerOptions options;
  options.listen = request.listen;
  options.name = "witness";
  options.threads = 1;  // comparing and writing are one step: requests one after the other
  return serve_http(
      options,
      [witness, vkey = to_text(verifier)](const ServerRequest& asked) { return answer(*witness, vkey, asked); },
      metrics);
}

int cmd_witness_run(const WitnessRequest& request, std::ostream& out, std::ostream& err) {
  hold_stop_signals();
  const SystemClock clock;
  Metrics metrics;
  const Result<std::unique_ptr<HttpServer>> server = serve_witness(request, clock, metrics);
  if (!server) return report(err, server.error());
  out << "witnessing at http://" << (*server)->address() << "/add-checkpoint\n" << std::flush;
  wait_for_stop_signal();
  (*server)->stop();
  return kDone;
}

}  // namespace vigie
