#include "pipeline/sentiment/trainer.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <map>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/json.h"
#include "base/rng.h"
#include "pipeline/sentiment/calibrate.h"
#include "pipeline/sentiment/learner.h"
#include "pipeline/words.h"

namespace vigie::sentiment {
namespace {

constexpr std::size_t kFewest = 30;         // rows of a label, over all languages
constexpr std::size_t kFewestOfSlot = 200;  // rows a language and domain needs for copies of its own
constexpr std::size_t kFewestAddressed = 2000;  // of tweets that address somebody, to stand apart from the others
constexpr std::uint64_t kSlices = 5;        // of all rows; each is judged by what learnt from the others
constexpr double kContradicted = 0.1;       // a doubted label that is less probable than this teaches nothing

// std::shuffle's order is the library's own affair; this one is the same on every machine.
void shuffle(std::vector<std::uint32_t>& items, Rng& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

std::vector<Register> registers_of(const std::vector<const LabelledRow*>& rows) {
  std::vector<Register> out;
  for (const LabelledRow* row : rows) out.push_back(register_of(row->domain, split_words(row->text)));
  return out;
}

std::vector<SlotSettings> slots_of(const std::vector<const LabelledRow*>& rows,
                                   const std::vector<Register>& registers) {
  struct Count {
    std::uint32_t rows = 0, whole = 0;  // whole: of sets that know all three labels
  };
  std::map<std::pair<std::string, Register>, Count> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Count& count = counts[{rows[i]->lang, registers[i]}];
    ++count.rows;
    count.whole += rows[i]->polar ? 0 : 1;
  }
  // Too few to stand alone, addressed tweets are tweets among others.
  for (auto& [key, count] : counts) {
    if (key.second != Register::addressed || count.whole >= kFewestAddressed) continue;
    counts[{key.first, Register::tweet}].rows += count.rows;
    count.rows = 0;
  }
  std::vector<SlotSettings> slots;
  for (const auto& [key, count] : counts) {
    if (count.rows < kFewestOfSlot || key.first.size() > 7) continue;
    SlotSettings slot;
    std::copy(key.first.begin(), key.first.end(), slot.lang.begin());
    slot.of = key.second;
    slot.rows = count.rows;
    slots.push_back(slot);
  }
  return slots;
}

// As Model::slot, but for the language's other domain: a row without a slot of its own teaches the shared weights.
Slot slot_of(const std::vector<SlotSettings>& slots, const LabelledRow& row, Register of) {
  Slot found = kNoSlot;
  for (Slot i = 0; i < slots.size(); ++i) {
    if (row.lang != slots[i].lang.data()) continue;
    if (slots[i].of == of) return i;
    if (of == Register::addressed && slots[i].of == Register::tweet) found = i;
  }
  return found;
}

Example example_of(const LabelledRow& row, const WordTable& words, Slot slot) {
  const Words split = split_words(row.text);
  std::vector<Token> tokens;
  Example out;
  out.exclaims = read_tokens(split, tokens);
  out.slot = slot;
  out.label = place(row.label);
  out.weight = row.weight;
  out.polar = row.polar;
  out.slice = XXH3_64bits(row.text.data(), row.text.size()) % kSlices;
  const auto take = [&](Group group, Feature feature) {
    out.features[static_cast<std::size_t>(group)].push_back(feature);
  };

  std::uint64_t previous = kBorder, before = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    own_features(tokens[i], take);
    take(Group::pairs, pair_of(previous, tokens[i].hash));
    if (before != 0) take(Group::skips, skip_of(before, tokens[i].hash));
    before = i == 0 ? 0 : previous;
    previous = tokens[i].hash;
  }
  take(Group::pairs, pair_of(previous, kBorder));

  const std::string_view lang = slot == kNoSlot ? std::string_view() : std::string_view(row.lang);
  const std::uint64_t salt = language_salt(lang);
  std::uint64_t last_class = kClassBorder;
  for (const Token& token : tokens) {
    const std::int8_t* const values = words.find(word_key(token.hash, salt));
    const std::uint64_t of_class = class_of(token, values == nullptr ? 0 : words.class_of(values));
    take(Group::classes, class_feature(of_class));
    take(Group::classes, class_pair(last_class, of_class));
    last_class = of_class;
  }
  take(Group::classes, class_pair(last_class, kClassBorder));
  const Shape shape = shape_of(split);
  shape_features(shape, take);

  std::vector<KnownWord> known;
  find_known(tokens, words, lang, known);
  Statistics statistics;
  read_statistics(known, words.columns(), shape.words, statistics);
  out.statistics.assign(statistics.values.begin(),
                        statistics.values.begin() + static_cast<std::ptrdiff_t>(words.columns() * kStatistics));
  step_features(statistics, words.columns(), take);
  for (std::size_t group = 0; group < kGroups; ++group)
    out.scale[group] = 1 / std::sqrt(static_cast<float>(out.features[group].size() + 1));
  return out;
}

// Leaves out features that a single row has: they learn that row by heart, and push others out of the table.
void drop_singletons(std::vector<Example>& examples) {
  constexpr unsigned kBits = 26;
  for (const Group group : {Group::letters, Group::pairs, Group::skips, Group::classes}) {
    const auto g = static_cast<std::size_t>(group);
    std::vector<std::uint32_t> last(std::size_t{1} << kBits, 0);  // number of the row that had it, or kSeveral
    constexpr std::uint32_t kSeveral = UINT32_MAX;
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
      for (const Feature feature : examples[i].features[g]) {
        std::uint32_t& seen = last[feature >> (32 - kBits)];
        seen = seen == 0 || seen == i + 1 ? i + 1 : kSeveral;
      }
    }
    for (Example& e : examples) {
      std::erase_if(e.features[g], [&](Feature feature) { return last[feature >> (32 - kBits)] != kSeveral; });
    }
  }
}

std::vector<Feature> features_of(const std::vector<Example>& examples) {
  std::vector<Feature> all;
  for (const Example& e : examples) {
    for (const Group group : {Group::words, Group::pairs, Group::skips, Group::shape, Group::classes}) {
      const std::vector<Feature>& of_group = e.features[static_cast<std::size_t>(group)];
      all.insert(all.end(), of_group.begin(), of_group.end());
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// Makes up for classes that are rare in a set and language, and keeps the set's total weight: each set has its own way
// of choosing what to label, and none should teach how rare a label is in the world.
void balance(const std::vector<const LabelledRow*>& rows, std::vector<Example>& examples, double power) {
  std::map<std::string, Counts> counts;
  const auto key = [&](std::size_t i) { return concat(rows[i]->set(), "/", rows[i]->lang); };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!examples[i].polar) counts[key(i)][examples[i].label] += 1;
  }
  for (auto& [set, count] : counts) {
    const double all = count[0] + count[1] + count[2];
    const auto classes = static_cast<double>(std::count_if(count.begin(), count.end(), [](double n) { return n > 0; }));
    double weighted = 0;
    for (double& c : count) {
      const double n = c;
      c = n == 0 ? 1 : std::pow(all / classes / n, power);
      weighted += c * n;
    }
    for (double& c : count) c *= all / weighted;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!examples[i].polar) examples[i].weight *= static_cast<float>(counts[key(i)][examples[i].label]);
  }
}

// Marks the doubted rows whose label is improbable to a model learnt from the other half of all rows: stars given by
// mistake, or for something the text does not say. After Northcutt, Jiang and Chuang, "Confident Learning", 2021.
template <class Learn>
void find_contradicted(const std::vector<const LabelledRow*>& rows, std::vector<Example>& examples,
                       const ModelParts& parts, const Learn& learn) {
  if (std::none_of(rows.begin(), rows.end(), [](const LabelledRow* row) { return row->doubted; })) return;
  const auto half_of = [&](std::size_t i) { return XXH3_64bits(rows[i]->text.data(), rows[i]->text.size()) >> 63; };
  const auto from = [&](std::uint64_t half) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
      if (half_of(i) == half) order.push_back(i);
    }
    return learn(std::move(order));
  };
  auto first = std::async(std::launch::async, from, 0);
  const Learner second = from(1);
  const std::array<Learner, 2> of_half = {first.get(), second};

  std::vector<HeldOutRow> judged;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i]->doubted) continue;
    judged.push_back({of_half[1 - half_of(i)].logits(examples[i]), examples[i].slot, examples[i].label, 0});
    places.push_back(i);
  }
  std::vector<SlotSettings> slots = parts.slots;
  SlotSettings shared;
  calibrate(judged, std::vector<Counts>(slots.size(), Counts{1, 1, 1}), slots, shared);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const SlotSettings& settings = judged[i].slot == kNoSlot ? shared : slots[judged[i].slot];
    examples[places[i]].contradicted = calibrated(judged[i].logits, settings)[judged[i].label] < kContradicted;
  }
}

// How a model does on rows it did not learn from.
struct HeldOut {
  double loss = 0, right = 0, rows = 0;

  void add(const Logits& z, std::size_t label) {
    const Probabilities p = softmax({-z.polarity, z.neutrality, z.polarity});
    loss -= std::log(std::max(1e-9, p[label]));
    right += std::max_element(p.begin(), p.end()) - p.begin() == static_cast<std::ptrdiff_t>(label) ? 1 : 0;
    ++rows;
  }
  std::string told() const {
    const double n = std::max(rows, 1.0);
    return fmt::format("on rows held out: loss {:.4f}, {:.1f} % right", loss / n, 100 * right / n);
  }
};

HeldOut judge(const Learner& learner, const std::vector<Example>& examples) {
  HeldOut out;
  for (const Example& e : examples) {
    if (e.slice == 0 && !e.polar) out.add(learner.logits(e), e.label);
  }
  return out;
}

std::uint64_t digest_of(const std::vector<LabelledRow>& rows) {
  XXH3_state_t* const state = XXH3_createState();
  XXH3_64bits_reset(state);
  for (const LabelledRow& row : rows) {
    for (const std::string* field : {&row.id, &row.lang, &row.domain, &row.text})
      XXH3_64bits_update(state, field->data(), field->size() + 1);
    const auto label = static_cast<unsigned char>(place(row.label));
    XXH3_64bits_update(state, &label, 1);
  }
  const std::uint64_t digest = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  return digest;
}

std::string provenance_of(const std::vector<LabelledRow>& rows, const TrainOptions& options) {
  std::map<std::string, std::array<std::int64_t, 3>> sets;
  for (const LabelledRow& row : rows) {
    if (row.weight > 0) ++sets[concat(row.set(), "/", row.lang, "/", row.domain)][place(row.label)];
  }
  json::Writer json;
  json.begin_object()
      .member("trained_by", "vigie train")
      .member("rows_digest", fmt::format("{:016x}", digest_of(rows)));
  json.key("bits").integer(options.bits).key("epochs").integer(options.epochs).key("rate").number(options.rate);
  json.key("trainings").integer(options.trainings);
  json.key("balance").number(options.balance).key("seed").integer(static_cast<std::int64_t>(options.seed));
  json.key("sets").begin_object();
  for (const auto& [set, counts] : sets) {
    json.key(set).begin_array();
    for (const std::int64_t count : counts) json.integer(count);
    json.end_array();
  }
  return json.end_object().end_object().take();
}

}  // namespace

Result<ModelParts> train(const std::vector<LabelledRow>& all_rows, const WordTable& words, const TrainOptions& options,
                         const Progress& progress) {
  std::array<std::size_t, 3> labels{};
  for (const LabelledRow& row : all_rows) labels[place(row.label)] += row.weight > 0 ? 1 : 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= kFewest) continue;
    constexpr std::array<std::string_view, 3> kNames = {"neg", "neu", "pos"};
    return fail(ErrorKind::bad_data, fmt::format("expected at least {} rows of each label, found {} of {}: add rows",
                                                 kFewest, labels[i], kNames[i]));
  }

  std::vector<const LabelledRow*> rows;
  for (const LabelledRow& row : all_rows) {
    if (row.weight > 0) rows.push_back(&row);
  }
  const std::vector<Register> registers = registers_of(rows);

  ModelParts parts;
  parts.name = options.name;
  parts.bits = options.bits;
  parts.words = words;
  parts.slots = slots_of(rows, registers);
  parts.provenance = provenance_of(all_rows, options);

  std::vector<Example> examples;
  for (std::size_t i = 0; i < rows.size(); ++i)
    examples.push_back(example_of(*rows[i], words, slot_of(parts.slots, *rows[i], registers[i])));
  drop_singletons(examples);
  balance(rows, examples, options.balance);
  parts.seen = features_of(examples);

  const auto unlearnt = [&](const std::vector<std::uint32_t>& order) {
    Learner learner(options.bits, parts.slots.size(), words.columns(), options.rate);
    learner.weigh(examples, order);
    return learner;
  };
  const auto learnt = [&](Learner learner, std::vector<std::uint32_t> order, std::uint64_t seed, bool tell) {
    SeededRng random(seed);
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
      shuffle(order, random);
      double loss = 0;
      for (const std::uint32_t i : order) loss += learner.learn(examples[i]);
      if (tell) {
        progress(fmt::format("epoch {} of {}: loss {:.4f}; {}", epoch, options.epochs,
                             loss / static_cast<double>(order.size()), judge(learner, examples).told()));
      }
    }
    return learner;
  };
  find_contradicted(rows, examples, parts, [&](const std::vector<std::uint32_t>& order) {
    return learnt(unlearnt(order), order, options.seed, false);
  });
  if (const auto out = std::count_if(examples.begin(), examples.end(), [](const Example& e) { return e.contradicted; });
      out > 0)
    progress(fmt::format("{} rows whose label all others contradict are not learnt from", out));

  const auto trained = [&](const std::vector<std::uint32_t>& order, bool tell) {
    const Learner start = unlearnt(order);
    Learner mean = learnt(start, order, options.seed, tell);
    for (int more = 2; more <= options.trainings; ++more)
      mean.take_up(learnt(start, order, options.seed + static_cast<std::uint64_t>(more) - 1, false), more);
    return mean;
  };
  // All rows but those of slice `without`; of them a part, by a hash of their place.
  const auto order_without = [&](std::uint64_t without, double part = 1) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
      const bool in_part = part >= 1 || (i * 2654435761u >> 8) % 1000 < part * 1000;
      if (in_part && !examples[i].contradicted && examples[i].slice != without) order.push_back(i);
    }
    return order;
  };
  // Each slice's rows are judged by a model that never saw them, which calibration then learns from.
  std::vector<Logits> judged(examples.size());
  const auto judge_slice = [&](std::uint64_t slice) {
    const Learner learner = trained(order_without(slice), slice == 0);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (examples[i].slice == slice) judged[i] = learner.logits(examples[i]);
    }
    if (slice == 0 && options.trainings > 1)
      progress(fmt::format("mean of {} trainings: {}", options.trainings, judge(learner, examples).told()));
  };

  // The trainings know nothing of each other: two cores do two at a time, and the bytes stay the same.
  auto whole = std::async(std::launch::async, [&] {
    for (std::uint64_t slice = (kSlices + 1) / 2; slice < kSlices; ++slice) judge_slice(slice);
    return trained(order_without(kSlices), false);
  });
  if (options.learning_curve) {
    for (const double part : {0.25, 0.5}) {
      const std::vector<std::uint32_t> order = order_without(0, part);
      progress(fmt::format("{} rows: {}", order.size(), judge(trained(order, false), examples).told()));
    }
  }
  for (std::uint64_t slice = 0; slice < (kSlices + 1) / 2; ++slice) judge_slice(slice);
  const Learner final_learner = whole.get();

  std::vector<HeldOutRow> held_out;
  std::vector<Counts> counts(parts.slots.size());
  std::map<std::string, std::size_t> sets;
  HeldOut all;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Example& e = examples[i];
    if (e.polar) continue;
    if (e.slot != kNoSlot) counts[e.slot][e.label] += 1;
    const std::size_t set = sets.emplace(concat(rows[i]->set(), "/", rows[i]->lang), sets.size()).first->second;
    held_out.push_back({judged[i], e.slot, e.label, set});
    all.add(judged[i], e.label);
  }
  progress(fmt::format("each slice of {} judged by what the others taught: {}", kSlices, all.told()));
  calibrate(held_out, counts, parts.slots, parts.shared);

  std::tie(parts.weights, parts.step) = final_learner.quantised();
  parts.dense = final_learner.dense();
  return parts;
}

}  // namespace vigie::sentiment
