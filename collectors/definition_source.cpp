// A definition at work: what to ask from a bookmark, and what a page of the answer says.

#include <algorithm>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "collectors/definition_mention.h"
#include "collectors/definition_model.h"
#include "collectors/definition_position.h"

namespace vigie {
namespace {

using definition::PageRead;
using definition::Position;
using definition::Run;
using definition::Template;
using definition::Variables;

constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr Duration kUnsettled = minutes(1);
constexpr Duration kDefaultWait = minutes(1);
constexpr Duration kLongestWait = kDay;  // as for Retry-After

class DefinitionSource final : public Source {
 public:
  DefinitionSource(std::shared_ptr<const Definition> definition, const SourceSettings& settings)
      : definition_(std::move(definition)), id_(settings.id), params_(settings.params), secrets_(settings.secrets) {}

  Result<std::optional<HttpRequest>> next(const Cursor& since, Time now) const override {
    const Run run = run_of(*definition_, definition::position_from(since), now);
    TRY(HttpRequest request, request_for(run));
    return std::optional<HttpRequest>(std::move(request));
  }

  Result<Batch> read(const HttpReply& reply, const Cursor& since, Time now) const override {
    const Position before = definition::position_from(since);
    const Run run = run_of(*definition_, before, now);
    const Result<json::Document> parsed = reply.body.empty() ? json::parse("null") : json::parse(reply.body);
    const json::Value body = parsed ? parsed->root() : json::Value();

    TRY(const Verdict verdict, judge(reply, parsed ? &body : nullptr, run));
    Batch batch;
    batch.source = id_;
    batch.ingested = now;
    batch.history = run.first;
    PageRead page;
    page.end = verdict == Verdict::last_page;
    if (verdict == Verdict::usual && reply.status != 304) {
      if (!parsed)
        return fail(ErrorKind::bad_data, clean(concat(about(reply), ": expected JSON: ", parsed.error().what)));
      TRY(read_items(reply, body, now, batch, page));
      page.end = page.end || says_last(body, run, page.items);
      page.token = next_token(body, run, page);
    } else if (verdict == Verdict::skipped) {
      page.items = 1;  // not the end of the listing
    }
    finish(batch, before, run, page, now);
    return batch;
  }

 private:
  enum class Verdict { usual, skipped, last_page };

  // --- asking ---

  Variables variables(const Run& run) const {
    Variables all;
    for (const auto& [name, value] : params_) all.emplace(name, value);
    for (const auto& [name, value] : secrets_) all.emplace(concat("secret.", name), value);
    if (definition_->since.style == Definition::Since::Style::server_time) {
      all["since"] = written(run.from);
      all["until"] = written(run.until);
    }
    all["page"] = page_text(run);
    return all;
  }

  std::string written(Time time) const {
    using Format = Definition::Since::Format;
    switch (definition_->since.format) {
      case Format::epoch: return std::to_string(to_epoch(time));
      case Format::epoch_ms: return std::to_string(to_epoch_micros(time) / 1000);
      case Format::iso: return format_rfc3339(from_epoch(to_epoch(time)));
    }
    return "";
  }

  std::string page_text(const Run& run) const {
    using Style = Definition::Page::Style;
    const Definition::Page& page = definition_->page;
    switch (page.style) {
      case Style::none: return "";
      case Style::number: return std::to_string(page.start + run.page);
      case Style::offset: return std::to_string(static_cast<std::int64_t>(run.page) * page.size);
      case Style::token: return run.token;
    }
    return "";
  }

  Result<HttpRequest> request_for(const Run& run) const {
    const Variables all = variables(run);
    const std::optional<std::string> url = definition::fill_url(definition_->request.url, all, whole_params());
    if (!url)
      return fail(ErrorKind::bad_config,
                  concat(definition_->id, ": request.url: expected a value for each {name}, found one without"));
    std::vector<Header> query;
    for (const auto& [name, value] : definition_->request.query) {
      if (std::optional<std::string> text = fill(value, all)) query.emplace_back(name, *std::move(text));
    }
    if (!definition_->page.query.empty()) query.emplace_back(definition_->page.query, all.at("page"));
    if (!definition_->since.query.empty()) query.emplace_back(definition_->since.query, all.at("since"));

    std::vector<Header> headers, secret_headers;
    for (const auto& [name, value] : definition_->request.headers) {
      if (std::optional<std::string> text = fill(value, all))
        (value.has_secret() ? secret_headers : headers).emplace_back(name, *std::move(text));
    }
    if (const std::optional<std::string> token = fill(definition_->auth.token, all); token && !token->empty()) {
      using Style = Definition::Auth::Style;
      const Definition::Auth& auth = definition_->auth;
      if (auth.style == Style::query) query.emplace_back(auth.name, *token);
      if (auth.style == Style::header) secret_headers.emplace_back(auth.name, *token);
      if (auth.style == Style::bearer) secret_headers.emplace_back("Authorization", concat("Bearer ", *token));
    }
    HttpRequest request = get(*url, query);
    request.headers = std::move(headers);
    request.headers.emplace_back("Accept", "application/json");
    request.secret_headers = std::move(secret_headers);
    return request;
  }

  std::vector<std::string> whole_params() const {
    std::vector<std::string> names;
    for (const Definition::Param& param : definition_->params) {
      if (param.type == "host" || param.type == "url") names.push_back(param.name);
    }
    return names;
  }

  // --- reading ---

  // Nothing that was sent as a secret comes back in an error.
  std::string clean(std::string text) const {
    for (const auto& [name, secret] : secrets_) {
      if (secret.size() < 4) continue;
      for (const std::string& form : {secret, url_encode(secret)}) {
        for (std::size_t at; (at = text.find(form)) != std::string::npos;) text.replace(at, form.size(), "[hidden]");
      }
    }
    return log::redact(text);
  }

  static std::string about(const HttpReply& reply) { return redact_url(reply.url); }

  // `body`: nullptr when the answer is no JSON; rules about its content then say nothing.
  Result<Verdict> judge(const HttpReply& reply, const json::Value* body, const Run& run) const {
    const std::string state = concat("{\"page\":", std::to_string(definition_->page.start + run.page),
                                     ",\"status\":", std::to_string(reply.status), "}");
    TRY(const json::Document known, json::parse(state));
    for (const Definition::ErrorRule& rule : definition_->errors) {
      const bool right_status =
          rule.status.empty() || std::find(rule.status.begin(), rule.status.end(), reply.status) != rule.status.end();
      if (!right_status || (rule.body && !(body && rule.body->holds(*body))) ||
          (rule.when && !rule.when->holds(known.root())))
        continue;
      // A rule on the body alone is about answers that claim to be a success.
      if (rule.status.empty() && rule.body && (reply.status < 200 || reply.status > 299)) continue;
      return follow(rule, reply, body ? *body : json::Value());
    }
    if (Result<void> status = check_status(reply); !status) {
      Error error = status.error();
      error.what = clean(std::move(error.what));
      return fail(std::move(error));
    }
    return Verdict::usual;
  }

  Result<Verdict> follow(const Definition::ErrorRule& rule, const HttpReply& reply, const json::Value& body) const {
    using Do = Definition::ErrorRule::Do;
    const std::string why = rule.body_text.empty() ? "" : concat(" and ", rule.body_text);
    const std::string what =
        clean(concat(about(reply), ": expected a list of items, found status ", std::to_string(reply.status), why));
    switch (rule.action) {
      case Do::skip: return Verdict::skipped;
      case Do::end: return Verdict::last_page;
      case Do::retry: return fail({ErrorKind::transient, what, reply.retry_after});
      case Do::wait: return fail({ErrorKind::rate_limited, what, wait_of(rule, reply, body)});
      case Do::gone: return fail(ErrorKind::gone, what);
      case Do::suspend: return fail(ErrorKind::denied, what);
      case Do::fail: return fail(ErrorKind::bad_data, what);
    }
    return Verdict::usual;
  }

  static Duration wait_of(const Definition::ErrorRule& rule, const HttpReply& reply, const json::Value& body) {
    Duration wait = reply.retry_after.value_or(rule.wait.value_or(kDefaultWait));
    if (rule.wait_at) {
      const std::int64_t told = rule.wait_at->find(body).integer_or("", 0);
      if (told > 0) wait = seconds(std::min<std::int64_t>(told, 24 * 3600));
    }
    return std::min(wait, kLongestWait);
  }

  // An object, an array, null and nothing are all lists of items; a text or a number means that the answer is another
  // one than expected.
  Result<void> read_items(const HttpReply& reply, const json::Value& body, Time now, Batch& batch,
                          PageRead& page) const {
    std::string ids;
    for (const json::Value& found : definition_->items.find_all(body)) {
      if (found.is_null()) continue;
      if (found.type() == json::Type::array) {
        for (std::size_t i = 0; i < found.size(); ++i) read_item(found[i], now, batch, page, ids);
      } else if (found.type() == json::Type::object) {
        read_item(found, now, batch, page, ids);
      } else {
        return fail(ErrorKind::bad_data,
                    clean(concat(about(reply), ": items: expected a list, found ", json::to_text(found.type()))));
      }
    }
    if (!ids.empty()) page.ids_hash = to_hex(sha256(ids)).substr(0, 16);
    return {};
  }

  void read_item(const json::Value& item, Time now, Batch& batch, PageRead& page, std::string& ids) const {
    ++page.items;
    if (definition_->where && !definition_->where->holds(item)) return;
    Result<Mention> mention = definition::to_mention(*definition_, item, params_);
    if (!mention) {
      json::Writer out;
      out.value(item);
      const std::string bytes = out.take();
      batch.rejected.push_back(
          {std::string(first_code_points(std::string_view(bytes).substr(0, kRejectedBytes), kRejectedBytes)),
           clean(std::move(mention.error().what))});
      return;
    }
    mention->source = id_;
    ids += concat(mention->id, "\n");
    // What claims to come from the future is kept, and moves no bookmark.
    if (mention->created && *mention->created <= now - kUnsettled) {
      page.newest = std::max(page.newest.value_or(*mention->created), *mention->created);
      page.oldest = std::min(page.oldest.value_or(*mention->created), *mention->created);
    }
    batch.mentions.push_back(*std::move(mention));
  }

  bool says_last(const json::Value& body, const Run& run, std::size_t items) const {
    using Style = Definition::Page::Style;
    const Definition::Page& page = definition_->page;
    if (page.more && !page.more->find(body).is_null() && page.more->find(body).raw() == "false") return true;
    const std::int64_t read = run.page + 1;
    if (page.style == Style::number && page.last) {
      const std::int64_t last = page.last->find(body).integer_or("", -1);
      if (last >= 0 && read >= last) return true;
    }
    if (page.total && page.size > 0) {
      const std::int64_t total = page.total->find(body).integer_or("", -1);
      if (total >= 0 && read * page.size >= total) return true;
    }
    return items == 0;
  }

  // A token that repeats would lead round in circles.
  std::string next_token(const json::Value& body, const Run& run, PageRead& page) const {
    if (definition_->page.style != Definition::Page::Style::token) return "";
    const json::Value at = definition_->page.at->find(body);
    std::string token(at.is_null() ? std::string_view() : at.raw());
    if (token.empty() || token == run.token) page.end = true;
    return token;
  }

  void finish(Batch& batch, const Position& before, const Run& run, const PageRead& page, Time now) const {
    const Position after = definition::advance(*definition_, before, run, page, now);
    batch.next = cursor_of(after);
    batch.more = after.run.has_value();
    if (!batch.more) batch.poll_in = definition_->limits.every_min;
  }

  const std::shared_ptr<const Definition> definition_;
  const std::string id_;
  const definition::Params params_;
  const std::map<std::string, std::string> secrets_;
};

}  // namespace

std::unique_ptr<Source> make_definition_source(std::shared_ptr<const Definition> definition,
                                               const SourceSettings& settings) {
  return std::make_unique<DefinitionSource>(std::move(definition), settings);
}

}  // namespace vigie
