// A definition looks again at what was stored: edited, deleted, or as it was. SOURCES.md 5.5 and 7.6.

#include <algorithm>

#include "base/text.h"
#include "collectors/definition_answer.h"
#include "collectors/definition_auth.h"
#include "collectors/definition_limits.h"
#include "collectors/definition_mention.h"
#include "collectors/definition_position.h"
#include "collectors/definition_request.h"

namespace vigie {
namespace {

using definition::Answer;
using definition::Verdict;

using Mentions = std::vector<KnownMention>;

constexpr Duration kUntilRenewed = minutes(1);  // polls are seldom further apart, and one request a minute is little

const std::string& name_of(const KnownMention& mention) { return mention.native.empty() ? mention.id : mention.native; }

class DefinitionRecheck final : public Recheck {
 public:
  DefinitionRecheck(std::shared_ptr<const Definition> definition, const SourceSettings& settings)
      : definition_(std::move(definition)), rules_(*definition_->recheck), settings_(settings) {}

  const std::vector<Duration>& ages() const override { return rules_.after; }
  std::optional<Duration> every() const override { return rules_.every; }
  std::size_t at_once() const override { return static_cast<std::size_t>(rules_.batch); }

  Result<std::optional<HttpRequest>> ask(const Mentions& mentions, const Cursor& since, Time now) const override {
    const definition::Position position = definition::position_from(since);
    if (must_log_in(*definition_, position.login, now)) return std::optional<HttpRequest>();
    definition::Variables all = definition::subscription_variables(settings_);
    for (const KnownMention& mention : mentions) {
      all.lists["ids"].push_back(mention.id);
      all.lists["native_ids"].push_back(name_of(mention));
    }
    all.texts["id"] = mentions.front().id;
    all.texts["native"] = name_of(mentions.front());
    const std::optional<std::string> url = fill_url(rules_.url, all, definition::whole_params(*definition_));
    if (!url)
      return fail(ErrorKind::bad_config,
                  concat(definition_->id, ": recheck.url: expected a value for each {name}, found one without"));
    HttpRequest request;
    request.method = rules_.method;
    definition::add_headers(request, definition_->request.headers, all);
    request.headers.emplace_back("Accept", "application/json");
    std::vector<Header> query;
    TRY(authorise(*definition_, settings_, position.login, now, request, query));
    request.url = get(*url, query).url;
    return std::optional<HttpRequest>(std::move(request));
  }

  Result<Batch> read(const HttpReply& reply, const Mentions& mentions, const Cursor&, Time now) const override {
    Batch batch;
    batch.source = settings_.id;
    batch.ingested = now;
    const Answer answer(reply);
    batch.rest = definition::rest_after(definition_->limits, reply, answer.body(), now);
    if (rules_.by_status && (reply.status == 404 || reply.status == 410)) return all_gone(mentions, std::move(batch));
    const Result<Verdict> verdict = judge(*definition_, settings_, reply, answer, std::nullopt, now);
    if (!verdict) {
      const bool one = mentions.size() == 1 && verdict.error().kind == ErrorKind::gone;
      if (one) return all_gone(mentions, std::move(batch));
      return fail(verdict.error());
    }
    if (*verdict == Verdict::log_in) {
      return fail({ErrorKind::transient,
                   concat(origin_of(reply.url), ": the token has run out; the next poll renews it"), kUntilRenewed});
    }
    if (*verdict != Verdict::usual) return batch;
    if (trim(reply.body).empty())
      return fail(ErrorKind::bad_data, concat(redact_url(reply.url), ": expected JSON, found nothing"));
    if (!answer.is_json())
      return fail(ErrorKind::bad_data, concat(redact_url(reply.url), ": expected JSON: ", answer.fault()));
    if (rules_.missing && !has_list(answer.body())) {
      return fail(ErrorKind::bad_data,
                  concat(redact_url(reply.url), ": expected the list of what was asked for, found another answer"));
    }
    compare(answer.body(), mentions, batch);
    return batch;
  }

 private:
  static Batch all_gone(const Mentions& mentions, Batch batch) {
    for (const KnownMention& mention : mentions) batch.gone.push_back(mention.id);
    return batch;
  }

  // Whether missing can mean deleted. An answer of another shape lacks every item, and must not erase a thing.
  bool has_list(const json::Value& body) const {
    const definition::Path& at = rules_.at ? *rules_.at : definition_->items;
    const std::vector<json::Value> found = at.find_all(body);
    const auto is_one = [&](const json::Value& value) {
      return rules_.id && value.type() == json::Type::object && !rules_.id->find(value).is_null();
    };
    // Some leave the list out when it would be empty, and name what is not there instead.
    if (found.empty()) return rules_.missing_at && !rules_.missing_at->find_all(body).empty();
    return std::all_of(found.begin(), found.end(), [&](const json::Value& value) {
      if (value.is_null()) return false;
      if (value.type() != json::Type::array) return is_one(value);
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (!value[i].is_null() && !is_one(value[i])) return false;
      }
      return true;
    });
  }

  // The items of the answer, each with the mention it is about.
  void compare(const json::Value& body, const Mentions& mentions, Batch& batch) const {
    std::vector<bool> answered(mentions.size(), false);
    for (const json::Value& item : items_of(body)) {
      const std::size_t at = place_of(item, mentions);
      if (at == mentions.size() || answered[at]) continue;
      answered[at] = true;
      ++batch.read;
      if (rules_.gone && rules_.gone->holds(item, &settings_.params)) {
        batch.gone.push_back(mentions[at].id);
      } else {
        take(item, body, mentions[at], batch);
      }
    }
    for (std::size_t i = 0; rules_.missing && i < mentions.size(); ++i) {
      if (!answered[i]) batch.gone.push_back(mentions[i].id);
    }
  }

  std::vector<json::Value> items_of(const json::Value& body) const {
    const bool whole = !rules_.at && rules_.batch == 1;
    if (whole) return {body};
    std::vector<json::Value> items;
    const definition::Path& at = rules_.at ? *rules_.at : definition_->items;
    for (const json::Value& found : at.find_all(body)) {
      if (found.is_null()) continue;
      if (found.type() != json::Type::array) items.push_back(found);
      for (std::size_t i = 0; found.type() == json::Type::array && i < found.size(); ++i) items.push_back(found[i]);
    }
    return items;
  }

  std::size_t place_of(const json::Value& item, const Mentions& mentions) const {
    if (!rules_.id) return rules_.batch == 1 ? 0 : mentions.size();
    const json::Value id = rules_.id->find(item);
    if (id.is_null()) return mentions.size();
    const auto found = std::find_if(mentions.begin(), mentions.end(), [&](const KnownMention& mention) {
      return mention.id == id.raw() || name_of(mention) == id.raw();
    });
    return static_cast<std::size_t>(found - mentions.begin());
  }

  // An item that cannot be read here was read before: it says nothing new.
  void take(const json::Value& item, const json::Value& body, const KnownMention& known, Batch& batch) const {
    if (!rules_.edits || item.is_null() || item.type() != json::Type::object) return;
    Result<Mention> mention = definition::to_mention(*definition_, item, body, settings_.params);
    if (!mention || mention->id != known.id) return;
    mention->source = settings_.id;
    batch.mentions.push_back(*std::move(mention));
  }

  const std::shared_ptr<const Definition> definition_;
  const Definition::Recheck& rules_;
  const SourceSettings settings_;
};

}  // namespace

std::unique_ptr<Recheck> make_definition_recheck(std::shared_ptr<const Definition> definition,
                                                 const SourceSettings& settings) {
  if (!definition->recheck) return nullptr;
  return std::make_unique<DefinitionRecheck>(std::move(definition), settings);
}

}  // namespace vigie
