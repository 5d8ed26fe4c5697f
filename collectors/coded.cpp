#include "collectors/coded.h"

#include <algorithm>

#include "collectors/imap.h"
#include "collectors/push.h"
#include "collectors/stream.h"

namespace vigie {
namespace {

Result<void> check_stream(const SourceSettings& settings) {
  TRY(open_stream(settings));
  return {};
}

}  // namespace

const std::vector<CodedKind>& coded_kinds() {
  static const std::vector<CodedKind> kinds = {
      {"imap",
       "message",
       "seen",
       "A mailbox: review alerts, contact mails. Reading marks mails as seen: give it a mailbox of its own",
       {"host", "user", "mailbox?", "port?", "tls?", "from?", "subject?"},
       {"password"},
       [](const SourceSettings& settings) -> Result<void> {
         TRY(open_mailbox(settings));
         return {};
       }},
      {"jetstream",
       "post",
       "documented",
       "Every public post on Bluesky as it is written; those about a brand are kept",
       {"host?", "tls?"},
       {},
       check_stream},
      {"mastodon-stream",
       "post",
       "documented",
       "Posts of a hashtag, or mentions of the account, from a Mastodon server as they are written",
       {"host", "hashtag?", "streaming?", "tls?"},
       {"token"},
       check_stream},
      {"push",
       "any",
       "seen",
       "What others send, signed, to /in/{id} of the public listener",
       {"content?", "items?", "map.*?"},
       {"secret"},
       [](const SourceSettings& settings) -> Result<void> {
         TRY(open_push(settings));
         return {};
       }},
  };
  return kinds;
}

const CodedKind* find_coded(std::string_view kind) {
  const auto& kinds = coded_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const CodedKind& k) { return k.id == kind; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace vigie
