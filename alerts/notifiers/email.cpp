// A mail to one person through the operator's own server. One transaction per recipient: no address is shown to
// another, and one that is refused takes nobody with it. Facts: ALERTS.md 2.1.

#include "alerts/compose.h"
#include "alerts/letter.h"
#include "alerts/mime.h"
#include "alerts/notifier_kind.h"
#include "alerts/smtp.h"

namespace vigie {
namespace {

// Of a mail of ours: the payload may be of an earlier process.
std::string message_id(std::string_view mail) {
  constexpr std::string_view kName = "\r\nMessage-ID: ";
  const std::size_t at = mail.find(kName);
  if (at == std::string_view::npos) return "";
  const std::string_view value = mail.substr(at + kName.size());
  return std::string(value.substr(0, value.find("\r\n")));
}

class Email final : public Notifier {
 public:
  explicit Email(const NotifierContext& context) : context_(context) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    TRY(const ComposedMail mail, compose_mail(story, out, context_));
    return mail.bytes;
  }

  Result<std::string> render_letter(const CustomerLetter& letter, const Outgoing& out) override {
    return compose_letter(letter, out, context_);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    auto sent = deliver(payload, out.endpoint);
    if (sent) return sent;
    Error error = std::move(sent.error());
    error.what =
        concat("email ", out.endpoint.id, ": ", without_secrets(std::move(error.what), {context_.mail.password}));
    return fail(std::move(error));
  }

 private:
  Result<Sent> deliver(const std::string& payload, const EndpointSettings& endpoint) {
    if (context_.mail.host.empty()) return fail(ErrorKind::bad_config, "no mail server: set mail.host");
    if (endpoint.to.empty()) return fail(ErrorKind::bad_config, "no address: set `to` of this endpoint");
    TRY(const MailAddress from, parse_mailbox(context_.mail.from));
    TRY(const MailAddress to, parse_mailbox(endpoint.to));
    TRY(send_smtp(context_.mail, from.address, to.address, payload));
    return Sent{message_id(payload), true};
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Email>(context); }

}  // namespace

NotifierKind email_notifier() { return {"email", make}; }

}  // namespace vigie
