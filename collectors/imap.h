// A mailbox as a source (SOURCES.md 4.12), without its connection: what to ask the server and what the answers mean.
//
// One visit is a search and one fetch a mail found. The bookmark is JSON {"box","validity","uid","history"}: the
// numbering (UIDVALIDITY) under which every mail up to `uid` was taken. When the server numbers its mails anew, they
// are all read again: a mail is known by its Message-ID, so the store takes none in twice.
//
// The search asks for one window of numbers, since libcurl cuts a long answer, and for the newest mail ("UID *"), which
// tells whether there are mails behind the window. "UID n:*" and "UID *" name the newest mail even when its number is
// below n: what lies outside the window is passed over.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/imap_client.h"
#include "config/settings.h"
#include "model/batch.h"

namespace vigie {

class Mailbox {
 public:
  Mailbox(const SourceSettings& settings, ImapAccount account);

  ImapRequest search(const Cursor& since) const;

  // What a search found: mails to fetch, oldest first, at most kPage; and the bookmark once they are taken.
  struct Found {
    std::uint32_t validity = 0;
    std::vector<std::uint32_t> uids;
    Cursor next;
    bool more = false;     // search again from `next`
    bool history = false;  // the first reading of what was there before
  };
  // bad_data when the server does not say how its mails are numbered.
  Result<Found> found(const ImapReply& reply, const Cursor& since) const;

  ImapRequest fetch(const Found& found, std::size_t index) const;
  // One mail into the batch: a mention, a reject, or nothing when the filters pass it over.
  void take(std::string_view bytes, Time now, Batch& batch) const;

  const std::string& source() const { return source_; }

  static constexpr std::size_t kPage = 20;
  static constexpr std::uint32_t kWindow = 5000;

 private:
  struct Mark;
  Mark read_mark(const Cursor& cursor) const;
  Cursor to_cursor(const Mark& mark) const;

  const std::string source_, box_;
  const ImapAccount account_;
  const std::string from_, subject_;  // filters, folded; "" = any
  std::string filter_;                // the same for the server, as far as it is ASCII
};

// params: host, user, mailbox?, port?, tls?, from?, subject?; secret: password. bad_config otherwise.
Result<std::unique_ptr<Mailbox>> open_mailbox(const SourceSettings& settings);

}  // namespace vigie
