#include "console/console.h"

#include "base/log.h"
#include "base/text.h"
#include "console/act_form.h"
#include "console/label_form.h"
#include "console/reviews_pages.h"
#include "console/sending_page.h"
#include "console/session.h"
#include "console/survey_page.h"
#include "console/verdict_form.h"
#include "console/view.h"
#include "console/wall_numbers.h"

namespace vigie {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// The page is one person's: no cache keeps it, and the login link's token is not passed on as a referrer.
std::vector<Header> page_headers() {
  return {{"Cache-Control", "no-store"},
          {"Content-Security-Policy", std::string(kPolicy)},
          {"Referrer-Policy", "same-origin"}};
}

ServerReply plain(int status, std::string text) {
  return {status, std::move(text), "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}};
}

ServerReply redirect(std::string to, std::string cookie) {
  return {303,
          "",
          "text/plain; charset=utf-8",
          {{"Location", std::move(to)}, {"Set-Cookie", std::move(cookie)}, {"Cache-Control", "no-store"}}};
}

ServerReply redirect(std::string to) {
  return {303, "", "text/plain; charset=utf-8", {{"Location", std::move(to)}, {"Cache-Control", "no-store"}}};
}

bool reads(const ServerRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

class Console {
 public:
  explicit Console(ConsoleContext context) : context_(std::move(context)) {}

  ServerReply answer(const ServerRequest& request) const {
    if (request.path.starts_with("/health/")) return health(request);
    if (!host_expected(context_.settings.serve, request.header("Host")))
      return message(request, 421, "refused.host_title", "refused.host");
    if (request.path.starts_with("/api/v1/import") && context_.import) return import(request);
    if (const auto incident = act_api_of(request.path)) return act_in_json(request, *incident);
    if (const auto survey = survey_measures_of(request.path)) return measures_in_json(request, *survey);
    if (const auto wall = wall_numbers_api_of(request.path)) return wall_numbers(request, *wall);
    if (is_reviews_api(request.path)) return reviews_api(request);
    if (request.method == "POST") return post(request);
    if (!reads(request)) return message(request, 405, "refused.method_title", "refused.method");
    if (request.path == "/metrics")
      return {
          200, context_.metrics.text(), "text/plain; version=0.0.4; charset=utf-8", {{"Cache-Control", "no-store"}}};
    if (request.path.starts_with("/assets/")) return asset(request);
    if (request.path == "/login") return login_form(request);
    return page(request);
  }

 private:
  ConsoleView view(const ServerRequest& request, const Wording& wording) const {
    return {context_.settings, request, wording, context_.clock.now(), context_.themes};
  }

  Result<Wording> wording(const ServerRequest& request) const {
    return Wording::load("console", choose_language(request.param("lang"), request.header("Accept-Language"), "en"));
  }

  ServerReply health(const ServerRequest& request) const {
    if (!reads(request)) return plain(405, "GET or HEAD\n");
    if (request.path == "/health/live") return plain(200, "ok\n");
    if (request.path != "/health/ready") return plain(404, "there is /health/live and /health/ready\n");
    const std::string why = context_.not_ready ? context_.not_ready() : "";
    if (!why.empty()) return plain(503, concat(why, "\n"));
    // Ready means that a reader would get an answer: the store opens.
    const auto store = context_.open();
    return store ? plain(200, "ok\n") : plain(503, concat(store.error().what, "\n"));
  }

  ServerReply html(int status, const Result<std::string>& body) const {
    if (!body) {
      log::error("console", body.error().what);
      return plain(500, "unavailable\n");
    }
    return {status, *body, "text/html; charset=utf-8", page_headers()};
  }

  ServerReply message(const ServerRequest& request, int status, std::string_view title, std::string_view key,
                      std::string_view refresh = "") const {
    const auto body = [&]() -> Result<std::string> {
      TRY(const Wording said, wording(request));
      const ConsoleView seen = view(request, said);
      return console_message(seen, title, key, refresh);
    }();
    ServerReply reply = html(status, body);
    if (!refresh.empty()) reply.headers.emplace_back("Refresh", concat("0; url=", refresh));
    if (status == 405) reply.headers.emplace_back("Allow", "GET, HEAD");
    return reply;
  }

  ServerReply failure(const ServerRequest& request, const Error& error) const {
    log::error("console", error.what, {{"path", request.path}});
    return message(request, 503, "refused.error_title", "refused.error");
  }

  ServerReply asset(const ServerRequest& request) const {
    for (const Asset& asset : console_assets()) {
      if (asset.path == request.path) return asset_reply(asset);
    }
    return message(request, 404, "refused.not_found_title", "refused.not_found");
  }

  // Shows a button and changes nothing: mail scanners and prefetchers open every link they see.
  ServerReply login_form(const ServerRequest& request) const {
    return html(200, [&]() -> Result<std::string> {
      TRY(const Wording said, wording(request));
      const ConsoleView seen = view(request, said);
      json::Writer data;
      data.begin_object()
          .key("t")
          .value(said.catalogue())
          .member("token", request.param("token"))
          .member("lang", said.language())
          .end_object();
      TRY(const std::string body, fill_template("console/assets/login.mustache", data));
      return console_frame(seen, said.say("login.title"), body, false);
    }());
  }

  ServerReply post(const ServerRequest& request) const {
    if (!same_origin(request)) return message(request, 403, "refused.origin_title", "refused.origin");
    const auto done = [&]() -> Result<ServerReply> {
      if (const auto mention = label_form_of(request.path)) return label(request, *mention);
      if (const auto incident = verdict_form_of(request.path)) return verdict(request, *incident);
      if (const auto incident = act_form_of(request.path)) return act(request, *incident);
      if (is_reviews_path(request.path)) return review_form(request);
      if (is_sending_form(request.path)) return sending(request);
      if (request.path != "/login" && request.path != "/logout")
        return message(request, 405, "refused.method_title", "refused.method");
      TRY(const std::unique_ptr<Store> store, context_.open());
      const std::string home =
          concat("/?lang=", choose_language(request.form("lang"), request.header("Accept-Language"), "en"));
      if (request.path == "/logout") {
        TRY(sign_out(request, *store, context_.clock.now()));
        return redirect(home, no_session_cookie());
      }
      TRY(const std::string session, sign_in(request.form("token"), *store, context_.clock.now()));
      if (session.empty()) return message(request, 403, "login.used_title", "login.used");
      return redirect(home, session_cookie(session, request.secure));
    }();
    return done ? *done : failure(request, done.error());
  }

  Result<ServerReply> label(const ServerRequest& request, std::int64_t mention) const {
    return take_form(request, "label_form.gone",
                     [&](Store& store) { return take_label(request, mention, store, context_.clock.now()); });
  }

  Result<ServerReply> verdict(const ServerRequest& request, const std::string& incident) const {
    return take_form(request, "incident.not_found",
                     [&](Store& store) { return take_verdict(request, incident, store, context_.clock.now()); });
  }

  Result<ServerReply> act(const ServerRequest& request, const std::string& incident) const {
    return take_form(request, "incident.not_found", [&](Store& store) -> Result<std::string> {
      TRY(std::string back, take_act(request, incident, context_.settings, store, context_.clock.now()));
      if (context_.acted) context_.acted();
      return back;
    });
  }

  // The senders notice by themselves, within a second.
  Result<ServerReply> sending(const ServerRequest& request) const {
    return take_form(request, "outgoing.gone",
                     [&](Store& store) { return take_sending_form(request, store, context_.clock.now()); });
  }

  // For programs and the console's own scripts; carried out within a second, so the answer is 202.
  ServerReply act_in_json(const ServerRequest& request, const std::string& incident) const {
    if (request.method != "POST") return refuse_json(405, "expected a POST");
    if (!same_origin(request)) return refuse_json(403, "the request comes from another site");
    const auto done = [&]() -> Result<ServerReply> {
      TRY(const std::unique_ptr<Store> store, context_.open());
      TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
      if (!inside) return refuse_json(401, "sign in first");
      const auto taken = take_act_in_json(request, incident, context_.settings, *store, context_.clock.now());
      if (!taken && taken.error().kind == ErrorKind::gone) return refuse_json(404, "there is no such incident");
      if (!taken && taken.error().kind == ErrorKind::bad_data) return refuse_json(422, taken.error().what);
      if (!taken) return fail(taken.error());
      if (context_.acted) context_.acted();
      return ServerReply{202, *taken, "application/json", {{"Cache-Control", "no-store"}}};
    }();
    if (done) return *done;
    log::error("console", done.error().what, {{"path", request.path}});
    return refuse_json(503, "not now");
  }

  ServerReply wall_numbers(const ServerRequest& request, const std::string& brand) const {
    if (!reads(request)) return refuse_json(405, "expected a GET");
    const auto done = [&]() -> Result<ServerReply> {
      TRY(const std::unique_ptr<Store> store, context_.open());
      TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
      if (!inside) return refuse_json(401, "sign in first");
      const auto json = wall_numbers_json(brand, context_.settings, *store);
      if (!json && json.error().kind == ErrorKind::gone) return refuse_json(404, json.error().what);
      if (!json) return fail(json.error());
      return ServerReply{200, *json, "application/json", {{"Cache-Control", "no-store"}}};
    }();
    if (done) return *done;
    log::error("console", done.error().what, {{"path", request.path}});
    return refuse_json(503, "not now");
  }

  ServerReply measures_in_json(const ServerRequest& request, const std::string& survey) const {
    if (!reads(request)) return refuse_json(405, "expected a GET");
    const auto done = [&]() -> Result<ServerReply> {
      TRY(const std::unique_ptr<Store> store, context_.open());
      TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
      if (!inside) return refuse_json(401, "sign in first");
      TRY(const Wording said, wording(request));
      const ConsoleView seen = view(request, said);
      const auto found = survey_measures(seen, *store, survey);
      if (!found && found.error().kind == ErrorKind::bad_data) return refuse_json(422, found.error().what);
      TRY(const std::optional<std::string> body, found);
      if (!body) return refuse_json(404, "there is no such survey");
      return ServerReply{200, *body, "application/json", {{"Cache-Control", "no-store"}}};
    }();
    if (done) return *done;
    log::error("console", done.error().what, {{"path", request.path}});
    return refuse_json(503, "not now");
  }

  // A form of the reviews' pages: carried out, or a mask looked at first.
  Result<ServerReply> review_form(const ServerRequest& request) const {
    TRY(const std::unique_ptr<Store> store, context_.open());
    TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
    if (!inside) return message(request, 401, "login.needed_title", "login.needed");
    const std::string language = choose_language(request.form("lang"), request.header("Accept-Language"), "en");
    TRY(const Wording said, Wording::load("console", language));
    ConsoleView seen = view(request, said);
    const auto order = order_of_form(seen, *store);
    const auto refuse = [&](const Error& why) -> Result<ServerReply> {
      TRY(std::optional<std::string> body, refused_form_page(seen, *store, why));
      if (!body) return message(request, 404, "refused.not_found_title", "refused.not_found");
      return html(422, *std::move(body));
    };
    if (!order && order.error().kind == ErrorKind::bad_data) return refuse(order.error());
    TRY(const std::optional<ReviewOrder> wanted, order);
    if (!wanted || !context_.review_desk) return message(request, 404, "refused.not_found_title", "refused.not_found");
    if (wants_preview(request)) {
      ServerRequest page = request;
      page.path = page.path.substr(0, page.path.size() - std::string_view("/act").size());
      const ConsoleView again = view(page, said);
      TRY(std::optional<std::string> body, reviews_page(again, *store, *wanted));
      if (!body) return message(request, 404, "refused.not_found_title", "refused.not_found");
      return html(200, *std::move(body));
    }
    const Result<std::string> done = context_.review_desk(*wanted);
    if (done) return redirect(back_from(seen, *wanted));
    if (done.error().kind == ErrorKind::gone)
      return message(request, 404, "refused.not_found_title", "refused.not_found");
    if (done.error().kind == ErrorKind::bad_data) return refuse(done.error());
    return fail(done.error());
  }

  ServerReply reviews_api(const ServerRequest& request) const {
    if (!reads(request) && request.method != "POST") return refuse_json(405, "expected a GET or a POST");
    if (!reads(request) && !same_origin(request)) return refuse_json(403, "the request comes from another site");
    const auto done = [&]() -> Result<ServerReply> {
      TRY(const std::unique_ptr<Store> store, context_.open());
      TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
      if (!inside) return refuse_json(401, "sign in first");
      if (reads(request)) {
        TRY(const std::optional<std::string> body, reviews_json(context_.settings, request, *store));
        if (!body) return refuse_json(404, "there is no such review");
        return ServerReply{200, *body, "application/json", {{"Cache-Control", "no-store"}}};
      }
      const auto order = order_of_json(request, *store);
      const auto answer = [&](const Error& error) -> Result<ServerReply> {
        if (error.kind == ErrorKind::bad_data) return refuse_json(422, error.what);
        if (error.kind == ErrorKind::gone) return refuse_json(404, error.what);
        return fail(error);
      };
      if (!order) return answer(order.error());
      if (!*order || !context_.review_desk) return refuse_json(404, "there is no such review, or no such act");
      const Result<std::string> carried = context_.review_desk(**order);
      if (!carried) return answer(carried.error());
      json::Writer out;
      out.begin_object().member("act", (*order)->act).member("done", *carried).end_object();
      return ServerReply{200, out.take(), "application/json", {{"Cache-Control", "no-store"}}};
    }();
    if (done) return *done;
    log::error("console", done.error().what, {{"path", request.path}});
    return refuse_json(503, "not now");
  }

  static ServerReply refuse_json(int status, std::string_view why) {
    json::Writer out;
    out.begin_object().member("error", why).end_object();
    return {status, out.take(), "application/json", {{"Cache-Control", "no-store"}}};
  }

  // `take` answers with the address to go back to.
  Result<ServerReply> take_form(const ServerRequest& request, std::string_view gone,
                                const std::function<Result<std::string>(Store&)>& take) const {
    TRY(const std::unique_ptr<Store> store, context_.open());
    TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
    if (!inside) return message(request, 401, "login.needed_title", "login.needed");
    const Result<std::string> back = take(*store);
    if (back) return redirect(*back);
    if (back.error().kind == ErrorKind::gone) return message(request, 404, "refused.not_found_title", gone);
    if (back.error().kind == ErrorKind::bad_data) return plain(400, concat(back.error().what, "\n"));
    return fail(back.error());
  }

  // Answers in JSON: programs and the console's own scripts ask.
  ServerReply import(const ServerRequest& request) const {
    if (!reads(request) && !same_origin(request)) return refuse_json(403, "the request comes from another site");
    const auto done = [&]() -> Result<ServerReply> {
      TRY(const std::unique_ptr<Store> store, context_.open());
      TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
      return inside ? context_.import(request) : refuse_json(401, "sign in first");
    }();
    if (done) return *done;
    log::error("console", done.error().what, {{"path", request.path}});
    return refuse_json(503, "not now");
  }

  // Browsers keep a SameSite=Strict cookie back when the link stood on another site, in a webmail say; asked again from
  // our own page they send it.
  ServerReply not_signed_in(const ServerRequest& request) const {
    if (request.header("Sec-Fetch-Site") != "cross-site")
      return message(request, 401, "login.needed_title", "login.needed");
    return message(request, 200, "login.continue_title", "login.continue", own_address(request));
  }

  ServerReply page(const ServerRequest& request) const {
    const auto done = [&]() -> Result<ServerReply> {
      TRY(const std::unique_ptr<Store> store, context_.open());
      TRY(const bool inside, signed_in(request, *store, context_.clock.now()));
      if (!inside) return not_signed_in(request);
      TRY(const Wording said, wording(request));
      const ConsoleView seen = view(request, said);
      if (request.path == "/") {
        TRY(std::string body, overview_page(seen, *store));
        return html(200, std::move(body));
      }
      if (request.path == kSendingPath) {
        TRY(std::string body, sending_page(seen, *store));
        return html(200, std::move(body));
      }
      constexpr std::string_view kIncidents = "/incidents/", kSurveys = "/surveys/";
      if (is_reviews_path(request.path)) {
        TRY(std::optional<std::string> body, reviews_page(seen, *store));
        if (!body) return message(request, 404, "refused.not_found_title", "refused.not_found");
        return html(200, *std::move(body));
      }
      if (request.path == "/surveys") {
        TRY(std::string body, surveys_page(seen, *store));
        return html(200, std::move(body));
      }
      if (request.path.starts_with(kSurveys)) {
        TRY(std::optional<std::string> body,
            survey_page(seen, *store, std::string_view(request.path).substr(kSurveys.size())));
        if (!body) return message(request, 404, "refused.not_found_title", "refused.not_found");
        return html(200, *std::move(body));
      }
      if (!request.path.starts_with(kIncidents))
        return message(request, 404, "refused.not_found_title", "refused.not_found");
      TRY(std::optional<std::string> body, incident_page(seen, *store, request.path.substr(kIncidents.size())));
      if (!body) return message(request, 404, "incident.not_found_title", "incident.not_found");
      return html(200, *std::move(body));
    }();
    return done ? *done : failure(request, done.error());
  }

  const ConsoleContext context_;
};

}  // namespace

Handler make_console(ConsoleContext context) {
  const auto console = std::make_shared<const Console>(std::move(context));
  return [console](const ServerRequest& request) { return console->answer(request); };
}

Result<std::string> make_login_link(const Settings& settings, Store& store, const Clock& clock) {
  TRY(const std::string token, issue_token(store, "login", clock.now() + kLoginLink));
  std::string_view base = settings.serve.console_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  return concat(base, "/login?token=", token);
}

}  // namespace vigie
