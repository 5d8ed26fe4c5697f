// What stands beside reviews on a wall.

#include "tests/wall/filled_wall.h"
#include "wall/elsewhere.h"
#include "wall/improvements.h"
#include "wall/replies.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class SaidTest : public test::FilledWall {
 protected:
  std::int64_t improve(const Review& because) {
    ImprovementOrder order;
    order.title = "Livraison le <samedi>";
    order.refs = {because.leaf};
    order.author = "Acme & Sons";
    return open_improvement(book(), store(), "acme", order, clock.now()).value();
  }
  void step(std::int64_t id, ImprovementState to) {
    ASSERT_TRUE(step_improvement(book(), store(), id, to, "", "ana", clock.now()));
  }
};

TEST_F(SaidTest, ShowsTheBrandsAnswerUnderTheReview) {
  const Review one = published(1, "Jamais reçu.");
  NewReply reply;
  reply.text = "Toutes nos excuses. <b>Remboursé</b>";
  reply.author = "Acme & Sons";
  reply.link = "https://acme.example/retours";
  reply.at = clock.now();
  ASSERT_TRUE(add_reply(book(), store(), one, reply));
  add_up();

  EXPECT_THAT(page(),
              AllOf(HasSubstr("Acme répond"), HasSubstr("Toutes nos excuses. &lt;b&gt;Remboursé&lt;/b&gt;"),
                    HasSubstr("href=\"https://acme.example/retours\""), HasSubstr("le 21\u00A0nov.\u00A02026")));
}

TEST_F(SaidTest, TellsWhatWasChangedBecauseOfReviews) {
  const Review one = published(1, "Pas de livraison le samedi.");
  const std::int64_t id = improve(one);
  add_up();
  EXPECT_THAT(page(), AllOf(HasSubstr("Amélioration liée"), HasSubstr("Livraison le &lt;samedi&gt;"),
                            HasSubstr("(demandée)"), Not(HasSubstr("Vous avez dit, nous avons fait"))));

  step(id, ImprovementState::doing);
  step(id, ImprovementState::done);
  add_up();

  EXPECT_THAT(page(), AllOf(HasSubstr("Vous avez dit, nous avons fait"), HasSubstr("fait le 21\u00A0nov.\u00A02026"),
                            HasSubstr("à la suite de 1 avis"), HasSubstr("/wall/acme/improvements?lang=fr")));
}

TEST_F(SaidTest, SaysWhetherItHelped) {
  Review first;
  for (int day = 0; day < 20; ++day) {
    first = published(2);
    clock.advance(kDay);
  }
  const std::int64_t id = improve(first);
  step(id, ImprovementState::done);
  for (int day = 0; day < 20; ++day) {
    published(5);
    clock.advance(kDay);
  }
  step(id, ImprovementState::measured);
  add_up();

  EXPECT_THAT(page({{"lang", "en"}}),
              HasSubstr("Mean: 2.0 before, 5.0 after, over 20 days on either side. It is better, beyond chance."));
}

TEST_F(SaidTest, ShowsOtherSitesAsDatedCountsAlone) {
  for (int i = 0; i < 10; ++i) published(2);
  const Reading reading{"Avis-Exemple", "https://exemple.example/acme", 812, 4312, clock.now()};

  ASSERT_TRUE(note_reading(book(), store(), "acme", reading, "<html>4,3</html>"));
  ASSERT_TRUE(note_reading(book(), store(), "acme",
                           {"Avis-Exemple", "https://exemple.example/acme", 815, 4310, clock.now()},
                           "<html>4,3</html>"));
  add_up();

  EXPECT_THAT(page(), AllOf(HasSubstr("815 notes, moyenne 4,3"), Not(HasSubstr("812 notes")), HasSubstr("relevé du 21"),
                            HasSubstr("href=\"https://exemple.example/acme\""), HasSubstr(">2,0</data>")));
  EXPECT_EQ(readings_of(store(), "acme").value().size(), 1u);
}

TEST_F(SaidTest, NotesNoReadingThatCannotBeShown) {
  const std::int64_t size = store().log_state("acme").value().size;

  for (const Reading& odd : {Reading{"", "", 1, 1, clock.now()}, Reading{"a\nb", "", 1, 1, clock.now()},
                             Reading{"A", "javascript:alert(1)", 1, 1, clock.now()},
                             Reading{"A", "", -1, 1, clock.now()}, Reading{"A", "", 1, 11'000, clock.now()}}) {
    EXPECT_EQ(note_reading(book(), store(), "acme", odd, "").error().kind, ErrorKind::bad_data) << odd.source;
  }

  EXPECT_EQ(store().log_state("acme").value().size, size);
}

}  // namespace
}  // namespace vigie
