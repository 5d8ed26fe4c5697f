#include "app/invite_in.h"

#include <algorithm>
#include <array>

#include "app/push_in.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "collectors/push.h"

namespace vigie {
namespace {

constexpr std::string_view kPath = "/in/survey/";
constexpr std::size_t kMostAtOnce = 1000;

constexpr std::pair<std::string_view, std::string InviteLine::*> kMembers[] = {
    {"event", &InviteLine::event},     {"id", &InviteLine::reference}, {"email", &InviteLine::email},
    {"phone", &InviteLine::phone},     {"name", &InviteLine::name},    {"lang", &InviteLine::lang},
    {"when", &InviteLine::when},       {"order", &InviteLine::order},  {"place", &InviteLine::place},
    {"channel", &InviteLine::channel}, {"exempt", &InviteLine::exempt}};

// "" when it was read, else what is wrong with it.
std::string read_customer(const json::Value& value, InviteLine& line) {
  if (value.type() != json::Type::object) return "expected an object";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string_view name = value.key_at(i);
    const auto member =
        std::find_if(std::begin(kMembers), std::end(kMembers), [&](const auto& one) { return one.first == name; });
    if (member == std::end(kMembers))
      return concat("expected event, id, email, phone, name, lang, when, order, place, channel or exempt, found \"",
                    first_code_points(name, 40), "\"");
    if (value[i].type() == json::Type::null) continue;
    const auto text = value.scalar_or(name, "");
    if (value[i].type() != json::Type::string && value[i].type() != json::Type::number)
      return concat(name, ": expected text");
    if (text.empty()) continue;
    std::string& to = line.*(member->second);
    to = text;
  }
  return "";
}

std::string reply_of(const InviteSummary& summary) {
  json::Writer out;
  out.begin_object().key("invited").integer(static_cast<std::int64_t>(summary.invited.size()));
  out.key("known").integer(summary.known).key("suppressed").integer(summary.suppressed);
  out.key("too_soon").integer(summary.too_soon).key("refused").begin_array();
  for (const InviteSummary::Refused& one : summary.refused)
    out.begin_object().key("index").integer(one.number).member("error", log::redact(one.why)).end_object();
  out.end_array().key("links").begin_array();
  for (const InviteSummary::Invited& one : summary.invited) {
    if (one.channel != "link") continue;
    out.begin_object().key("index").integer(one.number).member("link", one.link).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace

std::optional<ServerReply> InviteIn::answer(const ServerRequest& request) const {
  if (!request.path.starts_with(kPath)) return std::nullopt;
  const std::string_view id = std::string_view(request.path).substr(kPath.size());
  const auto survey = std::find_if(settings_.surveys.begin(), settings_.surveys.end(),
                                   [&](const SurveySettings& one) { return one.id == id; });
  if (survey == settings_.surveys.end() || survey->key.empty())
    return json_error(404, "no survey of this id takes calls: set its `key`");
  if (request.method != "POST") {
    ServerReply reply = json_error(405, "expected a POST with customers to ask");
    reply.headers.emplace_back("Allow", "POST");
    return reply;
  }
  ServerReply reply = take(*survey, request);
  metrics_.add("vigie_survey_calls_total", "Calls to invite customers, by status.",
               {{"survey", survey->id}, {"status", std::to_string(reply.status)}});
  return reply;
}

ServerReply InviteIn::take(const SurveySettings& survey, const ServerRequest& request) const {
  if (const auto signed_well = check_signature(request, survey.key, clock_.now()); !signed_well)
    return json_error(401, signed_well.error().what);
  const auto document = json::parse(request.body);
  if (!document) return json_error(400, document.error().what);
  if (document->duplicate_keys() > 0) return json_error(400, "a name is given twice");
  const json::Value root = document->root();
  const bool list = root.type() == json::Type::array;
  if (!list && root.type() != json::Type::object) return json_error(400, "expected a customer, or a list of them");
  const std::size_t count = list ? root.size() : 1;
  if (count > kMostAtOnce) return json_error(413, "expected at most 1,000 customers at once");
  InviteSummary unread;
  std::vector<InviteLine> lines;
  const std::string call(request.header("webhook-id"));
  for (std::size_t i = 0; i < count; ++i) {
    InviteLine line;
    line.number = static_cast<std::int64_t>(i);
    if (std::string why = read_customer(list ? root[i] : root, line); !why.empty()) {
      unread.refused.push_back({line.number, std::move(why)});
      continue;
    }
    // A call that is sent again is the same event.
    if (line.event.empty() && line.order.empty() && !call.empty())
      line.event = concat(first_code_points(call, 80), "/", std::to_string(i));
    lines.push_back(std::move(line));
  }
  auto summary = invite(survey, lines);
  if (!summary) {
    log::error("survey", "a call to invite was not carried out",
               {{"survey", survey.id}, {"error", summary.error().what}});
    return json_error(503,
                      summary.error().kind == ErrorKind::bad_config ? summary.error().what : "not now; send it again");
  }
  summary->refused.insert(summary->refused.end(), unread.refused.begin(), unread.refused.end());
  std::sort(summary->refused.begin(), summary->refused.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  if (!summary->invited.empty() && owed_) owed_();
  return json_reply(lines.empty() && !summary->refused.empty() ? 422 : 202, reply_of(*summary));
}

Result<InviteSummary> InviteIn::invite(const SurveySettings& survey, const std::vector<InviteLine>& lines) const {
  TRY(const std::unique_ptr<Store> store, open_());
  Inviter inviter(settings_, *store, clock_, tokens_);
  return inviter.invite(survey, lines);
}

}  // namespace vigie
