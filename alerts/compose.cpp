#include "alerts/compose.h"

#include <algorithm>

#include "alerts/chart.h"
#include "alerts/letter.h"
#include "alerts/mail_view.h"
#include "alerts/mime.h"
#include "base/http.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kLocalFrom = "Vigie <vigie@localhost>";
constexpr std::size_t kLongestLink = 900;  // a line of a mail has room for 998 bytes
constexpr std::size_t kLongestName = 120;

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

// A Message-ID that an earlier message of ours came back with.
bool is_message_id(std::string_view text) {
  return text.size() > 4 && text.size() < 300 && text.front() == '<' && text.back() == '>' &&
         std::all_of(text.begin() + 1, text.end() - 1,
                     [](char c) { return c > 0x20 && c < 0x7f && c != '<' && c != '>'; });
}

// No mail carries the root's id; programs that thread by references still put all mails of an incident together. The
// mails before this one are named too, for those that look for a mail they have.
void add_thread(Mail& mail, const std::string& root, const Outgoing& out) {
  std::string references = root, parent = root;
  for (const std::string* earlier : {&out.thread, &out.previous}) {
    if (!is_message_id(*earlier) || *earlier == mail.message_id) continue;
    if (references.find(*earlier) == std::string::npos) references.append(" ").append(*earlier);
    parent = *earlier;
  }
  mail.headers.emplace_back("In-Reply-To", parent);
  mail.headers.emplace_back("References", references);
}

// RFC 2369 and 8058: one click asks for an address over TLS, and for nothing that could end the header's brackets.
void add_unsubscribe(Mail& mail, const std::string& url) {
  if (url.empty() || url.size() > kLongestLink) return;
  if (!std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '<' && c != '>'; })) return;
  mail.headers.emplace_back("List-Unsubscribe", concat("<", url, ">"));
  if (url.starts_with("https://")) mail.headers.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

std::string list_id(const Story& story, const std::string& host) {
  return story.brand.empty() ? concat("<alerts.", host, ">") : concat("<", dotted(story.brand), ".alerts.", host, ">");
}

// Answers go to people, where the operator names them; the sender is a machine's address.
void add_reply_to(Mail& mail, const EndpointSettings& endpoint) {
  if (!endpoint.from.empty()) mail.headers.emplace_back("Reply-To", endpoint.from);
}

}  // namespace

Result<ComposedMail> compose_mail(const Story& story, const Outgoing& out, const NotifierContext& context) {
  Mail mail;
  TRY(mail.from, parse_mailbox(context.mail.from.empty() ? kLocalFrom : context.mail.from));
  if (!out.endpoint.to.empty()) {
    TRY(mail.to, parse_mailbox(out.endpoint.to));
  }
  const std::string host = id_host(context.public_url, mail.from);
  mail.subject = story.subject;
  mail.date = format_mail_date(context.clock.now());
  mail.message_id = concat("<n-", dotted(out.notification.id), "@", host, ">");
  add_reply_to(mail, out.endpoint);
  if (!story.incident.empty()) add_thread(mail, concat("<inc-", dotted(story.incident), "@", host, ">"), out);
  if (const Story::Link* link = story.link("unsubscribe")) add_unsubscribe(mail, link->url);
  mail.headers.insert(mail.headers.end(),
                      {
                          {"Auto-Submitted", "auto-generated"},  // RFC 3834: no holiday answers, please
                          {"X-Auto-Response-Suppress", "All"},   // the same wish, in the form Exchange reads
                          {"List-Id", list_id(story, host)},
                          {"X-Vigie-Notification", out.notification.id},
                          {"X-Vigie-Purpose", out.notification.purpose},
                      });
  if (!story.incident.empty()) mail.headers.emplace_back("X-Vigie-Incident", story.incident);
  if (!story.brand.empty()) mail.headers.emplace_back("X-Vigie-Brand", shorten(story.brand, kLongestName));

  TRY(const std::string picture, chart_png(story));
  const std::string cid = concat("chart-", dotted(out.notification.id), "@", host);
  TRY(RenderedMail rendered, render_mail(story, picture.empty() ? "" : concat("cid:", cid)));
  mail.text = std::move(rendered.text);
  mail.html = std::move(rendered.html);
  if (!picture.empty()) mail.images.push_back({cid, "image/png", "chart.png", picture});
  TRY(std::string bytes, to_mime(mail));
  return ComposedMail{mail.message_id, std::move(bytes)};
}

Result<std::string> compose_letter(const CustomerLetter& letter, const Outgoing& out, const NotifierContext& context) {
  Mail mail;
  TRY(mail.from, parse_mailbox(context.mail.from.empty() ? kLocalFrom : context.mail.from));
  if (!letter.from_name.empty()) mail.from.name = letter.from_name;
  TRY(mail.to, parse_mailbox(letter.to));
  const std::string host = id_host(context.public_url, mail.from);
  mail.subject = letter.subject;
  mail.date = format_mail_date(context.clock.now());
  mail.message_id = concat("<n-", dotted(out.notification.id), "@", host, ">");
  add_reply_to(mail, out.endpoint);
  add_unsubscribe(mail, letter.unsubscribe);
  mail.headers.insert(mail.headers.end(), {{"Auto-Submitted", "auto-generated"},
                                           {"X-Auto-Response-Suppress", "All"},
                                           {"List-Id", concat("<surveys.", host, ">")},
                                           {"Content-Language", letter.lang},
                                           {"X-Vigie-Notification", out.notification.id},
                                           {"X-Vigie-Purpose", out.notification.purpose}});
  mail.text = letter.text;
  mail.html = letter.html;
  return to_mime(mail);
}

Result<std::string> mail_page(const Story& story) {
  TRY(const std::string picture, chart_png(story));
  TRY(RenderedMail page,
      render_mail(story, picture.empty() ? "" : concat("data:image/png;base64,", to_base64(picture))));
  return std::move(page.html);
}

}  // namespace vigie
