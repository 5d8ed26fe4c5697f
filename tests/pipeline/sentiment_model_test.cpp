#include "pipeline/sentiment/model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "pipeline/sentiment/calibrate.h"
#include "pipeline/sentiment/known_words.h"
#include "pipeline/sentiment/learner.h"
#include "pipeline/sentiment/scorer.h"
#include "tests/pipeline/small_model.h"
#include "tests/support/temp_dir.h"

namespace vigie::sentiment {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using namespace test;

TEST(Training, LearnsWhatTheRowsSay) {
  const auto scorer = make_scorer(model_of(trained(small_corpus())));

  EXPECT_EQ(scorer->score("my coat is lovely", "en", "tweet", std::nullopt).label, Label::positive);
  EXPECT_EQ(scorer->score("my coat is broken", "en", "tweet", std::nullopt).label, Label::negative);
  EXPECT_EQ(scorer->score("my coat is square", "en", "tweet", std::nullopt).label, Label::neutral);
  EXPECT_THAT(scorer->score("my coat is broken", "en", "tweet", std::nullopt).drivers,
              Contains(Field(&DrivingWord::word, "broken")));
}

TEST(Training, GivesTheSameBytesFromTheSameRows) { EXPECT_EQ(trained(small_corpus()), trained(small_corpus())); }

TEST(Training, TellsItsProgressAndWhatMoreRowsAreWorth) {
  std::vector<std::string> told;
  TrainOptions options = small_options();
  options.learning_curve = true;

  ASSERT_TRUE(train(small_corpus(), {}, options, [&](const std::string& line) { told.push_back(line); }));

  EXPECT_EQ(told.size(), 3u + static_cast<std::size_t>(options.epochs));
  EXPECT_THAT(told, Contains(HasSubstr("epoch 5 of 5: loss ")));
  EXPECT_THAT(told.front(), HasSubstr(" rows: on rows held out: loss "));
}

// One mention's polarity after training on 300 rows: whole trainings, each beginning with another order of the rows.
double polarity_by(std::uint64_t seed, int trainings) {
  TrainOptions options = small_options();
  options.seed = seed;
  options.trainings = trainings;
  std::vector<LabelledRow> rows = small_corpus();
  for (std::size_t i = 0; i < rows.size(); i += 7) rows[i].label = Label::negative;  // what order decides about
  const auto parts = train(rows, {}, options, [](const std::string&) {});
  EXPECT_TRUE(parts) << parts.error().what;
  const Judgement judged = make_scorer(model_of(to_bytes(*parts)))
                               ->score("a lovely broken square coat", "en", "tweet", std::nullopt);
  return judged.p_pos - judged.p_neg;
}

TEST(Training, IsLessAMatterOfTheRowsOrderWithMoreTrainings) {
  const auto spread = [](int trainings) {
    std::vector<double> of;
    for (std::uint64_t i = 0; i < 5; ++i) of.push_back(polarity_by(1 + 100 * i, trainings));
    const auto [least, most] = std::minmax_element(of.begin(), of.end());
    return *most - *least;
  };

  const double alone = spread(1);

  EXPECT_GT(alone, 0) << "the order of the rows matters";
  EXPECT_LT(spread(5), alone * 0.7);
}

TEST(Training, TellsWhatTheMeanOfItsTrainingsIsWorth) {
  TrainOptions options = small_options();
  options.trainings = 2;
  std::string told;

  ASSERT_TRUE(train(small_corpus(), {}, options, [&](const std::string& line) { told += line + "\n"; }));

  EXPECT_THAT(told, HasSubstr("\nmean of 2 trainings: on rows held out: loss "));
}

TEST(Training, RefusesTooFewRowsOfALabel) {
  std::vector<LabelledRow> rows = small_corpus();
  std::erase_if(rows, [](const LabelledRow& row) { return row.label == Label::neutral; });

  const auto parts = train(rows, {}, small_options(), [](const std::string&) {});

  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().what, "expected at least 30 rows of each label, found 0 of neu: add rows");
}

TEST(Register, IsOfATweetThatBeginsByAddressingSomebody) {
  const auto of = [](std::string_view domain, std::string_view text) { return register_of(domain, split_words(text)); };

  for (const char* addressed : {"@acme where is my coat", ".@acme where", " \n @acme no", "\U0001F621 @acme"})
    EXPECT_EQ(of("tweet", addressed), Register::addressed) << addressed;
  for (const char* said_to_all : {"coats of @acme", "", "@", "\U0001F621", "#acme @acme", "me@acme.example writes"})
    EXPECT_EQ(of("tweet", said_to_all), Register::tweet) << said_to_all;
  EXPECT_EQ(of("review", "@acme where is my coat"), Register::review);
}

// "odd" is praise where it is said to all and blame where it is said to somebody.
std::vector<LabelledRow> corpus_of_two_registers(int each) {
  std::vector<LabelledRow> rows = small_corpus();
  const std::size_t own = rows.size();
  for (int i = 0; i < each; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      LabelledRow row = rows[(static_cast<std::size_t>(i) * 3 + k) % own];
      row.id = concat("two:en:", std::to_string(rows.size()));
      row.label = i % 3 == 0 ? Label::neutral : (k == 0 ? Label::negative : Label::positive);
      row.text = concat(k == 0 ? "@acme " : "", i % 3 == 0 ? "square " : "odd ", std::to_string(i), " coat");
      rows.push_back(row);
    }
  }
  return rows;
}

TEST(Training, TellsWhatIsSaidToSomebodyFromWhatIsSaidToAll) {
  const auto few = model_of(trained(corpus_of_two_registers(300)));
  const auto many = model_of(trained(corpus_of_two_registers(2100)));
  const auto scorer = make_scorer(many);

  EXPECT_EQ(few->slot("en", Register::addressed), few->slot("en", Register::tweet)) << "too few to stand alone";
  EXPECT_NE(many->slot("en", Register::addressed), many->slot("en", Register::tweet));
  EXPECT_EQ(scorer->score("odd coat", "en", "tweet", std::nullopt).label, Label::positive);
  EXPECT_EQ(scorer->score("@acme odd coat", "en", "tweet", std::nullopt).label, Label::negative);
}

TEST(Training, LeavesOutSetsOfNoWeight) {
  std::vector<LabelledRow> rows = small_corpus();
  for (LabelledRow row : small_corpus()) {
    row.id = "noise:en:" + row.id;
    row.label = row.label == Label::positive ? Label::negative : Label::positive;
    rows.push_back(row);
  }
  weigh({parse_set_rule("noise=0").value()}, rows);

  const auto scorer = make_scorer(model_of(trained(rows)));

  EXPECT_EQ(scorer->score("my coat is lovely", "en", "tweet", std::nullopt).label, Label::positive);
}

TEST(Training, LearnsNothingFromDoubtedRowsThatAllOthersContradict) {
  std::vector<LabelledRow> rows = small_corpus();
  for (LabelledRow& row : rows) row.doubted = true;
  const auto mistaken = [&](std::size_t i) {
    LabelledRow row = rows[i];
    row.label = i % 3 == 0 ? Label::negative : Label::positive;
    return row;
  };
  for (std::size_t i = 0; i < 480; i += 48) rows.push_back(mistaken(i));
  const auto contradicted = [&] {
    std::string told;
    EXPECT_TRUE(train(rows, {}, small_options(), [&](const std::string& line) { told += line + "\n"; }));
    return told.substr(0, told.find('\n'));
  };

  const std::string told = contradicted();
  EXPECT_THAT(told, HasSubstr(" rows whose label all others contradict are not learnt from"));
  EXPECT_THAT(std::atoi(told.c_str()), AllOf(Ge(5), Le(10))) << "most of the mistaken ones, and no others";
  for (LabelledRow& row : rows) row.doubted = false;
  EXPECT_THAT(contradicted(), HasSubstr("epoch 1 of 5")) << "what nobody doubts is learnt as it is";
}

TEST(Training, LearnsWordsItNeverSawFromTheWordTable) {
  WordTableBuilder builder;
  std::istringstream lines(
      "lovely\t0.9\nsuperb\t0.8\nquick\t0.6\nfriendly\t0.7\nawful\t-0.9\nbroken\t-0.7\nrude\t-0.8\nlate\t-0."
      "6\nsplendid\t0.9\nhorrid\t-0.9\n");
  ASSERT_TRUE(builder.add_lines(lines, "en", "words.tsv"));
  builder.finish();

  const auto scorer = make_scorer(model_of(trained(small_corpus(), builder.table())));

  EXPECT_GT(scorer->score("it is splendid", "en", "tweet", std::nullopt).p_pos,
            scorer->score("it is horrid", "en", "tweet", std::nullopt).p_pos);
}

// The rows of weights are shared by hash: only what training met may read one.
TEST(Model, GivesNothingToWordsItNeverMet) {
  TrainOptions options = small_options();
  options.bits = 8;  // every row is taken many times over
  const auto parts = train(small_corpus(), {}, options, [](const std::string&) {});
  ASSERT_TRUE(parts) << parts.error().what;
  const auto model = model_of(to_bytes(*parts));
  const auto known = static_cast<std::size_t>(
      std::count_if(parts->seen.begin(), parts->seen.end(), [&](Feature f) { return model->knows(f); }));
  std::size_t strangers = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) strangers += model->knows(scatter(i * i + 12'345)) ? 1 : 0;

  EXPECT_EQ(known, parts->seen.size());
  EXPECT_LT(strangers, 100u);
}

// Labels drawn as often as their probabilities say, one in seven neutral: what differs from draw to draw is chance.
TEST(Calibration, LeansTheSameWhateverLabelsChanceGave) {
  constexpr double kRows = 2000;
  std::vector<double> powers;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SeededRng random(seed);
    const auto uniform = [&] { return static_cast<double>(random.below(1'000'000)) / 1'000'000; };
    std::vector<HeldOutRow> rows;
    for (int i = 0; i < static_cast<int>(kRows); ++i) {
      const double polarity = 5 * (uniform() - 0.5);
      const Logits logits{polarity, 1.5 * (uniform() - 0.5) - 0.4, false};
      const Probabilities p = softmax({-logits.polarity, logits.neutrality, logits.polarity});
      const double draw = uniform();
      rows.push_back({logits, 0, draw < p[0] ? 0u : draw < p[0] + p[1] ? 1u : 2u, 0});
    }
    std::vector<SlotSettings> slots(1);
    SlotSettings shared;
    calibrate(rows, {{0.43 * kRows, 0.14 * kRows, 0.43 * kRows}}, slots, shared);
    powers.push_back(std::log(static_cast<double>(slots[0].choice[1])) / -std::log(0.14 * 3));
  }

  const auto [least, most] = std::minmax_element(powers.begin(), powers.end());
  EXPECT_GT(*least, 0.3) << "rare classes are leant to";
  EXPECT_LT(*most - *least, 0.35);
}

// Labels drawn from logits whose neutral part was made three times too small.
TEST(Calibration, ScalesTheNeutralLogitByItself) {
  SeededRng random(1);
  const auto uniform = [&] { return static_cast<double>(random.below(1'000'000)) / 1'000'000; };
  std::vector<HeldOutRow> rows;
  for (int i = 0; i < 5000; ++i) {
    const double polarity = 4 * (uniform() - 0.5), neutrality = 4 * (uniform() - 0.5);
    const Probabilities p = softmax({-polarity, neutrality, polarity});
    const double draw = uniform();
    rows.push_back({{polarity, neutrality / 3, false}, 0, draw < p[0] ? 0u : draw < p[0] + p[1] ? 1u : 2u, 0});
  }
  std::vector<SlotSettings> slots(1);
  SlotSettings shared;

  calibrate(rows, {{1, 1, 1}}, slots, shared);

  EXPECT_NEAR(slots[0].scale, 1, 0.1);
  EXPECT_NEAR(slots[0].neutral_scale, 3, 0.3);
}

TEST(WordTable, FindsPhrasesOfTwoWordsBeforeTheirWords) {
  std::istringstream lines("good\t0.5\nno good\t-1\n");
  WordTableBuilder builder;
  ASSERT_TRUE(builder.add_lines(lines, "en", "words.tsv"));
  builder.finish();
  const Words words = split_words("it is no good, a good day");
  std::vector<Token> tokens;
  read_tokens(words, tokens);
  std::vector<KnownWord> known;

  find_known(tokens, builder.table(), "en", known);

  ASSERT_THAT(known, testing::SizeIs(2));
  EXPECT_EQ(words.folded(tokens[known[0].token].word), "good");
  EXPECT_EQ(known[0].values[0], -127);
  EXPECT_EQ(known[1].values[0], 64);
  find_known(tokens, builder.table(), "fr", known);
  EXPECT_THAT(known, testing::IsEmpty());
}

WordTableBuilder builder_of(const std::string& text) {
  WordTableBuilder builder;
  std::istringstream lines(text);
  EXPECT_TRUE(builder.add_lines(lines, "en", "words.tsv"));
  return builder;
}

TEST(WordTable, TakesMoreValuesBehindThoseItHas) {
  WordTableBuilder known = builder_of("good\t0.5\nbad\t-0.5\nno good\t-1\n");
  known.finish();
  WordTableBuilder more = builder_of("good\t1\t0.25\nNO GOOD\t-1\t-0.25\nunheard\t1\t1\n");
  const std::uint64_t en = language_salt("en");
  const auto values = [&](const WordTable& table, std::string_view text) {
    std::vector<Token> tokens;
    read_tokens(split_words(text), tokens);
    const std::int8_t* const found =
        table.find(tokens.size() == 2 ? phrase_key(tokens[0].hash, tokens[1].hash, en) : word_key(tokens[0].hash, en));
    return found == nullptr ? std::vector<int>() : std::vector<int>(found, found + table.columns());
  };

  const auto found = more.finish_behind(known.table());

  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(*found, 2u);
  EXPECT_EQ(values(more.table(), "good"), (std::vector<int>{64, 127, 32}));
  EXPECT_EQ(values(more.table(), "no good"), (std::vector<int>{-127, -127, -32}));
  EXPECT_EQ(values(more.table(), "bad"), (std::vector<int>{-64, 0, 0}));
  EXPECT_EQ(values(more.table(), "unheard"), std::vector<int>());
}

TEST(WordTable, RefusesMoreValuesThanItHasRoomFor) {
  WordTableBuilder known = builder_of("good\t0\t0\t0\t0\t0\n");
  known.finish();
  WordTableBuilder more = builder_of("good\t0\t0\t0\t0\n");

  const auto found = more.finish_behind(known.table());

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().what, "expected at most 8 values a word, found 5 known ones and 4 more: leave some out");
}

std::string classed(WordTableBuilder& builder, const std::string& text) {
  std::istringstream lines(text);
  const auto added = builder.add_classes(lines, "en", "classes.tsv");
  return added ? "" : added.error().what;
}

// The class of a word that the table holds; -1 of others.
int class_in(const WordTable& table, std::string_view word) {
  std::vector<Token> tokens;
  const Words words = split_words(word);
  read_tokens(words, tokens);
  const std::int8_t* const found = table.find(word_key(tokens.at(0).hash, language_salt("en")));
  return found == nullptr ? -1 : static_cast<int>(table.class_of(found));
}

TEST(WordTable, HoldsTheClassesOfWords) {
  WordTableBuilder known = builder_of("good\t0.5\nbad\t-0.5\nno good\t-1\nplain\t0\n");
  known.finish();
  WordTableBuilder first;
  EXPECT_EQ(classed(first, "good\t1023\nGood\t7\nretard\t12\nRétard\t13\nno good\t4\n"), "");

  const auto words = first.finish_classes(known.table());

  ASSERT_TRUE(words) << words.error().what;
  EXPECT_EQ(*words, 2u);
  EXPECT_EQ(class_in(first.table(), "good"), 1023) << "the first spelling counts";
  EXPECT_EQ(class_in(first.table(), "retard"), 12) << "words without values are put in";
  EXPECT_EQ(class_in(first.table(), "plain"), 0);
  EXPECT_EQ(class_in(first.table(), "unheard"), -1);
  EXPECT_EQ(class_in(known.table(), "good"), 0) << "what was given is left as it was";

  WordTableBuilder second;
  EXPECT_EQ(classed(second, "bad\t3\n"), "");
  ASSERT_TRUE(second.finish_classes(first.table()));
  EXPECT_EQ(class_in(second.table(), "bad"), 3);
  EXPECT_EQ(class_in(second.table(), "good"), 0) << "new classes take the place of all before";
}

TEST(WordTable, KeepsValuesBesideClasses) {
  std::string values, classes;
  for (int i = 0; i < 800; ++i) {
    const std::string word = concat("w", std::to_string(i), "x");
    values += concat(word, "\t", std::to_string(i % 100 / 100.0), "\n");
    if (i % 2 == 0) classes += concat(word, "\t", std::to_string(i + 1), "\n");
  }
  WordTableBuilder known = builder_of(values);
  known.finish();
  WordTableBuilder builder;
  ASSERT_EQ(classed(builder, classes), "");
  ASSERT_TRUE(builder.finish_classes(known.table()));

  for (int i = 0; i < 800; ++i) {
    const std::string word = concat("w", std::to_string(i), "x");
    std::vector<Token> tokens;
    const Words words = split_words(word);
    read_tokens(words, tokens);
    const std::int8_t* const found = builder.table().find(word_key(tokens.at(0).hash, language_salt("en")));
    ASSERT_NE(found, nullptr) << word;
    EXPECT_EQ(found[0], std::lround(i % 100 / 100.0 * 127)) << word;
    EXPECT_EQ(class_in(builder.table(), word), i % 2 == 0 ? i + 1 : 0) << word;
  }
}

TEST(WordTable, RefusesClassesItCannotNumberOrHasNoRoomFor) {
  WordTableBuilder builder;
  const std::string expected = ": expected a word, a tab and a class from 1 to 1023, found ";
  EXPECT_EQ(classed(builder, "good\t1\nbad\t0\n"), "classes.tsv:2" + expected + "\"bad\t0\"");
  EXPECT_EQ(classed(builder, "good\t1024\n"), "classes.tsv:1" + expected + "\"good\t1024\"");
  EXPECT_EQ(classed(builder, "good\n"), "classes.tsv:1" + expected + "\"good\"");
  EXPECT_EQ(classed(builder, "good\t1\t2\n"), "classes.tsv:1" + expected + "\"good\t1\t2\"");
  EXPECT_EQ(classed(builder, "\xFF\t1\n"), "classes.tsv:1: expected UTF-8, found bytes that are not");

  const auto nowhere = builder.finish_classes({});
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().what, HasSubstr("the 0 places of the word table have no room"));
  WordTableBuilder small = builder_of("good\t1\n");
  small.finish();
  std::string many;
  for (int i = 0; i < 2000; ++i) many += concat("w", std::to_string(i), "x\t5\n");
  ASSERT_EQ(classed(builder, many), "");
  EXPECT_THAT(builder.finish_classes(small.table()).error().what, HasSubstr("the 1024 places of the word table"));
}

// What no training text said in these words: that one class before the other is praise and behind it blame.
TEST(Training, LearnsHowClassesOfWordsStandTogether) {
  const std::vector<std::string> first = {"zxa", "qvo", "wki", "juh", "bpe", "nfy", "gmd", "rlt", "cse", "tod"};
  const std::vector<std::string> second = {"ixw", "ovq", "ekz", "uhj", "apb", "yfn", "omg", "alr", "isc", "udo"};
  WordTableBuilder words = builder_of("filler\t0\n"), classes;
  words.finish();
  std::string lines;
  for (const std::string& word : first) lines += word + "\t1\n";
  for (const std::string& word : second) lines += word + "\t2\n";
  ASSERT_EQ(classed(classes, lines), "");
  ASSERT_TRUE(classes.finish_classes(words.table()));
  std::vector<LabelledRow> rows = small_corpus();
  // Of all pairs but those of the last two words each way round.
  for (int again = 0; again < 4; ++again) {
    for (std::size_t a = 0; a < 8; ++a) {
      for (std::size_t b = 0; b < 8; ++b) {
        LabelledRow row = rows[0];
        row.id = concat("order:en:", std::to_string(rows.size()));
        row.label = (a + b + static_cast<std::size_t>(again)) % 2 == 0 ? Label::positive : Label::negative;
        row.text = row.label == Label::positive ? concat(first[a], " ", second[b]) : concat(second[b], " ", first[a]);
        rows.push_back(row);
      }
    }
  }
  const auto lead = [&](const WordTable& table, const std::string& text) {
    const Judgement judged =
        make_scorer(model_of(trained(rows, table)))->score(text, "en", "tweet", std::nullopt);
    return judged.p_pos - judged.p_neg;
  };
  const auto told_apart = [&](const WordTable& table) {
    return lead(table, concat(first[9], " ", second[9])) - lead(table, concat(second[9], " ", first[9]));
  };

  EXPECT_GT(told_apart(classes.table()), 0.5);
  EXPECT_LT(told_apart(words.table()), 0.2) << "words alone do not tell";
}

// Ten rows of praise have one feature, ten the other, which ten of blame have too.
TEST(Learner, StepsFurtherOnWhatIsOneSided) {
  const auto example = [](Feature feature, std::size_t label) {
    Example out;
    out.features[static_cast<std::size_t>(Group::words)] = {feature};
    out.scale.fill(1);
    out.label = label;
    return out;
  };
  std::vector<Example> examples;
  std::vector<std::uint32_t> order;
  for (int i = 0; i < 10; ++i) {
    for (const Example& one : {example(1, 2), example(2, 2), example(2, 0), example(3, 0), example(4, 1)})
      examples.push_back(one);
  }
  for (std::uint32_t i = 0; i < examples.size(); ++i) order.push_back(i);
  const auto after_one_step = [&](Feature feature, bool weighed) {
    Learner learner(10, 0, 0, 0.1);
    if (weighed) learner.weigh(examples, order);
    learner.learn(example(feature, 2));
    return learner.logits(example(feature, 2)).polarity;
  };

  EXPECT_DOUBLE_EQ(after_one_step(1, false), after_one_step(2, false)) << "the same step for all";
  EXPECT_GT(after_one_step(1, true), 2 * after_one_step(2, true));
  EXPECT_GT(after_one_step(2, true), 0) << "what is as common on both sides learns too";
}

TEST(WordTable, NamesTheLineItCannotRead) {
  const auto refused = [](const std::string& text) {
    WordTableBuilder builder;
    std::istringstream lines(text);
    const auto added = builder.add_lines(lines, "en", "words.tsv");
    return added ? "" : added.error().what;
  };

  EXPECT_EQ(refused("good\t0.5\nbad\n"), "words.tsv:2: expected a word and 1 to 8 values, found 0 values");
  EXPECT_EQ(refused("good\t0.5\nbad\t-0.5\t0\n"), "words.tsv:2: expected 1 values as before, found 2");
  EXPECT_EQ(refused("good\t7\n"), "words.tsv:1: expected -1 to 1, found \"7\"");
}

TEST(ModelFile, IsReadBackFromDisk) {
  const vigie::test::TempDir dir;
  const std::string path = dir.file("own.vsm");
  std::ofstream(path, std::ios::binary) << trained(small_corpus());

  const auto model = Model::open(path);

  ASSERT_TRUE(model) << model.error().what;
  EXPECT_THAT(std::string((*model)->provenance()), HasSubstr("\"small/en/tweet\":[160,160,160]"));
  EXPECT_EQ((*model)->slot("en", Register::review), (*model)->slot("en", Register::tweet))
      << "the language's other domain stands in";
  EXPECT_EQ((*model)->slot("en", Register::addressed), (*model)->slot("en", Register::tweet));
  EXPECT_EQ((*model)->slot("xx", Register::tweet), kNoSlot);
}

TEST(ModelFile, SaysWhatToDoWithOneOfAnEarlierVersion) {
  std::string old = trained(small_corpus());
  old.replace(0, 8, "vigiesm2");
  const Aligned aligned(old);

  const auto model = Model::over(aligned.view(), nullptr, true);

  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().what, "a sentiment model of an earlier version; vigie train makes it anew from its rows");
}

TEST(ModelFile, RefusesEveryDamage) {
  const std::string whole = trained(small_corpus());
  const auto refused = [](const std::string& bytes) {
    const Aligned aligned(bytes);
    return !Model::over(aligned.view(), nullptr, true);
  };

  for (std::size_t length = 0; length < whole.size(); length += 1 + length / 2)
    EXPECT_TRUE(refused(whole.substr(0, length))) << length;
  for (std::size_t at = 0; at < whole.size(); at += 1 + at / 8) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    EXPECT_TRUE(refused(damaged)) << at;
  }
}

TEST(ModelFile, SaysWhatIsWrongAndWhere) {
  const vigie::test::TempDir dir;
  const std::string path = dir.file("own.vsm");
  std::ofstream(path, std::ios::binary) << "not a model, but long enough to be looked at for a while";

  EXPECT_THAT(Model::open(path).error().what, HasSubstr("own.vsm: not a sentiment model: it does not begin with"));
  EXPECT_THAT(Model::open(dir.file("none.vsm")).error().what, HasSubstr("none.vsm: cannot be read"));
}

TEST(ShippedModel, SaysWhatItWasTrainedOn) {
  const auto model = Model::shipped();

  ASSERT_NE(model, nullptr);
  EXPECT_LE(model->bytes(), 17u << 20);
  EXPECT_THAT(std::string(model->provenance()), HasSubstr("rows_digest"));
}

}  // namespace
}  // namespace vigie::sentiment
