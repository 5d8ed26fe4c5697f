#include "app/serve.h"

#include "wall/wall.h"

namespace vigie {
namespace {

// A review waits here for its receipt, a push for the store: with many at once the log's batches grow, and nobody who
// reads a page waits behind them.
constexpr std::size_t kPublicThreads = 192;
constexpr std::size_t kUploadBytes = 32u << 20;  // of a file uploaded to the console

}  // namespace

Result<std::unique_ptr<Serve>> Serve::start(const ConsoleContext& context, std::vector<Guest> guests, bool own_time) {
  auto serve = std::make_unique<Serve>();
  const ServeSettings& settings = context.settings.serve;

  ServerOptions options;
  options.trusted_proxies = settings.trusted_proxies;
  options.name = "public";
  options.listen = settings.public_listen;
  options.threads = guests.empty() ? options.threads : kPublicThreads;
  const Handler wall = make_wall(context.settings, context.open, context.clock, own_time);
  const Handler all = [wall, guests = std::move(guests)](const ServerRequest& request) {
    for (const Guest& guest : guests) {
      if (std::optional<ServerReply> reply = guest(request)) return *std::move(reply);
    }
    return wall(request);
  };
  TRY(serve->public_, serve_http(options, all, context.metrics));

  options.threads = ServerOptions{}.threads;
  if (context.import) {  // files come through here, from few people
    options.max_body = kUploadBytes;
    options.max_connections = 64;
  }
  options.name = "console";
  options.listen = settings.console_listen;
  TRY(serve->console_, serve_http(options, make_console(context), context.metrics));
  return serve;
}

void Serve::stop() {
  public_->stop();
  console_->stop();
}

}  // namespace vigie
