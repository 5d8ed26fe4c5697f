#include "collectors/coded.h"

#include <algorithm>

#include "collectors/imap.h"

namespace vigie {

const std::vector<CodedKind>& coded_kinds() {
  static const std::vector<CodedKind> kinds = {
      {"imap", "A mailbox: review alerts, contact mails. Reading marks mails as seen: give it a mailbox of its own",
       {"host", "user", "mailbox?", "port?", "tls?", "from?", "subject?"},
       {"password"},
       [](const SourceSettings& settings) -> Result<void> {
         TRY(open_mailbox(settings));
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
