// An event in a Matrix room: `url` of the homeserver, `secret` an access token, `to` the room's id. The transaction is
// named after the notification, so that a repetition is known; updates stand in the thread of the first message. Rooms
// that are encrypted would show it in the clear: not meant for those. Facts: ALERTS.md 2.8;
// https://spec.matrix.org/latest/client-server-api/#sending-events-to-a-room.

#include "alerts/chat_layout.h"
#include "alerts/http_channel.h"
#include "alerts/notifier_kind.h"
#include "alerts/own_words.h"
#include "base/json.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kContent = 50'000;  // bytes; of a whole event 65,536

// By the usual push rules a notice rings for nobody: it is for what asks nothing of anybody.
std::string_view message_type(const Story& story) {
  for (const std::string_view quiet : {"acked", "resolved", "over", "digest", "budget"}) {
    if (story.purpose == quiet) return "m.notice";
  }
  return "m.text";
}

void write_thread(json::Writer& out, const Outgoing& to) {
  if (!to.thread.starts_with('$')) return;
  const std::string& last = to.previous.starts_with('$') ? to.previous : to.thread;
  out.key("m.relates_to").begin_object().member("rel_type", "m.thread").member("event_id", to.thread);
  // For clients without threads it is an answer to the message before.
  out.key("is_falling_back").boolean(true).key("m.in_reply_to").begin_object().member("event_id", last);
  out.end_object().end_object();
}

// own: the operator's words, "" where the shipped ones are said.
std::string content_of(const Story& story, const Outgoing& to, const std::string& own) {
  const ChatLines plain = lines_of(story, Markup::plain);
  const ChatLines html = lines_of(story, Markup::matrix);
  json::Writer out;
  out.begin_object().member("msgtype", message_type(story));
  out.member("body", concat(plain.headline, "\n", body_of(plain, {"> "})));
  out.member("format", "org.matrix.custom.html");
  out.member("formatted_body",
             !own.empty() ? own
                          : concat("<b>", html.headline, "</b><br>", body_of(html, {"<blockquote>", "</blockquote>"}, "<br>")));
  out.key("m.mentions").begin_object().end_object();  // nobody is mentioned, whatever the text looks like
  write_thread(out, to);
  return out.end_object().take();
}

class Matrix final : public Notifier {
 public:
  explicit Matrix(const NotifierContext& context) : http_(context.http) {}

  Result<std::string> render(const Story& story, const Outgoing& out) override {
    if (!out.endpoint.to.starts_with('!'))
      return fail(
          ErrorKind::bad_config,
          concat("to: expected a room's id (\"!room:example.org\", in the room's settings under Advanced), found \"",
                 shown(out.endpoint.to), "\""));
    const std::string own = own_words(story, out.endpoint, Markup::matrix, kContent / 2).value_or("");
    const auto fits = [&](const Story& cut) { return content_of(cut, out, own).size() <= kContent; };
    return content_of(fitted(story, fits), out, own);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    return named("matrix", out.endpoint, deliver(payload, out), UrlIs::known);
  }

 private:
  Result<Sent> deliver(const std::string& payload, const Outgoing& out) {
    const EndpointSettings& to = out.endpoint;
    if (to.url.empty() || to.secret.empty())
      return fail(ErrorKind::bad_config, "no account: set `url` to the homeserver and `secret` to an access token");
    const std::string_view server = std::string_view(to.url).substr(0, to.url.find_last_not_of('/') + 1);
    TRY(const HttpReply reply, post(http_, {.url = concat(server, "/_matrix/client/v3/rooms/", url_encode(to.to),
                                                          "/send/m.room.message/", url_encode(out.notification.id)),
                                            .body = payload,
                                            .secret_headers = {{"Authorization", "Bearer " + to.secret}},
                                            .method = "PUT"}));
    TRY(judge_status(reply, {.denied = "check the token in `secret`, and that its account is in the room",
                             .missing = ErrorKind::gone,
                             .missing_advice = "no such room or homeserver, check `url` and `to`"}));
    const auto document = json::parse(reply.body);
    const std::string id = document ? document->root().text_or("event_id", "") : "";
    if (id.empty()) return fail(not_understood(reply));
    return Sent{id, true};
  }

  HttpClient& http_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<Matrix>(context); }

}  // namespace

NotifierKind matrix_notifier() { return {"matrix", make, {true, {}, kDay}}; }

}  // namespace vigie
