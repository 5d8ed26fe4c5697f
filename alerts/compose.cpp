#include "alerts/compose.h"

#include <algorithm>

#include "alerts/mail_view.h"
#include "alerts/mime.h"
#include "base/http.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kLocalFrom = "Vigie <vigie@localhost>";

// A Message-ID needs a name that is ours: the public host, or, where that is only an address, the sender's domain.
std::string id_host(const std::string& public_url, const MailAddress& from) {
  std::string host = origin_of(public_url);
  host = host.substr(std::min(host.size(), host.find("://") == std::string::npos ? host.size() : host.find("://") + 3));
  const bool is_name =
      !host.empty() && host.front() != '[' && host.find_first_not_of("0123456789.:") != std::string::npos;
  if (is_name) return host.substr(0, host.find(':'));
  return from.address.substr(from.address.rfind('@') + 1);
}

// What may stand in a Message-ID or List-Id: ids are ours, but a configuration is typed by hand.
std::string dotted(std::string_view text) {
  std::string out = ascii_lower(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'); },
      '-');
  return out;
}

}  // namespace

Result<ComposedMail> compose_mail(const Story& story, const Outgoing& out, const NotifierContext& context) {
  TRY(RenderedMail rendered, render_mail(story));
  Mail mail;
  TRY(mail.from, parse_mailbox(context.mail.from.empty() ? kLocalFrom : context.mail.from));
  if (!out.endpoint.to.empty()) {
    TRY(mail.to, parse_mailbox(out.endpoint.to));
  }
  const std::string host = id_host(context.public_url, mail.from);
  const std::string root = concat("<inc-", dotted(story.incident), "@", host, ">");
  mail.subject = story.subject;
  mail.date = format_mail_date(context.clock.now());
  mail.message_id = concat("<n-", dotted(out.notification.id), "@", host, ">");
  mail.headers = {
      // No mail carries the root's id; clients that thread by references still put all mails of an incident together.
      {"In-Reply-To", root},
      {"References", root},
      {"Auto-Submitted", "auto-generated"},  // RFC 3834: no holiday answers, please
      {"X-Auto-Response-Suppress", "All"},   // the same wish, in the form Exchange reads
      {"List-Id", concat("<", dotted(story.brand), ".alerts.", host, ">")},
      {"X-Vigie-Incident", story.incident},
      {"X-Vigie-Notification", out.notification.id},
      {"X-Vigie-Brand", story.brand_name},
      {"X-Vigie-Purpose", out.notification.purpose},
  };
  mail.text = std::move(rendered.text);
  mail.html = rendered.html;
  TRY(std::string bytes, to_mime(mail));
  return ComposedMail{mail.message_id, std::move(rendered.html), std::move(bytes)};
}

}  // namespace vigie
