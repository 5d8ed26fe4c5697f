#include "collectors/definition_answer.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "collectors/definition_limits.h"

namespace vigie::definition {
namespace {

using Do = Definition::ErrorRule::Do;

constexpr std::size_t kTextBytes = 4096;  // of a body that is no JSON: enough to tell what it says

// A backslash before a letter that needs none: some servers write \' and \_ and call it JSON.
std::string with_escapes_mended(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 >= body.size()) {
      out += body[i];
      continue;
    }
    const char next = body[i + 1];
    if (std::string_view("\"\\/bfnrtu").find(next) != std::string_view::npos) out += '\\';
    out += next;
    ++i;
  }
  return out;
}

bool fits(const Definition::ErrorRule& rule, const HttpReply& reply, const Answer& answer, const json::Value& state,
          const Params& params) {
  if (!rule.status.empty() && std::find(rule.status.begin(), rule.status.end(), reply.status) == rule.status.end())
    return false;
  // Of a body that is no JSON only its text can be asked for: everything else would look absent.
  const bool readable = answer.is_json() || rule.body_text.find("#text") != std::string::npos;
  if (rule.body && !(readable && rule.body->holds(answer.body(), &params))) return false;
  if (rule.when && !rule.when->holds(state, &params)) return false;
  if (!rule.header.empty()) {
    const std::string_view value = reply.header(rule.header);
    if (value.empty() || value.find(rule.header_has) == std::string_view::npos) return false;
  }
  // A rule on the body alone is about answers that claim to be a success.
  const bool body_alone = rule.status.empty() && rule.body;
  return !body_alone || (reply.status >= 200 && reply.status <= 299);
}

Result<Verdict> follow(const Definition::ErrorRule& rule, const SourceSettings& settings, const HttpReply& reply,
                       const json::Value& body, Time now) {
  const std::string why = rule.body_text.empty() ? "" : concat(" and ", rule.body_text);
  const std::string what = without_secrets(
      concat(redact_url(reply.url), ": expected a list of items, found status ", std::to_string(reply.status), why),
      settings);
  switch (rule.action) {
    case Do::skip: return Verdict::skipped;
    case Do::end: return Verdict::last_page;
    case Do::login: return Verdict::log_in;
    case Do::reset_cursor: return Verdict::restart;
    case Do::retry: return fail({ErrorKind::transient, what, reply.retry_after});
    case Do::wait: return fail({ErrorKind::rate_limited, what, wait_of(rule, reply, body, now)});
    case Do::gone: return fail(ErrorKind::gone, what);
    case Do::suspend: return fail(ErrorKind::denied, what);
    case Do::fail: return fail(ErrorKind::bad_data, what);
  }
  return Verdict::usual;
}

}  // namespace

Answer::Answer(const HttpReply& reply) {
  Result<json::Document> parsed = json::parse(reply.body.empty() ? "null" : std::string_view(reply.body));
  if (!parsed) {
    fault_ = parsed.error().what;
    if (reply.body.find('\\') != std::string::npos) parsed = json::parse(with_escapes_mended(reply.body));
  }
  if (!parsed) {
    json_ = false;
    json::Writer text;
    text.begin_object().member(
        "#text", first_code_points(to_valid_utf8(std::string_view(reply.body).substr(0, kTextBytes)), kTextBytes));
    parsed = json::parse(text.end_object().text());
  }
  if (parsed) document_ = *std::move(parsed);
  body_ = document_.root();
}

Result<Verdict> judge(const Definition& definition, const SourceSettings& settings, const HttpReply& reply,
                      const Answer& answer, std::optional<int> page, Time now) {
  TRY(const json::Document state,
      json::parse(concat("{\"page\":", std::to_string(page.value_or(0)), ",\"recheck\":", page ? "false" : "true",
                         ",\"status\":", std::to_string(reply.status),
                         ",\"json\":", answer.is_json() ? "true" : "false", "}")));
  for (const Definition::ErrorRule& rule : definition.errors) {
    if (fits(rule, reply, answer, state.root(), settings.params))
      return follow(rule, settings, reply, answer.body(), now);
  }
  if (reply.status == 401 && definition.auth.renewable()) return Verdict::log_in;
  if (Result<void> status = check_status(reply); !status) {
    Error error = status.error();
    error.what = without_secrets(std::move(error.what), settings);
    return fail(std::move(error));
  }
  return Verdict::usual;
}

std::string hide_secrets(std::string text, const SourceSettings& settings) {
  const auto hide = [&](std::string_view secret) {
    if (secret.size() < 4) return;
    for (const std::string& form : {std::string(secret), url_encode(secret)}) {
      for (std::size_t at; (at = text.find(form)) != std::string::npos;) text.replace(at, form.size(), "[hidden]");
    }
  };
  for (const auto& [name, secret] : settings.secrets) {
    hide(secret);
    if (secret.find('\n') == std::string::npos) continue;
    for (const std::string_view line : split(secret, '\n')) hide(trim(line));  // a key may come back in part
  }
  return text;
}

std::string without_secrets(std::string text, const SourceSettings& settings) {
  return log::redact(hide_secrets(std::move(text), settings));
}

}  // namespace vigie::definition
