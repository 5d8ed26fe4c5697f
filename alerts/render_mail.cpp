#include "alerts/facts.h"
#include "alerts/mail_view.h"
#include "alerts/message.h"
#include "alerts/phrases.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/template.h"

namespace vigie {
namespace {

Result<std::string> fill_template(std::string_view path, const json::Value& view, Escape escape) {
  const auto source = embedded(path);
  if (!source) return fail(ErrorKind::bug, concat("alerts: ", path, " is not in this build"));
  return render(*source, view, escape);
}

bool is_purpose(std::string_view purpose) {
  return purpose == "first" || purpose == "worse" || purpose == "resolved" || purpose == "reopened" ||
         purpose == "acked";
}

}  // namespace

Result<RenderedMail> render_mail(std::string_view document, std::string_view language, std::string_view time_zone) {
  TRY(const Facts facts, read_document(document));
  if (!is_purpose(facts.purpose)) {
    return fail(ErrorKind::bad_data,
                concat("alert document: no mail is written for the purpose \"", facts.purpose, "\""));
  }
  TRY(const Phrases phrases, Phrases::load(language, time_zone));
  RenderedMail mail;
  mail.subject = mail_subject(facts, phrases);
  TRY(const json::Document view, json::parse(mail_view(facts, phrases, language, mail.subject)));
  TRY(mail.text, fill_template("alerts/templates/mail.txt", view.root(), Escape::text));
  TRY(mail.html, fill_template("alerts/templates/mail.html", view.root(), Escape::html));
  return mail;
}

}  // namespace vigie
