#include "wall/checks.h"

#include <gmock/gmock.h>

#include "wall/personal.h"

namespace vigie {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> kinds_in(std::string_view text) {
  std::vector<std::string> kinds;
  for (const FoundSpan& span : find_personal(kText, text)) kinds.push_back(span.kind);
  return kinds;
}

std::string masked(std::string_view text) { return blacked_out(kText, text, find_personal(kText, text)); }

std::vector<std::string> marks_of(std::string text) {
  std::array<std::string, kReviewFields> values{};
  values[kText] = std::move(text);
  return check_fields(values).marks;
}

std::uint64_t print_of(std::string text) {
  std::array<std::string, kReviewFields> values{};
  values[kText] = std::move(text);
  return check_fields(values).print;
}

TEST(PersonalData, IsFoundByItsForm) {
  EXPECT_THAT(kinds_in("Écrivez à jean.dupont@example.org svp"), ElementsAre("mail"));
  EXPECT_THAT(kinds_in("client (at) example (dot) org"), ElementsAre("mail"));
  EXPECT_THAT(kinds_in("client arobase example point fr"), ElementsAre("mail"));
  EXPECT_THAT(kinds_in("Appelez le 06 12 34 56 78."), ElementsAre("phone"));
  EXPECT_THAT(kinds_in("Tél. 0612345678"), ElementsAre("phone"));
  EXPECT_THAT(kinds_in("+33 6 12 34 56 78 ou 0033 1 23 45 67 89"), ElementsAre("phone", "phone"));
  EXPECT_THAT(kinds_in("call +44 (0)20 7946 0958"), ElementsAre("phone"));
  EXPECT_THAT(kinds_in("call 020 7946 0958"), ElementsAre("phone"));
  EXPECT_THAT(kinds_in("call (415) 555-0132"), ElementsAre("phone"));
  EXPECT_THAT(kinds_in("mon compte FR76 3000 6000 0112 3456 7890 189 MERCI"), ElementsAre("iban"));
  EXPECT_THAT(kinds_in("carte 4111 1111 1111 1111"), ElementsAre("card"));
  EXPECT_THAT(kinds_in("Il habite 12 bis, rue des Ormes, 75011 Paris"), ElementsAre("address"));
  EXPECT_THAT(kinds_in("livré au 3 allée de la Tour"), ElementsAre("address"));
  EXPECT_THAT(kinds_in("He lives at 12 Elm Tree Road"), ElementsAre("address"));
}

TEST(PersonalData, IsNotSeenInWhatOnlyLooksLikeIt) {
  for (const char* text : {
           "Commande 4111111111111112 jamais reçue",         // a card's length, not its checksum
           "Commande FR7630006000011234567890188",           // nor this an account
           "Commande n° 2026110312345, suivi 061234567890",  // longer than a number of a telephone
           "Reçu le 03/11/2026 à 10:30, payé 1 299,00 €",
           "2 cours de cuisine, 3 places de parking, 1 route longue",
           "Livré en 3 rue",  // no name
           "Noté 4/5, version 5.3.0, 100 % coton, 24 x 36 cm",
           "Réf. 06.12.34",
           "Rendez-vous @ la boutique",
           "5 Star Service, 10 Great Deals",
       }) {
    EXPECT_THAT(kinds_in(text), IsEmpty()) << text;
  }
}

TEST(PersonalData, StandsUnderABarThatTellsNoLength) {
  EXPECT_EQ(masked("Appelez Jean au 06 12 34 56 78."), "Appelez Jean au ▇▇▇▇▇▇.");
  EXPECT_EQ(masked("é a@example.org, é 0612345678 é"), "é ▇▇▇▇▇▇, é ▇▇▇▇▇▇ é");
  EXPECT_EQ(masked("compte FR76 3000 6000 0112 3456 7890 189 MERCI"), "compte ▇▇▇▇▇▇ MERCI");
  EXPECT_EQ(masked("rien"), "rien");
}

TEST(PersonalData, IsNotSearchedForEver) {
  std::string text;
  while (text.size() < 20'000) text += "06 12 34 56 78 a@example.org ";

  EXPECT_LE(find_personal(kText, text).size(), 200u);
  EXPECT_THAT(kinds_in(std::string(20'000, '1')), IsEmpty());
}

TEST(Checks, MarkInsultsAndLeaveCriticismAlone) {
  EXPECT_THAT(marks_of("Le livreur est un CONNARD fini"), ElementsAre("abuse"));
  EXPECT_THAT(marks_of("Bande d'enculés"), ElementsAre("abuse"));
  EXPECT_THAT(marks_of("The courier is an asshole."), ElementsAre("abuse"));
  EXPECT_THAT(marks_of("Je sais où tu habites."), ElementsAre("abuse"));
  for (const char* criticism : {
           "C'est une arnaque, des voleurs, service de merde, honteux.",
           "Livraison en retard, deux fois.",
           "Pédale cassée, FDP trop chers, tapette à mouches inefficace.",
           "Total scam, utter crap, thieves.",
           "Nul nul nul. À fuir !!!",
           "Le bâtard était bon, les pneus crevés non.",
       }) {
    EXPECT_THAT(marks_of(criticism), IsEmpty()) << criticism;
  }
}

TEST(Checks, MarkWhatNobodyCanRead) {
  EXPECT_THAT(marks_of("qsdfghjklm wxcvbn qsdfg"), ElementsAre("unintelligible"));
  EXPECT_THAT(marks_of("aaaaaaaaaaaaaaaaaaaaaa"), ElementsAre("unintelligible"));
  for (const char* readable : {"", "   ", "👍👍👍", "Super", "TTC HT SAV CB", "Très bien.", "Отличный магазин, спасибо",
                               "とても良い店でした", "Nuuuuul", "Rythmes, crypts, myths and lynxes"}) {
    EXPECT_THAT(marks_of(readable), IsEmpty()) << readable;
  }
}

TEST(Checks, KnowTheSameTextInAnotherDress) {
  const std::string text = "La commode est arrivée rayée, et personne ne répond depuis.";

  EXPECT_NE(print_of(text), 0u);
  EXPECT_EQ(print_of(text), print_of("la COMMODE est arrivée  rayée… et personne ne répond depuis !"));
  EXPECT_EQ(print_of(text), print_of("La commode est arrive\xcc\x81"
                                     "e raye\xcc\x81"
                                     "e, et personne ne re\xcc\x81"
                                     "pond depuis."));
  EXPECT_NE(print_of(text), print_of("La commode est arrivée rayée, et tout le monde répond depuis."));
  EXPECT_EQ(print_of("Très bien, merci !"), 0u);  // many people say so
}

TEST(Checks, LookAtEveryFieldThatIsShown) {
  std::array<std::string, kReviewFields> values{};
  values[kText] = "Bien.";
  values[kAuthor] = "06 12 34 56 78";

  const Noticed noticed = check_fields(values);

  EXPECT_THAT(noticed.marks, Contains(std::string(kPersonalData)));
  ASSERT_EQ(noticed.spans.size(), 1u);
  EXPECT_EQ(noticed.spans[0].field, kAuthor);
}

}  // namespace
}  // namespace vigie
