// A definition at work: what to ask from a bookmark, and what a page of the answer says.

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"
#include "base/url.h"
#include "collectors/definition_answer.h"
#include "collectors/definition_auth.h"
#include "collectors/definition_limits.h"
#include "collectors/definition_mention.h"
#include "collectors/definition_position.h"
#include "collectors/definition_request.h"

namespace vigie {
namespace {

using definition::Advance;
using definition::Answer;
using definition::answers_login;
using definition::Child;
using definition::id_before;
using definition::Login;
using definition::PageRead;
using definition::Position;
using definition::Run;
using definition::Verdict;

constexpr std::size_t kRejectedBytes = 64u << 10;
constexpr std::size_t kChildren = 1000;  // expansions that may wait
constexpr Duration kUnsettled = minutes(1);

// The address behind rel="...": <https://...>; rel="next", <...>; rel="prev". RFC 8288.
std::string linked(const HttpReply& reply, std::string_view rel) {
  const std::string wanted = concat("rel=\"", rel, "\""), bare = concat("rel=", rel);
  for (const auto& [name, value] : reply.headers) {
    if (!iequals(name, "Link")) continue;
    std::string_view rest = value;
    for (std::size_t open; (open = rest.find('<')) != std::string_view::npos;) {
      const std::size_t close = rest.find('>', open);
      if (close == std::string_view::npos) break;
      const std::string_view target = rest.substr(open + 1, close - open - 1);
      rest.remove_prefix(close + 1);
      const std::string_view params = rest.substr(0, rest.find('<'));
      if (params.find(wanted) != std::string_view::npos || params.find(bare) != std::string_view::npos)
        return std::string(target);
    }
  }
  return "";
}

class DefinitionSource final : public Source {
 public:
  DefinitionSource(std::shared_ptr<const Definition> definition, const SourceSettings& settings,
                   std::shared_ptr<const Definition> child)
      : definition_(std::move(definition)), settings_(settings), child_(std::move(child)), elements_(elements()) {}

  Result<std::optional<HttpRequest>> next(const Cursor& since, Time now) const override {
    const Position position = position_at(since);
    if (child_ && !position.children.empty()) return child_of(position)->next(child_cursor(position), now);
    if (must_log_in(*definition_, position.login, now)) {
      TRY(HttpRequest request, login_request(*definition_, settings_, position.login, now));
      return std::optional<HttpRequest>(std::move(request));
    }
    const Run run = run_of(*definition_, position, now);
    TRY(HttpRequest request, page_request(*definition_, settings_, position, run, now));
    return std::optional<HttpRequest>(std::move(request));
  }

  Result<Batch> read(const HttpReply& reply, const Cursor& since, Time now) const override {
    Position position = position_at(since);
    if (child_ && !position.children.empty()) return read_child(reply, std::move(position), now);
    if (answers_login(*definition_, settings_, reply)) return read_login(reply, std::move(position), now);
    const Run run = run_of(*definition_, position, now);
    const Answer answer(reply);
    TRY(const Verdict verdict, judge(*definition_, settings_, reply, answer, first_page() + run.page, now));
    Batch batch = batch_at(now, run.first);
    batch.rest = definition::rest_after(definition_->limits, reply, answer.body(), now);
    if (verdict == Verdict::log_in || verdict == Verdict::restart) {
      TRY(go_back(verdict, reply, std::move(position), run, batch));
      return batch;
    }
    PageRead page;
    page.end = verdict == Verdict::last_page;
    position.login.renewed = false;
    Run after = run;
    if (verdict == Verdict::usual && reply.status != 304) {
      if (!answer.is_json())
        return fail(ErrorKind::bad_data, clean(concat(about(reply), ": expected JSON: ", answer.fault())));
      TRY(read_items(reply, answer.body(), position, now, batch, page, after));
      if (tries_other_spelling(page, after)) {
        ++after.alternate;
        position.run = std::move(after);
        batch.next = cursor_of(position);
        batch.more = true;
        return batch;
      }
      page.end = page.end || says_last(answer.body(), run, page);
      TRY(find_next(reply, answer.body(), page));
      TRY(queue_children(answer.body(), position, run));
    } else if (verdict == Verdict::skipped) {
      page.items = 1;  // not the end of the listing
    }
    finish(batch, position, std::move(after), page, now);
    return batch;
  }

 private:
  // --- the subscription ---

  std::vector<std::string> elements() const {
    std::vector<std::string> found;
    const auto list = settings_.params.find(definition_->each);
    if (!definition_->each.empty() && list != settings_.params.end()) {
      for (const std::string_view one : split(list->second, ',')) {
        if (!trim(one).empty()) found.emplace_back(trim(one));
      }
    }
    if (found.empty()) found.emplace_back("");
    return found;
  }

  // A list that was changed since starts at its head.
  Position position_at(const Cursor& since) const {
    Position position = definition::position_from(since);
    if (std::find(elements_.begin(), elements_.end(), position.each) == elements_.end()) {
      position.each = elements_.front();
      position.run.reset();
    }
    return position;
  }

  Batch batch_at(Time now, bool history) const {
    Batch batch;
    batch.source = settings_.id;
    batch.ingested = now;
    batch.history = history;
    return batch;
  }

  int first_page() const { return definition_->page.start; }
  static std::string about(const HttpReply& reply) { return redact_url(reply.url); }
  std::string clean(std::string text) const { return definition::without_secrets(std::move(text), settings_); }

  // --- being let in ---

  Result<Batch> read_login(const HttpReply& reply, Position position, Time now) const {
    Result<Login> login = login_from(*definition_, reply, position.login, now);
    if (!login) {
      Error error = login.error();
      error.what = clean(std::move(error.what));
      return fail(std::move(error));
    }
    position.login = *std::move(login);
    Batch batch = batch_at(now, false);
    batch.next = cursor_of(position);  // saved before the token is used: one that rotated is worth nothing otherwise
    batch.more = true;
    return batch;
  }

  // The token was refused, or the place in the listing: ask again from a fresh one.
  Result<void> go_back(Verdict verdict, const HttpReply& reply, Position position, const Run& run, Batch& batch) const {
    if (verdict == Verdict::restart) {
      position.run.reset();
      position.marks[position.each].token.clear();
    } else if (position.login.renewed || !definition_->auth.renewable()) {
      return fail(ErrorKind::denied,
                  clean(concat(about(reply), ": answered ", std::to_string(reply.status),
                               ": it refuses a token that it gave a moment ago; check what the credential may read")));
    } else {
      position.login.token.clear();
      position.run = run;
      batch.more = true;
    }
    batch.next = cursor_of(position);
    if (!batch.more) batch.poll_in = definition_->limits.every_min;
    return {};
  }

  // --- items ---

  definition::Params item_params(const Position& position) const {
    definition::Params params = settings_.params;
    if (!definition_->each.empty()) params[definition_->each] = position.each;
    return params;
  }

  // An object, an array, null and nothing are all lists of items; a text or a number means that the answer is another
  // one than expected.
  Result<void> read_items(const HttpReply& reply, const json::Value& body, const Position& position, Time now,
                          Batch& batch, PageRead& page, Run& run) const {
    const definition::Params params = item_params(position);
    std::string ids;
    const auto take = [&](const json::Value& item) {
      read_item(item, body, params, position, now, batch, page, run, ids);
    };
    for (const json::Value& found : definition_->items.find_all(body)) {
      if (found.is_null()) continue;
      if (found.type() == json::Type::array) {
        for (std::size_t i = 0; i < found.size(); ++i) take(found[i]);
      } else if (found.type() == json::Type::object || definition_->items.many()) {
        take(found);  // one of several that is no object is no reason to lose the others
      } else {
        return fail(ErrorKind::bad_data,
                    clean(concat(about(reply), ": items: expected a list, found ", json::to_text(found.type()))));
      }
    }
    if (!ids.empty()) page.ids = definition::fingerprint(ids);
    batch.read = static_cast<std::int64_t>(page.items);
    return {};
  }

  void read_item(const json::Value& item, const json::Value& body, const definition::Params& params,
                 const Position& position, Time now, Batch& batch, PageRead& page, Run& run, std::string& ids) const {
    ++page.items;
    if (item.is_null() || item.type() != json::Type::object) {
      reject(item, concat("item: expected an object, found ", json::to_text(item.type())), batch);
      return;
    }
    if (definition_->where && !definition_->where->holds(item, &params)) return;
    if (definition_->gone && definition_->gone->holds(item, &params)) {
      if (const std::string id = definition::id_of(*definition_, item, body, params); !id.empty()) {
        ids += concat(id, "\n");
        batch.gone.push_back(id);
        return;
      }
    }
    Result<Mention> mention = definition::to_mention(*definition_, item, body, params);
    if (!mention) {
      reject(item, std::move(mention.error().what), batch);
      return;
    }
    mention->source = settings_.id;
    ids += concat(mention->id, "\n");
    note_place(*mention, position, now, page, run);
    batch.mentions.push_back(*std::move(mention));
  }

  void reject(const json::Value& item, std::string reason, Batch& batch) const {
    json::Writer out;
    out.value(item);
    const std::string bytes = out.take();
    batch.rejected.push_back(
        {std::string(first_code_points(std::string_view(bytes).substr(0, kRejectedBytes), kRejectedBytes)),
         clean(std::move(reason))});
  }

  // What the item says of how far the run has come.
  void note_place(const Mention& mention, const Position& position, Time now, PageRead& page, Run& run) const {
    using Style = Definition::Since::Style;
    const std::string& id = mention.native.empty() ? mention.id : mention.native;
    if (definition_->since.style == Style::server_id && id_before(definition_->since.compare, page.newest_id, id))
      page.newest_id = id;
    if (definition_->since.style == Style::stop_at_known) {
      const std::string print = definition::fingerprint(definition::content_of(mention));
      const std::vector<std::string>& known = position.mark().known;
      run.known = std::find(known.begin(), known.end(), print) == known.end() ? 0 : run.known + 1;
      page.fingerprints.push_back(print);
      if (run.known >= definition_->since.known) page.end = true;
    }
    // Servers filter by the last change when they tell one. What claims to come from the future is kept, and moves no
    // bookmark.
    const std::optional<Time> time = std::max(mention.created, mention.updated);
    if (!time || *time > now - kUnsettled) return;
    page.newest = std::max(page.newest.value_or(*time), *time);
    page.oldest = std::min(page.oldest.value_or(*time), *time);
  }

  // --- the next page ---

  bool tries_other_spelling(const PageRead& page, const Run& run) const {
    return page.items == 0 && run.page == 0 && run.alternate < static_cast<int>(definition_->request.alternates.size());
  }

  bool says_last(const json::Value& body, const Run& run, const PageRead& page) const {
    const Definition::Page& rules = definition_->page;
    if (rules.more && !rules.more->holds(body, &settings_.params)) return true;
    const std::int64_t read = run.page + 1;
    if (rules.style == Definition::Page::Style::number && rules.last) {
      const std::int64_t last = rules.last->find(body).integer_or("", -1);
      if (last >= 0 && read >= last) return true;
    }
    if (rules.total && rules.size > 0) {
      const std::int64_t total = rules.total->find(body).integer_or("", -1);
      if (total >= 0 && read * rules.size >= total) return true;
    }
    return page.items == 0 && !rules.goes_on();
  }

  Result<std::string> found_by(const std::optional<definition::Expression>& at, const json::Value& body) const {
    if (!at) return std::string();
    Result<definition::Datum> found = at->find({body, &settings_.params});
    if (!found) return fail(ErrorKind::bad_data, clean(concat("page.at: ", found.error().what)));
    return found->scalar() ? found->text : std::string();
  }

  Result<void> find_next(const HttpReply& reply, const json::Value& body, PageRead& page) const {
    using Style = Definition::Page::Style;
    const Definition::Page& rules = definition_->page;
    if (rules.style == Style::link) {
      page.next = own_address(reply, linked(reply, rules.rel));
    } else {
      TRY(page.next, found_by(rules.at, body));
      if (rules.style == Style::next_url) page.next = own_address(reply, page.next);
    }
    if (definition_->since.style != Definition::Since::Style::token) return {};
    page.token = page.next;
    if (definition_->since.at) {
      TRY(page.token, found_by(definition_->since.at, body));
    }
    return {};
  }

  // An address that the server gave, on the host that was asked and no other, without the keys it may repeat.
  std::string own_address(const HttpReply& reply, const std::string& given) const {
    if (given.empty()) return "";
    const std::string address = resolve_url(reply.url, given), origin = origin_of(address);
    if (origin.empty()) return "";
    const UrlParts parts = split_url(address);
    const std::string query = parts.query ? concat("?", *parts.query) : std::string();
    return definition::without_keys(concat(origin_of(reply.url), parts.path, query), *definition_, settings_);
  }

  void finish(Batch& batch, const Position& before, Run run, const PageRead& page, Time now) const {
    if (run.first && definition_->since.slice) {
      batch.to_fill = definition_->since.first.value_or(definition::kDefaultFirst);
      batch.filled = std::max(Duration::zero(), run.slice_end - (run.started - batch.to_fill));
    }
    Advance after = definition::advance(*definition_, before, std::move(run), page, elements_, now);
    batch.more = after.more;
    batch.behind = after.behind;
    if (!after.position.children.empty()) {
      after.position.more = after.more;
      batch.more = true;
    }
    batch.next = cursor_of(after.position);
    if (!batch.more) batch.poll_in = definition_->limits.every_min;
  }

  // --- expansions ---

  Result<void> queue_children(const json::Value& body, Position& position, const Run& run) const {
    if (!child_) return {};
    int queued = 0;
    for (const json::Value& found : definition_->expand->each.find_all(body)) {
      const bool list = found && found.type() == json::Type::array;
      for (std::size_t i = 0; i < (list ? found.size() : 1); ++i) {
        const json::Value element = list ? found[i] : found;
        TRY(Child child, child_for(element, body, position));
        child.history = run.first;
        const bool known =
            std::find(position.children.begin(), position.children.end(), child) != position.children.end();
        if (child.params.empty() || known) continue;
        if (++queued > definition_->expand->max || position.children.size() >= kChildren) return {};
        position.children.push_back(std::move(child));
      }
    }
    return {};
  }

  Result<Child> child_for(const json::Value& element, const json::Value& body, const Position& position) const {
    Child child;
    const definition::Params params = item_params(position);
    for (const auto& [name, expression] : definition_->expand->params) {
      const Result<definition::Datum> found = expression.find({element, &params});
      if (!found || !found->scalar() || found->empty()) return Child{};
      child.params[name] = found->text;
    }
    child.parent = definition::id_of(*definition_, element, body, params);
    return child;
  }

  std::unique_ptr<Source> child_of(const Position& position) const {
    SourceSettings settings = settings_;
    settings.params = position.children.front().params;
    for (const Definition::Param& param : child_->params) {
      const auto own = settings_.params.find(param.name);  // what both have in common: an instance, a language
      if (own != settings_.params.end()) settings.params.emplace(param.name, own->second);
    }
    return make_definition_source(child_, settings);
  }

  Cursor child_cursor(const Position& position) const {
    if (!position.child.empty()) return {position.child};
    Position fresh;
    if (child_->auth.style == definition_->auth.style) fresh.login = position.login;
    return cursor_of(fresh);
  }

  Result<Batch> read_child(const HttpReply& reply, Position position, Time now) const {
    const Child child = position.children.front();
    Result<Batch> read = child_of(position)->read(reply, child_cursor(position), now);
    Batch batch = batch_at(now, child.history);
    const bool gone = !read && read.error().kind == ErrorKind::gone;
    if (!read && !gone) return read;
    if (read) {
      batch = *std::move(read);
      batch.history = child.history;
      for (Mention& mention : batch.mentions) {
        if (mention.thread.empty()) mention.thread = child.parent;
      }
    }
    const bool done = gone || !batch.more;
    if (done) position.children.erase(position.children.begin());
    position.child = done ? "" : batch.next.value;
    batch.more = !position.children.empty() || position.more;
    batch.behind = false;
    batch.next = cursor_of(position);
    batch.poll_in.reset();
    if (!batch.more) batch.poll_in = definition_->limits.every_min;
    return batch;
  }

  const std::shared_ptr<const Definition> definition_;
  const SourceSettings settings_;
  const std::shared_ptr<const Definition> child_;
  const std::vector<std::string> elements_;
};

}  // namespace

std::unique_ptr<Source> make_definition_source(std::shared_ptr<const Definition> definition,
                                               const SourceSettings& settings,
                                               std::shared_ptr<const Definition> child) {
  return std::make_unique<DefinitionSource>(std::move(definition), settings, std::move(child));
}

}  // namespace vigie
