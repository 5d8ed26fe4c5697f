#include "collectors/push.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"
#include "collectors/definition_mention.h"
#include "collectors/file.h"
#include "collectors/mail.h"

namespace vigie {
namespace {

constexpr Duration kTolerance = minutes(5);
constexpr std::size_t kShortestSecret = 16;
constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr std::string_view kStandardPrefix = "whsec_";
constexpr std::string_view kMap = "map.";

Result<void> check_time(std::string_view written, Time now) {
  const std::int64_t epoch = whole_number(written).value_or(-1);
  if (epoch < 0 || epoch > 100'000'000'000)
    return fail(ErrorKind::denied, "the timestamp is not a number of seconds since 1970");
  const Duration off = now > from_epoch(epoch) ? now - from_epoch(epoch) : from_epoch(epoch) - now;
  if (off > kTolerance)
    return fail(ErrorKind::denied, "the timestamp is more than five minutes off; check both clocks");
  return {};
}

Result<void> check_standard(const ServerRequest& request, std::string_view secret, Time now) {
  const std::string_view id = request.header("webhook-id"), at = request.header("webhook-timestamp");
  if (id.empty() || at.empty()) return fail(ErrorKind::denied, "webhook-id or webhook-timestamp is missing");
  TRY(check_time(at, now));
  std::string key(secret);
  if (secret.starts_with(kStandardPrefix)) {
    if (const Result<std::string> decoded = from_base64(secret.substr(kStandardPrefix.size()))) key = *decoded;
  }
  const std::string expected = to_base64(hmac_sha256(key, concat(id, ".", at, ".", request.body)));
  bool fits = false;  // every one is compared: how long it takes says nothing
  for (const std::string_view signature : split(request.header("webhook-signature"), ' ')) {
    if (signature.starts_with("v1,")) fits = equal_constant_time(signature.substr(3), expected) || fits;
  }
  if (!fits) return fail(ErrorKind::denied, "webhook-signature does not fit the body and the secret");
  return {};
}

Result<void> check_plain(const ServerRequest& request, std::string_view secret, Time now) {
  constexpr std::string_view kForm = "sha256=";
  const std::string given = ascii_lower(trim(request.header("X-Signature")));
  if (!given.starts_with(kForm)) return fail(ErrorKind::denied, "X-Signature: expected sha256= and hex digits");
  const std::string_view at = request.header("X-Timestamp");
  if (!at.empty()) TRY(check_time(at, now));
  const std::string signed_bytes = at.empty() ? request.body : concat(at, ".", request.body);
  if (!equal_constant_time(std::string_view(given).substr(kForm.size()), to_hex(hmac_sha256(secret, signed_bytes))))
    return fail(ErrorKind::denied, "X-Signature does not fit the body and the secret");
  return {};
}

void only_links(Mention& mention) {
  const std::string origin = origin_of(mention.url);
  if (!origin.starts_with("https://") && !origin.starts_with("http://")) mention.url.clear();
}

class SignedPush final : public Push {
 public:
  SignedPush(std::string source, std::string secret) : source_(std::move(source)), secret_(std::move(secret)) {}

  Result<void> set_map(const SourceSettings& settings) {
    const auto param = [&](const std::string& name) {
      const auto found = settings.params.find(name);
      return found == settings.params.end() ? std::string() : found->second;
    };
    definition_.kind = param("content").empty() ? "post" : param("content");
    if (const std::string items = param("items"); !items.empty()) {
      Result<definition::Path> path = definition::parse_path(items);
      if (!path) return fail(ErrorKind::bad_config, concat("items: ", path.error().what));
      definition_.items = *std::move(path);
    }
    for (const auto& [name, text] : settings.params) {
      if (!name.starts_with(kMap)) continue;
      Result<definition::Expression> expression = definition::parse_expression(text, {});
      if (!expression) return fail(ErrorKind::bad_config, concat(name, ": ", expression.error().what));
      definition_.map.emplace_back(name.substr(kMap.size()), *std::move(expression));
    }
    const auto has_id = [](const auto& field) { return field.first == "id"; };
    if (!definition_.map.empty() && std::none_of(definition_.map.begin(), definition_.map.end(), has_id))
      return fail(ErrorKind::bad_config,
                  "map.id: expected where the id stands, found nothing: repeats are known by it");
    return {};
  }

  Result<Batch> read(const ServerRequest& request, Time now) const override {
    TRY(check_signature(request, secret_, now));
    Batch batch;
    batch.source = source_;
    batch.ingested = now;
    const std::string_view content = request.header("Content-Type");
    const std::string type = ascii_lower(trim(content.substr(0, content.find(';'))));
    if (trim(request.body).empty()) return fail(ErrorKind::bad_data, "the body is empty: expected mentions");
    if (type == "message/rfc822") {
      read_mail_body(request.body, now, batch);
    } else if (type == "text/csv" || type == "application/x-ndjson" || type == "application/jsonl") {
      read_lines(request.body, batch);
    } else {
      TRY(read_json(request.body, batch));
    }
    for (Mention& mention : batch.mentions) {
      mention.source = source_;
      only_links(mention);
    }
    if (batch.mentions.empty() && !batch.rejected.empty())
      return fail(ErrorKind::bad_data, batch.rejected.front().reason);
    return batch;
  }

 private:
  void read_mail_body(std::string_view body, Time now, Batch& batch) const {
    const Result<ReceivedMail> mail = read_mail(body);
    Result<Mention> mention = mail ? mention_from_mail(*mail, source_, now) : fail(mail.error());
    if (mention)
      batch.mentions.push_back(*std::move(mention));
    else
      batch.rejected.push_back({std::string(body.substr(0, kRejectedBytes)), mention.error().what});
  }

  void read_lines(std::string_view body, Batch& batch) const { MentionReader(source_).feed(body, true, batch); }

  // JSON lines are no JSON document: what does not parse as one, and has lines, is read line by line.
  Result<void> read_json(const std::string& body, Batch& batch) const {
    const Result<json::Document> document = json::parse(body);
    if (!document) {
      const bool lines = trim(body).starts_with('{') && trim(body).find('\n') != std::string_view::npos;
      if (!lines || !definition_.map.empty()) return fail(ErrorKind::bad_data, document.error().what);
      read_lines(body, batch);
      return {};
    }
    const json::Value items = definition_.items.find(document->root());
    if (items.type() != json::Type::array && items.type() != json::Type::object)
      return fail(ErrorKind::bad_data, "expected a mention or a list of mentions, found neither");
    if (items.type() == json::Type::object) {
      take(items, document->root(), "", batch);
    } else {
      for (std::size_t i = 0; i < items.size(); ++i)
        take(items[i], document->root(), concat("[", std::to_string(i), "] "), batch);
    }
    return {};
  }

  void take(const json::Value& item, const json::Value& whole, const std::string& where, Batch& batch) const {
    Result<Mention> mention = definition_.map.empty() ? mention_from_json(item, source_)
                                                      : definition::to_mention(definition_, item, whole, {});
    if (mention) {
      batch.mentions.push_back(*std::move(mention));
      return;
    }
    json::Writer out;
    out.value(item);
    batch.rejected.push_back({out.take().substr(0, kRejectedBytes), concat(where, mention.error().what)});
  }

  const std::string source_, secret_;
  Definition definition_;  // its items and map alone
};

}  // namespace

Result<void> check_signature(const ServerRequest& request, std::string_view secret, Time now) {
  if (!request.header("webhook-signature").empty()) return check_standard(request, secret, now);
  if (!request.header("X-Signature").empty()) return check_plain(request, secret, now);
  return fail(ErrorKind::denied, "not signed: send webhook-signature (Standard Webhooks) or X-Signature");
}

Result<std::unique_ptr<Push>> open_push(const SourceSettings& settings) {
  const auto secret = settings.secrets.find("secret");
  if (secret == settings.secrets.end() || secret->second.size() < kShortestSecret)
    return fail(ErrorKind::bad_config, "secrets.secret: expected at least 16 characters, found fewer");
  static constexpr std::string_view kKinds[] = {"post", "comment", "review", "article", "ticket", "message"};
  const auto content = settings.params.find("content");
  if (content != settings.params.end() &&
      std::find(std::begin(kKinds), std::end(kKinds), content->second) == std::end(kKinds))
    return fail(ErrorKind::bad_config, "content: expected post, comment, review, article, ticket or message");
  auto push = std::make_unique<SignedPush>(settings.id, secret->second);
  TRY(push->set_map(settings));
  return push;
}

}  // namespace vigie
