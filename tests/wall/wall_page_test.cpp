#include "config/names.h"
#include "tests/wall/filled_wall.h"
#include "wall/log/shown.h"

namespace vigie {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class WallPageTest : public test::FilledWall {};

TEST_F(WallPageTest, ShowsAReviewWithBothDatesAndHowItCameAbout) {
  Submission one = answer(2, "Trop long.");
  one.origin = "qr";
  one.channel = "kiosk";
  one.verified = "order";
  one.incentive = "un café";
  published(one);
  add_up();

  EXPECT_THAT(page(),
              AllOf(HasSubstr("aria-label=\"2 sur 5\">★★<span class=\"off\">☆☆☆</span>"),
                    HasSubstr("<bdi class=\"author\">client-0042</bdi>"), HasSubstr("Trop long."),
                    HasSubstr("Publié le 21\u00A0nov.\u00A02026"), HasSubstr("Expérience\u00A0: novembre\u00A02026"),
                    HasSubstr("Borne sur place"), HasSubstr("Achat vérifié par le numéro de commande"),
                    HasSubstr("Contrepartie\u00A0: un café"), HasSubstr("/wall/acme/report/1?lang=fr"),
                    HasSubstr("/wall/acme/verify?lang=fr#review=1")));
  EXPECT_THAT(page({{"lang", "en"}}),
              AllOf(HasSubstr("aria-label=\"2 out of 5\""), HasSubstr("Experience: November\u00A02026"),
                    HasSubstr("Purchase verified by order number"), HasSubstr("lang=\"fr\">Trop long.")));
}

TEST_F(WallPageTest, SaysWhenTheDateOfTheExperienceIsNotGiven) {
  Submission one = answer(4);
  one.values[kWhen] = "";
  published(one);
  Submission day = answer(4);
  day.values[kWhen] = "2026-11-03";
  published(day);
  mask(published(4), 1u << kWhen);
  add_up();

  EXPECT_THAT(page(),
              AllOf(HasSubstr("Date de l’expérience non communiquée"),
                    HasSubstr("Expérience\u00A0: 3\u00A0nov.\u00A02026"), HasSubstr("Date de l’expérience masquée")));
}

TEST_F(WallPageTest, ShowsTheBestAndTheWorstAlikeNewestFirst) {
  for (const char* text : {"la plus ancienne", "au milieu", "la plus récente"}) {
    published(text == std::string("au milieu") ? 1 : 5, text);
    clock.advance(hours(1));
  }
  add_up();

  const std::string body = page();

  EXPECT_LT(body.find("la plus récente"), body.find("au milieu"));
  EXPECT_LT(body.find("au milieu"), body.find("la plus ancienne"));
}

TEST_F(WallPageTest, ShowsOnlyWhatIsPublished) {
  receive(answer(1, "en attente"));
  act(receive(answer(1, "refusé, hors sujet")), "refuse", "OFF-TOPIC");
  act(published(1, "retiré par la justice"), "hide", "COURT");
  const Review withdrawn = published(1, "repris par son auteur");
  ASSERT_TRUE(book().withdraw(withdrawn, secret));
  add_up();

  EXPECT_THAT(page(), AllOf(Not(HasSubstr("en attente")), Not(HasSubstr("refusé, hors")),
                            Not(HasSubstr("retiré par la justice")), Not(HasSubstr("repris par son auteur")),
                            HasSubstr("Aucun avis pour le moment")));
  EXPECT_EQ(get("/wall/other", {{"lang", "fr"}}).status, 200);
}

TEST_F(WallPageTest, TreatsReviewsAsTextWhateverTheyHold) {
  Submission one = answer(1, "<script>alert(1)</script> </script><script>alert(1)</script> {{organisation}}");
  one.values[kAuthor] = "\"><b>client-0007 <img src=x onerror=alert(1)>";
  one.values[kWhen] = "<u>hier</u>";
  one.lang = "fr\" onclick=\"x";
  published(one);
  add_up();

  const std::string body = page({{"lang", "en"}});

  EXPECT_EQ(count_of(body, "<script"), 1u);
  EXPECT_THAT(body, AllOf(Not(HasSubstr("<img")), Not(HasSubstr("<b>client")), Not(HasSubstr("\" onclick")),
                          Not(HasSubstr("<u>")), HasSubstr("{{organisation}}")));
}

TEST_F(WallPageTest, IsolatesForeignDirectionsAndCapsMarksWithoutTouchingWhatIsStored) {
  std::string tower = "a";
  for (int i = 0; i < 500; ++i) tower += "\u0301";
  Submission one = answer(1, "\u202Eà l'envers \u2066 \U0001F468\u200D\U0001F469\u200D\U0001F467 " + tower);
  const Review review = published(one);
  add_up();

  const std::string body = page();

  EXPECT_THAT(body, HasSubstr("<p class=\"text\" dir=\"auto\">\u202Eà l&#39;envers"));
  EXPECT_THAT(body, HasSubstr("\U0001F468\u200D\U0001F469\u200D\U0001F467"));
  EXPECT_EQ(count_of(body, "\u0301"), 8u);
  EXPECT_EQ(again(review).shown()->values[kText], one.values[kText]);
}

TEST_F(WallPageTest, ShowsMaskingAsMasking) {
  mask(published(1, "Appelez Jean au 06 12 34 56 78."), 1u << kText, "Appelez Jean au ▇▇▇▇▇▇▇.");
  mask(published(2, "Tout est nommé ici."), (1u << kText) | (1u << kAuthor));
  add_up();

  EXPECT_THAT(page(), AllOf(HasSubstr("Appelez Jean au ▇▇▇▇▇▇▇."), HasSubstr("Une partie de cet avis est masquée"),
                            HasSubstr("Le texte de cet avis est masqué"), HasSubstr("Nom masqué"),
                            Not(HasSubstr("06 12 34")), Not(HasSubstr("Tout est nommé"))));
}

TEST_F(WallPageTest, KeepsOldWordingsReadable) {
  const Review one = published(1, "Jamais reçu.");
  clock.advance(24 * hours(1));
  std::array<std::string, kReviewFields> values{};
  values[kText] = "Reçu trois semaines plus tard.";
  ASSERT_TRUE(book().update(one, 3, values));
  EXPECT_THAT(page(), HasSubstr("Jamais reçu."));
  act(again(one), "publish");
  add_up();

  const std::string body = page();

  EXPECT_THAT(body, AllOf(HasSubstr("Modifié par son auteur le 22\u00A0nov.\u00A02026"),
                          HasSubstr("1 version antérieure"), HasSubstr("Version du 21\u00A0nov.\u00A02026"),
                          HasSubstr("1 sur 5"), HasSubstr("Publié le 21\u00A0nov.\u00A02026")));
  EXPECT_LT(body.find("Reçu trois semaines"), body.find("<details class=\"versions\">"));
  EXPECT_GT(body.find("Jamais reçu."), body.find("<details class=\"versions\">"));
}

TEST_F(WallPageTest, ShowsWhatAutomaticChecksNoticed) {
  Submission one = answer(5);
  one.marks = {"burst", "abuse"};
  published(one);
  add_up();

  EXPECT_THAT(page(), AllOf(HasSubstr("Signalé\u00A0: reçu dans une série inhabituelle"),
                            HasSubstr("class=\"mark burst\""), Not(HasSubstr("mark abuse"))));
}

TEST_F(WallPageTest, SaysAnswersOnTheirOwnScaleNeverAsStars) {
  Submission one = answer(9, "Je recommande.");
  one.scale = "0-10";
  for (int i = 0; i < 10; ++i) published(one);
  add_up();

  const std::string body = page();

  EXPECT_THAT(body, AllOf(HasSubstr("<span class=\"answer\">9 sur 10</span>"), Not(HasSubstr("class=\"stars\"")),
                          HasSubstr("<data class=\"number\" value=\"9.000\">9,0</data>"), HasSubstr("/ 10"),
                          HasSubstr("Recommandation, de 0 à 10"), Not(HasSubstr("★"))));
  EXPECT_EQ(count_of(body, "<tr data-rating"), 11u);
}

TEST_F(WallPageTest, FiltersByRatingWithoutChangingTheMean) {
  for (int i = 0; i < 12; ++i) published(i < 6 ? 1 : 5, i < 6 ? "mauvais" : "excellent");
  add_up();

  const std::string body = page({{"lang", "fr"}, {"rating", "1"}});

  EXPECT_EQ(count_of(body, "<article"), 6u);
  EXPECT_THAT(body,
              AllOf(HasSubstr("mauvais"), Not(HasSubstr("excellent")), HasSubstr(">3,0</data>"),
                    HasSubstr("Choix affiché\u00A0: 1 étoile."), HasSubstr("noindex"), Not(HasSubstr("ld+json"))));
  EXPECT_THAT(page({{"lang", "fr"}, {"rating", "1"}, {"scale", "0-10"}}), HasSubstr("Aucun avis ne correspond"));
}

TEST_F(WallPageTest, FiltersByLanguageAndBySurvey) {
  settings.surveys.resize(2);
  settings.surveys[0].id = "delivery";
  settings.surveys[1].id = "call";
  for (SurveySettings& survey : settings.surveys) {
    survey.brand = "acme";
    survey.subject = "Acme";
  }
  Submission one = answer(3, "Late twice.");
  one.lang = "en";
  one.survey = "delivery";
  published(one);
  published(4, "Très bien.");
  add_up();

  EXPECT_THAT(page(), AllOf(HasSubstr("written=en"), HasSubstr(">anglais</a>"), HasSubstr("survey=call"),
                            HasSubstr("<p class=\"text\" dir=\"auto\" lang=\"en\">Late twice.")));
  EXPECT_THAT(page({{"lang", "fr"}, {"written", "en"}}), AllOf(HasSubstr("Late twice."), Not(HasSubstr("Très bien."))));
  EXPECT_THAT(page({{"lang", "fr"}, {"survey", "delivery"}}),
              AllOf(HasSubstr("Late twice."), Not(HasSubstr("Très bien."))));
  EXPECT_THAT(page({{"lang", "fr"}, {"survey", "call"}}), HasSubstr("Aucun avis ne correspond"));
}

TEST_F(WallPageTest, TellsByRatingWhatIsNotShownAsItWasReceived) {
  for (const int rating : {1, 1, 5}) ASSERT_TRUE(book().erase(published(rating), "court", "ana"));
  const Review own = published(4);
  ASSERT_TRUE(book().erase(own, "gdpr", "", secret));
  Submission unrated = answer(std::nullopt);
  ASSERT_TRUE(book().erase(published(unrated), "court", "ana"));
  const Review flapping = act(published(1), "hide", "OFF-TOPIC");
  act(flapping, "restore");
  mask(published(2), 1u << kText);
  const Review changed = published(1);
  ASSERT_TRUE(book().update(changed, 5, changed.newest().values));
  act(again(changed), "publish");
  const tlog::WallNumbers numbers = add_up();

  const std::string body = page();

  EXPECT_EQ(numbers.erased_by.at("court").at("1"), 2);
  EXPECT_THAT(body, AllOf(HasSubstr("Effacés sur une décision de justice que la marque invoque\u00A0: 4 ("),
                          HasSubstr("1 étoile\u00A0: <data data-key=\"1\" value=\"2\">2</data>, 5 étoiles\u00A0: "),
                          HasSubstr("note absente du journal\u00A0: <data data-key=\"-\" value=\"1\">1</data>"),
                          HasSubstr("prouvée par son secret\u00A0: 1 (4 étoiles"), HasSubstr("effacés (dont 4 sans")));
  EXPECT_THAT(body, AllOf(HasSubstr("Retirés de l’affichage, pour un temps ou pour de bon (sans rapport avec "
                                    "la marque)\u00A0: 1"),
                          HasSubstr("Affichés sous un masque\u00A0: 1 (2 étoiles"),
                          HasSubstr("la note étant d’abord de 1 étoile\u00A0: 1 (5 étoiles")));
  EXPECT_THAT(page({{"lang", "en"}}), HasSubstr("rest on the brand’s word"));
}

TEST_F(WallPageTest, SaysNothingOfWhatWasTakenWhereNothingWas) {
  published(3);
  add_up();

  EXPECT_THAT(page(), Not(HasSubstr("id=\"taken\"")));
}

TEST_F(WallPageTest, NamesWhereAReviewWasCollectedAsPeopleDo) {
  settings.sources.resize(1);
  settings.sources[0].id = "avis-boutique";
  settings.sources[0].name = "Livre d’or <de la boutique>";
  settings.sources[0].wall = true;
  Submission one = answer(4);
  one.channel = "import";
  one.source = "avis-boutique";
  one.mention = "1";
  const Review review = published(one);
  add_up();

  const std::string said = "Source\u00A0: Livre d’or &lt;de la boutique&gt;";
  EXPECT_THAT(page(), AllOf(HasSubstr(said), Not(HasSubstr("avis-boutique"))));
  EXPECT_THAT(page({{"lang", "fr"}, {"review", std::to_string(review.leaf)}}), HasSubstr(said));
  EXPECT_THAT(page({{"lang", "en"}}), HasSubstr("Source: Livre d’or"));
  EXPECT_THAT(get("/wall/acme/method", {{"lang", "fr"}}).body,
              AllOf(HasSubstr("Livre d’or"), Not(HasSubstr("avis-boutique"))));
  EXPECT_EQ(source_name(settings, "one-of-before"), "one-of-before");
}

TEST_F(WallPageTest, NamesSurveysAsPeopleDo) {
  settings.surveys.resize(2);
  settings.surveys[0].id = "delivery";
  settings.surveys[0].name = "Après la livraison";
  settings.surveys[1].id = "call";
  for (SurveySettings& survey : settings.surveys) {
    survey.brand = "acme";
    survey.subject = "Acme";
  }
  Submission one = answer(3);
  one.survey = "delivery";
  published(one);
  add_up();

  EXPECT_THAT(page(), AllOf(HasSubstr(">Après la livraison</a>"), HasSubstr(">Acme (satisfaction)</a>")));
  EXPECT_THAT(page({{"lang", "fr"}, {"survey", "delivery"}}),
              HasSubstr("enquête «\u00A0Après la livraison\u00A0»"));
  EXPECT_THAT(page({{"lang", "en"}, {"survey", "call"}}), HasSubstr("survey “Acme (satisfaction)”"));
}

TEST_F(WallPageTest, ShowsTwentyAPageAndLinksTheOthers) {
  for (int i = 0; i < 45; ++i) published(3);
  add_up();

  const std::string first = page({{"lang", "en"}}), last = page({{"lang", "en"}, {"page", "3"}});

  EXPECT_EQ(count_of(first, "<article"), 20u);
  EXPECT_EQ(count_of(last, "<article"), 5u);
  EXPECT_THAT(first,
              AllOf(HasSubstr("rel=\"next\" href=\"/wall/acme?lang=en&amp;page=2\""), Not(HasSubstr("rel=\"prev\""))));
  EXPECT_THAT(last, AllOf(HasSubstr("rel=\"prev\" href=\"/wall/acme?lang=en&amp;page=2\""),
                          Not(HasSubstr("rel=\"next\"")), HasSubstr("Page 3 of 3")));
}

TEST_F(WallPageTest, DropsParametersThatMakeNoSense) {
  published(3);
  add_up();

  for (const Header& odd : std::vector<Header>{{"page", "0"},
                                               {"page", "-1"},
                                               {"page", "99999999999999999999"},
                                               {"page", "7"},
                                               {"rating", "6"},
                                               {"rating", "x"},
                                               {"scale", "9-1"},
                                               {"lang", "de"},
                                               {"written", "de"},
                                               {"survey", "' or 1=1"},
                                               {"sort", "rating"},
                                               {"x", "\"><svg onload=alert(1)>"},
                                               {"review", "abc"}}) {
    const ServerReply reply = get("/wall/acme", {odd});
    EXPECT_EQ(reply.status, 200) << odd.first << "=" << odd.second;
    EXPECT_EQ(count_of(reply.body, "<article"), 1u) << odd.first << "=" << odd.second;
    EXPECT_EQ(count_of(reply.body, "onload"), 0u);
  }
}

TEST_F(WallPageTest, SaysWhatBecameOfEveryReviewReceived) {
  for (int i = 0; i < 3; ++i) published(5);
  act(receive(answer(1)), "refuse", "SPAM-PROMO");
  ASSERT_TRUE(book().erase(published(2), "gdpr", "ana"));
  const Review gone = published(4);
  ASSERT_TRUE(book().withdraw(gone, secret));
  receive(answer(2));
  const tlog::WallNumbers numbers = add_up();

  const std::string body = page();

  EXPECT_EQ(numbers.received, 7);
  const auto shown = tlog::read_shown(body);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->size, static_cast<std::int64_t>(store().leaves("acme", 0, 1000).value().size()));
  EXPECT_EQ(shown->parts.at("received"), 7);
  EXPECT_THAT(tlog::differences(*shown, numbers), testing::IsEmpty());
  for (const char* part :
       {"<li class=\"received\"><data value=\"7\">7</data> reçus",
        "<li class=\"published\"><data value=\"3\">3</data> publiés",
        "<li class=\"refused\"><data value=\"1\">1</data> refusé (<a href=\"#refusals\">voir motifs</a>)",
        "<li class=\"withdrawn\"><data value=\"1\">1</data> retiré par son auteur",
        "<li class=\"erased\"><data value=\"1\">1</data> effacé (dont 1 sans preuve de son auteur)",
        "<li data-part=\"erased_by\" data-code=\"gdpr\">Effacés sans preuve que l’auteur l’a "
        "demandé\u00A0: 1 (2 étoiles\u00A0: "
        "<data data-key=\"2\" value=\"1\">1</data>)</li>",
        "<li class=\"pending\"><data value=\"1\">1</data> en cours (moins de 7 jours)",
        "<li data-code=\"SPAM-PROMO\">"}) {
    EXPECT_THAT(body, HasSubstr(part));
  }
  EXPECT_THAT(
      body, AllOf(HasSubstr("Tous les avis reçus sont publiés, bons ou mauvais"), HasSubstr("Aucun témoin extérieur")));
  EXPECT_THAT(body,
              HasSubstr("<data class=\"refused\" value=\"1\">1</data> <span class=\"percent\">100,0\u202F%</span>"));
}

TEST_F(WallPageTest, GivesTheMeanOnlyFromTenRatings) {
  for (int i = 0; i < 9; ++i) published(5);
  add_up();
  EXPECT_THAT(page({{"lang", "en"}}),
              AllOf(HasSubstr("Too few ratings for a mean: 9 so far"), Not(HasSubstr("class=\"number\""))));

  published(4);
  add_up();
  EXPECT_THAT(page({{"lang", "en"}}), AllOf(HasSubstr("<data class=\"number\" value=\"4.900\">4.9</data>"),
                                            HasSubstr("at 95% confidence"), HasSubstr("kept 36 months")));
  EXPECT_THAT(page(), AllOf(HasSubstr(">4,9</data>"), HasSubstr("<svg width=\"98\"")));
}

TEST_F(WallPageTest, SaysWhoRunsItAndThatItIsNotIndependent) {
  EXPECT_THAT(page(), AllOf(HasSubstr("Acme &amp; Sons"), HasSubstr("ce n’est pas un site indépendant")));
}

TEST_F(WallPageTest, StaysUnderItsWeightWithTwentyOrdinaryReviews) {
  for (int i = 0; i < 25; ++i) published(1 + i % 5, std::string(600, static_cast<char>('a' + i)) + std::to_string(i));
  add_up();

  EXPECT_LE(page().size(), limits::kWallPageBytes);
}

}  // namespace
}  // namespace vigie
