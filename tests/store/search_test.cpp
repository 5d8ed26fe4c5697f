#include "tests/store/stored.h"

namespace vigie {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

class Search : public testing::Test {
 protected:
  std::vector<std::string> found(const std::string& words) { return ids(store_->mentions({.search = words})); }

  const std::unique_ptr<Store> store_ = open_store();
};

TEST_F(Search, IgnoresCaseAndAccents) {
  commit(*store_, batch_of({judged("1", "Problème de réception À Nîmes"), judged("2", "tout va bien")}));

  EXPECT_THAT(found("probleme"), ElementsAre("1"));
  EXPECT_THAT(found("RÉCEPTION nimes"), ElementsAre("1"));
  EXPECT_THAT(found("réception bien"), IsEmpty()) << "all words, not any";
}

TEST_F(Search, LooksInTitlesToo) {
  Judged j = judged("1", "rien à dire");
  j.mention.title = "Livraison";
  commit(*store_, batch_of({j}));

  EXPECT_THAT(found("livraison rien"), ElementsAre("1"));
}

TEST_F(Search, FindsWordsBehindAnApostrophe) {
  commit(*store_, batch_of({judged("1", "J'attends l'été et aujourd’hui rien")}));

  EXPECT_THAT(found("l'été"), ElementsAre("1"));
  EXPECT_THAT(found("aujourd'hui"), ElementsAre("1"));
}

TEST_F(Search, NeverReadsWordsAsSyntax) {
  commit(*store_, batch_of({judged("1", "near or not and text title star"), judged("2", "colis")}));

  for (const char* hostile : {"\"",
                              "\"\"\"",
                              "NEAR(",
                              "colis OR",
                              "AND",
                              "title:",
                              "title:colis",
                              "^colis",
                              "col*",
                              "-colis",
                              "(colis",
                              "colis)",
                              "{title text}: colis",
                              "colis + colis",
                              "' or 1=1 --",
                              "\xff\xfe",
                              "%",
                              "near NOT",
                              "🙂",
                              "a\nb"}) {
    const auto result = store_->mentions({.search = hostile});
    EXPECT_TRUE(result) << hostile << ": " << result.error().what;
  }
  EXPECT_THAT(found("NEAR OR NOT"), ElementsAre("1")) << "they are words like others";
  EXPECT_THAT(found("\"colis\""), ElementsAre("2"));
  EXPECT_THAT(found("col*"), IsEmpty());
}

TEST_F(Search, WithoutAWordFindsNothing) {
  commit(*store_, batch_of({judged("1", "colis ???")}));

  EXPECT_THAT(found("???"), IsEmpty());
}

TEST_F(Search, ForgetsTheWordsOfAnEarlierVersion) {
  commit(*store_, batch_of({judged("1", "colis perdu")}));

  commit(*store_, batch_of({judged("1", "colis retrouvé")}));

  EXPECT_THAT(found("perdu"), IsEmpty());
  EXPECT_THAT(found("retrouve colis"), ElementsAre("1"));
}

TEST_F(Search, CombinesWithTheOtherFilters) {
  Judged other = judged("2", "colis");
  other.brands = {"zenith"};
  commit(*store_, batch_of({judged("1", "colis"), other, negative(judged("3", "colis"))}));

  EXPECT_THAT(ids(store_->mentions({.brand = "acme", .search = "colis"})), ElementsAre("3", "1"));
  EXPECT_THAT(ids(store_->mentions({.brand = "acme", .search = "colis", .label = Label::negative})), ElementsAre("3"));
}

}  // namespace
}  // namespace vigie
