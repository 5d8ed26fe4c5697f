// A mail to one person through the operator's own server. One transaction per recipient: no address is shown to
// another, and one that is refused takes nobody with it. Facts: ALERTS.md 2.1.

#include "alerts/compose.h"
#include "alerts/mime.h"
#include "alerts/notifier_kind.h"
#include "alerts/smtp.h"

namespace vigie {
namespace {

class Email final : public Notifier {
 public:
  explicit Email(const NotifierContext& context) : context_(context) {}

  Result<Sent> send(const Notification& notification, const EndpointSettings& endpoint) override {
    auto sent = deliver(notification, endpoint);
    if (sent) return sent;
    Error error = std::move(sent.error());
    error.what = concat("email ", endpoint.id, ": ", without_secrets(std::move(error.what), {context_.mail.password}));
    return fail(std::move(error));
  }

 private:
  Result<Sent> deliver(const Notification& notification, const EndpointSettings& endpoint) {
    if (context_.mail.host.empty()) return fail(ErrorKind::bad_config, "no mail server: set mail.host");
    if (endpoint.to.empty()) return fail(ErrorKind::bad_config, "no address: set `to` of this endpoint");
    TRY(const ComposedMail mail, compose_mail(notification, endpoint, context_));
    TRY(const MailAddress from, parse_mailbox(context_.mail.from));
    TRY(const MailAddress to, parse_mailbox(endpoint.to));
    TRY(send_smtp(context_.mail, from.address, to.address, mail.bytes));
    return Sent{mail.message_id, true};
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Email>(context); }

}  // namespace

NotifierKind email_notifier() { return {"email", make}; }

}  // namespace vigie
