// What the brand changed because of reviews, each step with its imp entry.

#include <algorithm>

#include "base/json.h"
#include "store/sql_moderation.h"

namespace vigie {
namespace {

constexpr int kMostRead = 1'000;

void write_side(json::Writer& out, std::string_view key, const EffectSide& side) {
  out.key(key).begin_object().key("n").integer(side.n).key("complaints").integer(side.complaints);
  out.key("rated").integer(side.rated).key("mean").number(side.mean);
  out.key("low").number(side.low).key("high").number(side.high).end_object();
}

EffectSide read_side(const json::Value& effect, std::string_view key) {
  const json::Value value = effect.at(key);
  EffectSide side;
  side.n = value.integer_or("n", 0);
  side.complaints = value.integer_or("complaints", 0);
  side.rated = value.integer_or("rated", 0);
  side.mean = value.number_or("mean", 0);
  side.low = value.number_or("low", 0);
  side.high = value.number_or("high", 0);
  return side;
}

std::string to_json(const Effect& effect) {
  json::Writer out;
  out.begin_object()
      .key("from")
      .integer(to_epoch_micros(effect.from))
      .key("turn")
      .integer(to_epoch_micros(effect.turn));
  out.key("to").integer(to_epoch_micros(effect.to));
  write_side(out, "before", effect.before);
  write_side(out, "after", effect.after);
  return out.end_object().take();
}

std::optional<Effect> read_effect(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto document = json::parse(text);
  if (!document) return std::nullopt;
  const json::Value root = document->root();
  Effect effect;
  effect.from = from_epoch_micros(root.integer_or("from", 0));
  effect.turn = from_epoch_micros(root.integer_or("turn", 0));
  effect.to = from_epoch_micros(root.integer_or("to", 0));
  effect.before = read_side(root, "before");
  effect.after = read_side(root, "after");
  return effect;
}

}  // namespace

Result<std::int64_t> SqlModerationStore::add_improvement(const Improvement& improvement, const ImprovementStep& first,
                                                         const LeafToAppend& leaf) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(const std::int64_t index, append(improvement.brand, leaf));
  TRY(const std::int64_t id,
      insert("insert into improvements (brand, leaf, theme, state) values (?, ?, ?, ?) returning id",
             [&](Parameters& to) {
               to.text(improvement.brand).integer(index).text(improvement.theme).text(to_text(first.state));
             }));
  for (const std::int64_t ref : improvement.refs) {
    TRY(
        run("insert into improvement_refs (improvement, ref, review) select ?, ?, id from reviews where brand = ? and "
            "leaf = ?",
            [&](Parameters& to) { to.integer(id).integer(ref).text(improvement.brand).integer(ref); }));
    if (driver_.changes() != 1)
      return fail(ErrorKind::bad_data,
                  concat("refs: the wall of ", improvement.brand, " has no review ", std::to_string(ref)));
  }
  TRY(insert_step(id, improvement.brand, index, first));
  TRY(transaction.commit());
  return id;
}

Result<void> SqlModerationStore::add_step(std::int64_t id, const ImprovementStep& step,
                                          const std::optional<Effect>& effect, const LeafToAppend& leaf) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(const std::optional<Improvement> found, improvement(id));
  if (!found) return fail(ErrorKind::gone, concat("there is no improvement ", std::to_string(id)));
  TRY(const std::int64_t index, append(found->brand, leaf));
  const std::string measured = effect ? to_json(*effect) : "";
  TRY(run("update improvements set state = ?, effect = case when ? = '' then effect else ? end where id = ?",
          [&](Parameters& to) { to.text(to_text(step.state)).text(measured).text(measured).integer(id); }));
  TRY(insert_step(id, found->brand, index, step));
  return transaction.commit();
}

Result<void> SqlModerationStore::insert_step(std::int64_t id, const std::string& brand, std::int64_t leaf,
                                             const ImprovementStep& step) {
  TRY(run("insert into improvement_steps (improvement, leaf, state, at, by) values (?, ?, ?, ?, ?)",
          [&](Parameters& to) { to.integer(id).integer(leaf).text(to_text(step.state)).time(step.at).text(step.by); }));
  return keep_fields(brand, leaf, step.fields);
}

Result<std::optional<Improvement>> SqlModerationStore::improvement(std::int64_t id) {
  TRY(std::vector<Improvement> found, read_improvements("id = ?", id, "", 1, 0));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::vector<Improvement>> SqlModerationStore::improvements(const std::string& brand, int limit, int offset) {
  return read_improvements("brand = ?", 0, brand, std::clamp(limit, 0, kMostRead), std::max(offset, 0));
}

Result<std::int64_t> SqlModerationStore::count_improvements(const std::string& brand, std::int64_t newer_than) {
  TRY(const Query count, driver_.prepare("select count(*) from improvements where brand = ? and id > ?"));
  count->bind_text(1, brand);
  count->bind_integer(2, newer_than);
  TRY(count->step());
  return count->integer(0);
}

Result<std::vector<Improvement>> SqlModerationStore::unmeasured(const std::string& brand) {
  constexpr int kAll = -1;
  return read_improvements("brand = ? and state in ('done', 'told')", 0, brand, kAll, 0);
}

Result<std::vector<Improvement>> SqlModerationStore::improvements_of(std::int64_t review) {
  TRY(std::vector<Improvement> found,
      read_improvements("id in (select improvement from improvement_refs where review = ?)", review, "", kMostRead, 0));
  std::reverse(found.begin(), found.end());
  return found;
}

Result<std::vector<Improvement>> SqlModerationStore::read_improvements(std::string_view condition, std::int64_t key,
                                                                       std::string_view brand, int limit,
                                                                       int offset) {
  TRY(std::vector<Improvement> found,
      all<Improvement>(
          concat("select id, brand, leaf, theme, state, effect from improvements where ", condition,
                 " order by id desc limit ? offset ?"),
          [&](Parameters& to) {
            if (brand.empty())
              to.integer(key);
            else
              to.text(brand);
            to.integer(limit).integer(offset);
          },
          [](Columns& row) {
            Improvement one;
            one.id = row.integer();
            one.brand = row.text();
            one.leaf = row.integer();
            one.theme = row.text();
            one.state = improvement_state_from(row.view()).value_or(ImprovementState::open);
            one.effect = read_effect(row.view());
            return one;
          }));
  for (Improvement& one : found) {
    const auto of_it = [&](Parameters& to) { to.integer(one.id); };
    TRY(one.refs, all<std::int64_t>("select ref from improvement_refs where improvement = ? order by ref", of_it,
                                    [](Columns& row) { return row.integer(); }));
    TRY(one.steps,
        all<ImprovementStep>("select leaf, state, at, by from improvement_steps where improvement = ? order by leaf",
                             of_it, [](Columns& row) {
                               ImprovementStep step;
                               step.leaf = row.integer();
                               step.state = improvement_state_from(row.view()).value_or(ImprovementState::open);
                               step.at = row.time();
                               step.by = row.text();
                               return step;
                             }));
    for (ImprovementStep& step : one.steps) {
      TRY(step.fields, fields_of(one.brand, step.leaf));
    }
    TRY(const Query said, driver_.prepare("select count(asked), coalesce(sum(worked), 0), count(worked) from "
                                          "improvement_refs where improvement = ?"));
    said->bind_integer(1, one.id);
    TRY(said->step());
    one.asked = said->integer(0);
    one.worked = said->integer(1);
    one.did_not = said->integer(2) - one.worked;
  }
  return found;
}

Result<std::vector<std::int64_t>> SqlModerationStore::to_tell(std::int64_t id) {
  return all<std::int64_t>(
      "select r.id from improvement_refs i join reviews r on r.id = i.review where i.improvement = ? and i.asked is "
      "null "
      "and r.tell = 1 and r.contact <> '' and r.state not in ('withdrawn', 'erased', 'expired') order by r.id",
      [&](Parameters& to) { to.integer(id); }, [](Columns& row) { return row.integer(); });
}

Result<void> SqlModerationStore::asked(std::int64_t id, std::int64_t review, Time at) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::process));
  TRY(run("update improvement_refs set asked = coalesce(asked, ?) where improvement = ? and review = ?",
          [&](Parameters& to) { to.time(at).integer(id).integer(review); }));
  return transaction.commit();
}

Result<void> SqlModerationStore::answered(std::int64_t id, std::int64_t review, bool worked, Time at) {
  TRY(Transaction transaction, Transaction::begin(driver_, Durability::power));
  TRY(run("update improvement_refs set worked = ?, answered = ? where improvement = ? and review = ?",
          [&](Parameters& to) { to.integer(worked ? 1 : 0).time(at).integer(id).integer(review); }));
  if (driver_.changes() != 1)
    return fail(ErrorKind::gone, concat("review ", std::to_string(review), " did not lead to this improvement"));
  return transaction.commit();
}

}  // namespace vigie
