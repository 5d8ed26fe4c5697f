#include "console/api.h"

#include "base/embedded.h"
#include "base/log.h"
#include "base/text.h"
#include "console/act_form.h"
#include "console/incident_json.h"
#include "console/reviews_pages.h"
#include "console/session.h"
#include "console/survey_page.h"
#include "console/view.h"
#include "console/wall_numbers.h"

namespace vigie {
namespace {

struct Asked {
  const ConsoleContext& context;
  const ServerRequest& request;
  Store& store;
  std::vector<std::string> steps;  // what stands where the route has braces
};

// Errors bad_data and gone are the caller's, and are told.
using Answer = Result<ServerReply> (*)(const Asked&);

ServerReply as_json(int status, std::string body) {
  return {status, std::move(body), "application/json", {{"Cache-Control", "no-store"}}};
}

ServerReply refuse(int status, std::string_view why) {
  json::Writer out;
  out.begin_object().member("error", why).end_object();
  return as_json(status, out.take());
}

Result<ServerReply> found(Result<std::optional<std::string>> body, std::string_view what) {
  TRY(std::optional<std::string> text, std::move(body));
  if (!text) return fail(ErrorKind::gone, concat("there is no such ", what));
  return as_json(200, *std::move(text));
}

Result<ServerReply> description(const Asked&) {
  return as_json(200, std::string(embedded("console/assets/openapi.json").value_or("{}")));
}

Result<ServerReply> import(const Asked& asked) {
  if (!asked.context.import) return fail(ErrorKind::gone, "files are not taken in here");
  return asked.context.import(asked.request);
}

Result<ServerReply> incidents(const Asked& asked) {
  TRY(std::string body, incidents_json(asked.request, asked.store));
  return as_json(200, std::move(body));
}

Result<ServerReply> incident(const Asked& asked) { return found(incident_json(asked.steps[0], asked.store), "incident"); }

// Carried out within a second, so the answer is 202.
Result<ServerReply> act(const Asked& asked) {
  const ConsoleContext& context = asked.context;
  TRY(std::string taken,
      take_act_in_json(asked.request, asked.steps[0], context.settings, asked.store, context.clock.now()));
  if (context.acted) context.acted();
  return as_json(202, std::move(taken));
}

Result<ServerReply> measures(const Asked& asked) {
  const ConsoleContext& context = asked.context;
  TRY(const Wording wording, console_wording(asked.request));
  const ConsoleView view{context.settings, asked.request, wording, context.clock.now(), context.themes};
  return found(survey_measures(view, asked.store, asked.steps[0]), "survey");
}

Result<ServerReply> numbers(const Asked& asked) {
  TRY(std::string body, wall_numbers_json(asked.steps[0], asked.context.settings, asked.store));
  return as_json(200, std::move(body));
}

Result<ServerReply> reviews(const Asked& asked) { return found(reviews_json(asked.context.settings, asked.request, asked.store), "review"); }

Result<ServerReply> review_act(const Asked& asked) {
  TRY(const std::optional<ReviewOrder> order, order_of_json(asked.request, asked.store));
  if (!order || !asked.context.review_desk) return fail(ErrorKind::gone, "there is no such review, or no such act");
  TRY(const std::string done, asked.context.review_desk(*order));
  json::Writer out;
  out.begin_object().member("act", order->act).member("done", done).end_object();
  return as_json(200, out.take());
}

struct Row {
  ApiRoute route;
  Answer answer;
};

constexpr Row kRows[] = {
    {{"GET", "/api/v1/openapi.json"}, description},
    {{"POST", "/api/v1/import"}, import},
    {{"GET", "/api/v1/import/{job}"}, import},
    {{"GET", "/api/v1/incidents"}, incidents},
    {{"GET", "/api/v1/incidents/{incident}"}, incident},
    {{"POST", "/api/v1/incidents/{incident}/acts"}, act},
    {{"GET", "/api/v1/surveys/{survey}/measures"}, measures},
    {{"GET", "/api/v1/walls/{brand}/numbers"}, numbers},
    {{"GET", "/api/v1/reviews"}, reviews},
    {{"GET", "/api/v1/reviews/{brand}/{number}"}, reviews},
    {{"POST", "/api/v1/reviews/{brand}/{number}/{act}"}, review_act},
};

// What stands in the path where the route has braces; nothing when it is another path.
std::optional<std::vector<std::string>> steps_in(std::string_view route, std::string_view path) {
  const std::vector<std::string_view> wanted = split(route, '/'), given = split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{') && !given[i].empty())
      steps.emplace_back(given[i]);
    else if (wanted[i] != given[i])
      return std::nullopt;
  }
  return steps;
}

Result<ServerReply> answer_inside(const ConsoleContext& context, const ServerRequest& request, Answer answer,
                                  std::vector<std::string> steps) {
  TRY(const std::unique_ptr<Store> store, context.open());
  TRY(const bool inside, signed_in(request, *store, context.clock.now()));
  if (!inside) return refuse(401, "sign in first");
  Result<ServerReply> reply = answer({context, request, *store, std::move(steps)});
  if (reply) return reply;
  if (reply.error().kind == ErrorKind::gone) return refuse(404, reply.error().what);
  if (reply.error().kind == ErrorKind::bad_data) return refuse(422, reply.error().what);
  return reply;
}

}  // namespace

std::vector<ApiRoute> api_routes() {
  std::vector<ApiRoute> routes;
  for (const Row& row : kRows) routes.push_back(row.route);
  return routes;
}

ServerReply answer_api(const ConsoleContext& context, const ServerRequest& request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  std::string allowed;
  for (const auto& [route, answer] : kRows) {
    std::optional<std::vector<std::string>> steps = steps_in(route.path, request.path);
    if (!steps) continue;
    if (route.method != (reads ? "GET" : request.method)) {
      allowed += concat(allowed.empty() ? "" : ", ", route.method == "GET" ? "GET, HEAD" : route.method);
      continue;
    }
    if (!reads && !same_origin(request)) return refuse(403, "the request comes from another site");
    const Result<ServerReply> reply = answer_inside(context, request, answer, *std::move(steps));
    if (reply) return *reply;
    log::error("console", reply.error().what, {{"path", request.path}});
    return refuse(503, "not now");
  }
  if (allowed.empty()) return refuse(404, concat("there is no such address; see ", kApiRoot, "openapi.json"));
  ServerReply reply = refuse(405, concat("expected ", allowed));
  reply.headers.emplace_back("Allow", allowed);
  return reply;
}

}  // namespace vigie
