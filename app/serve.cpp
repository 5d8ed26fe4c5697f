#include "app/serve.h"

#include "wall/wall.h"

namespace vigie {

Result<std::unique_ptr<Serve>> Serve::start(const ConsoleContext& context) {
  auto serve = std::make_unique<Serve>();
  const ServeSettings& settings = context.settings.serve;

  ServerOptions options;
  options.trusted_proxies = settings.trusted_proxies;
  options.name = "public";
  options.listen = settings.public_listen;
  TRY(serve->public_, serve_http(options, make_wall(context.settings, context.open, context.clock), context.metrics));

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
