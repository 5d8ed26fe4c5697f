#include "collectors/stream.h"

namespace vigie {

bool is_stream(std::string_view kind) { return kind == "jetstream" || kind == "mastodon-stream"; }

Result<std::unique_ptr<Stream>> open_stream(const SourceSettings& settings) {
  if (settings.kind == "jetstream") return open_jetstream(settings);
  if (settings.kind == "mastodon-stream") return open_mastodon_stream(settings);
  return fail(ErrorKind::bad_config, concat("kind: expected a stream, found \"", settings.kind, "\""));
}

}  // namespace vigie
