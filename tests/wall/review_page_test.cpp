#include "tests/wall/filled_wall.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReviewPageTest : public test::FilledWall {};

TEST_F(ReviewPageTest, ShowsOneReviewWithItsHistoryAtAnAddressThatLasts) {
  const Review one = published(2, "Trop long.");
  for (int i = 0; i < 30; ++i) published(3, "un autre");
  add_up();

  const ServerReply reply = permalink(one);

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(count_of(reply.body, "<article"), 1u);
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr("Trop long."), HasSubstr("id=\"review-1\""), HasSubstr("Histoire de cet avis"),
                    HasSubstr("publié, par une personne"), HasSubstr("(entrée 1 du journal)"),
                    HasSubstr("hreflang=\"en\" href=\"https://avis.example/wall/acme?lang=en&amp;review=1\"")));
}

TEST_F(ReviewPageTest, SaysWhyARefusedOrHiddenReviewIsNotThereAndNotWhatItSaid) {
  const Review refused = act(receive(answer(1, "achetez chez moi")), "refuse", "SPAM-PROMO");
  const Review hidden = act(published(1, "secret de famille"), "hide", "COURT");

  const ServerReply first = permalink(refused), second = permalink(hidden, "en");

  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.body,
              AllOf(HasSubstr("a été refusé le 21\u00A0nov.\u00A02026. Motif\u00A0: publicité ou message répété."),
                    HasSubstr("noindex"), Not(HasSubstr("achetez")), Not(HasSubstr("client-0042"))));
  EXPECT_THAT(second.body, AllOf(HasSubstr("taken off display on 21\u00A0Nov\u00A02026. Reason: court decision."),
                                 Not(HasSubstr("secret de famille"))));
}

TEST_F(ReviewPageTest, SaysThatAnAuthorWasToldOnlyWhereSomethingReachesThem) {
  Submission collected = answer(1, "achetez chez moi"), receipted = collected, mailed = collected;
  receipted.receipt = std::string(32, 'r');
  mailed.contact = "client-0042@example.org";
  const auto page = [&](const Submission& one, const std::string& language) {
    return permalink(act(receive(one), "refuse", "SPAM-PROMO"), language).body;
  };
  const std::string told = "Son auteur en a été informé et peut contester";

  EXPECT_THAT(page(receipted, "fr"), HasSubstr(told));
  EXPECT_THAT(page(mailed, "fr"), HasSubstr(told));
  EXPECT_THAT(page(collected, "fr"), AllOf(Not(HasSubstr(told)), HasSubstr("n’a pas pu en être informé")));
  EXPECT_THAT(page(collected, "en"), HasSubstr("Its author could not be told"));
}

TEST_F(ReviewPageTest, SaysThatAReviewIsGoneAndHow) {
  const Review withdrawn = published(2, "contenu repris");
  ASSERT_TRUE(book().withdraw(withdrawn, secret));
  const Review erased = published(2, "contenu effacé");
  ASSERT_TRUE(book().erase(erased, "gdpr", "ana"));
  const Review expired = published(2, "contenu échu");
  ASSERT_TRUE(book().erase(expired, "retention", ""));

  for (const auto& [review, words] :
       {std::pair(withdrawn, "retiré par son auteur le 21"), std::pair(erased, "a été effacé le 21"),
        std::pair(expired, "terme de sa conservation (36 mois)")}) {
    const ServerReply reply = permalink(review);
    EXPECT_EQ(reply.status, 410);
    EXPECT_THAT(reply.body,
                AllOf(HasSubstr(words), Not(HasSubstr("contenu repris")), Not(HasSubstr("contenu é")),
                      Not(HasSubstr("contenu effacé")), HasSubstr("noindex"), Not(HasSubstr("client-0042"))));
  }
}

TEST_F(ReviewPageTest, SaysUntilWhenAReviewIsBeingChecked) {
  const Review waiting = receive(answer(1, "patience"));

  const ServerReply reply = permalink(waiting);

  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr("publié au plus tard le 28\u00A0nov.\u00A02026"), Not(HasSubstr("patience"))));
}

TEST_F(ReviewPageTest, KnowsNoReviewOfAnotherNumber) {
  published(3);

  EXPECT_EQ(get("/wall/acme", {{"review", "2"}}).status, 404);  // the entry that published it
  EXPECT_EQ(get("/wall/acme", {{"review", "9007199254740991"}}).status, 404);
  EXPECT_EQ(get("/wall/other", {{"review", "1"}}).status, 404);
}

TEST_F(ReviewPageTest, SaysForWhomItWasErased) {
  const Review own = published(2), asked = published(2), old = published(2), judged = published(2);
  const Review proved = published(2);
  ASSERT_TRUE(book().erase(proved, "gdpr", "", secret));
  ASSERT_TRUE(book().erase(own, "gdpr", ""));
  ASSERT_TRUE(book().erase(asked, "gdpr", "ana"));
  ASSERT_TRUE(book().erase(old, "retention", ""));
  ASSERT_TRUE(book().erase(judged, "court", "ana"));

  EXPECT_THAT(permalink(own).body, HasSubstr("effacé, à la demande de son auteur, sans la preuve de son secret"));
  EXPECT_THAT(permalink(own, "en").body, HasSubstr("erased, at its author’s request, without the proof"));
  EXPECT_THAT(permalink(proved).body, HasSubstr("effacé, à la demande de son auteur, prouvée par son secret"));
  EXPECT_THAT(permalink(asked).body, HasSubstr("effacé, par une personne"));
  EXPECT_THAT(permalink(old).body, HasSubstr("effacé, automatiquement"));
  EXPECT_THAT(permalink(judged).body, HasSubstr("effacé, sur décision de justice"));
}

}  // namespace
}  // namespace vigie
