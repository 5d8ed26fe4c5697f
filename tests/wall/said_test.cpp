// What stands beside reviews on a wall.

#include <set>

#include "base/text.h"
#include "store/moderation.h"
#include "tests/wall/filled_wall.h"
#include "wall/audits.h"
#include "wall/elsewhere.h"
#include "wall/improvements.h"
#include "wall/improvements_page.h"
#include "wall/pages.h"
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
  std::string improvements(const std::string& lang = "fr") {
    const ServerReply reply = get("/wall/acme/improvements", {{"lang", lang}});
    EXPECT_EQ(reply.status, 200);
    return reply.body;
  }
  // The wall's own addresses on a page, as a browser takes them.
  std::vector<std::string> links_in(const std::string& page) const {
    std::vector<std::string> links;
    for (const std::string start : {"href=\"", "<loc>"}) {
      for (std::size_t at = page.find(start); at != std::string::npos; at = page.find(start, at)) {
        at += start.size();
        std::string link = page.substr(at, page.find_first_of("\"<", at) - at);
        for (std::size_t amp = link.find("&amp;"); amp != std::string::npos; amp = link.find("&amp;"))
          link.replace(amp, 5, "&");
        if (link.starts_with(settings.serve.public_url)) link.erase(0, settings.serve.public_url.size());
        const std::string path = link.substr(0, link.find_first_of("?#"));
        const bool of_others = path.find("/report/") != std::string::npos || path.ends_with("/write") ||
                               path.ends_with("/verify") || path.find("/log/") != std::string::npos;
        if (path.starts_with("/") && !of_others) links.push_back(link);
      }
    }
    return links;
  }
  ServerReply follow(std::string address) {
    address.erase(std::min(address.find('#'), address.size()));
    const std::size_t question = std::min(address.find('?'), address.size());
    std::vector<Header> query;
    for (const std::string_view pair : split(std::string_view(address).substr(question), '&')) {
      const std::string_view plain = pair.starts_with('?') ? pair.substr(1) : pair;
      const std::size_t equals = std::min(plain.find('='), plain.size());
      if (equals < plain.size()) query.emplace_back(plain.substr(0, equals), url_decode(plain.substr(equals + 1), true));
    }
    return get(address.substr(0, question), std::move(query));
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

TEST_F(SaidTest, ListsEveryImprovementWithItsStepsAndItsReviews) {
  const Review one = published(1, "Pas de livraison le samedi.");
  const Review two = published(2, "Livré lundi.");
  ImprovementOrder order;
  order.title = "Livraison le <samedi>";
  order.words = "Un transporteur de plus.";
  order.refs = {one.leaf, two.leaf};
  const std::int64_t id = open_improvement(book(), store(), "acme", order, clock.now()).value();
  clock.advance(10 * kDay);
  step(id, ImprovementState::done);
  add_up();

  EXPECT_THAT(improvements(),
              AllOf(HasSubstr("<bdi>Livraison le &lt;samedi&gt;</bdi>"), HasSubstr("Un transporteur de plus."),
                    HasSubstr("<time datetime=\"2026-11-21\">Demandée le 21\u00A0nov.\u00A02026</time>"),
                    HasSubstr("<time datetime=\"2026-12-01\">Faite le 1er\u00A0déc.\u00A02026</time>"),
                    HasSubstr("/wall/acme?lang=fr&amp;review=" + std::to_string(one.leaf)),
                    HasSubstr("/wall/acme?lang=fr&amp;review=" + std::to_string(two.leaf)), Not(HasSubstr("<script"))));
  EXPECT_THAT(improvements("en"), AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("What Acme changes because of"),
                                        HasSubstr("Because of 2 reviews")));
}

TEST_F(SaidTest, ShowsTheMeasuredEffectWithItsNumbers) {
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

  EXPECT_THAT(improvements("en"), AllOf(HasSubstr("Mean rating: 2.0 before (20 reviews,"), HasSubstr("5.0 after (20 reviews,"),
                                        HasSubstr("Better than chance alone would explain."),
                                        HasSubstr("Compared: 20 days before and after")));
}

TEST_F(SaidTest, LeadsFromAReviewToItsImprovementOnWhicheverPageItIs) {
  const Review one = published(1, "Pas de livraison le samedi.");
  const Review two = published(1, "Trop cher.");
  improve(one);
  for (int i = 0; i < kImprovementsAPage; ++i) improve(two);
  const std::int64_t leaf = store().moderation().improvements_of(one.id).value().front().leaf;
  const std::string anchor = "improvement-" + std::to_string(leaf);

  EXPECT_THAT(permalink(one).body, HasSubstr("/wall/acme/improvements?lang=fr&amp;page=2#" + anchor));
  const std::string second = get("/wall/acme/improvements", {{"lang", "fr"}, {"page", "2"}}).body;
  EXPECT_THAT(second, AllOf(HasSubstr("id=\"" + anchor + "\""), HasSubstr("rel=\"prev\"")));
  EXPECT_EQ(count_of(second, "<article"), 1u);
  EXPECT_EQ(get("/wall/acme/improvements", {{"lang", "fr"}, {"page", "99"}}).body, second);
  EXPECT_EQ(count_of(improvements(), "<article"), static_cast<std::size_t>(kImprovementsAPage));
}

TEST_F(SaidTest, HasAPageBeforeAnythingWasChangedThatTheMapLeavesOut) {
  EXPECT_THAT(improvements(), HasSubstr("Aucune amélioration n’a encore été annoncée."));
  EXPECT_THAT(get("/sitemap.xml").body, Not(HasSubstr("improvements")));

  improve(published(1));

  EXPECT_THAT(get("/sitemap.xml").body, HasSubstr("<loc>https://avis.example/wall/acme/improvements?lang=en</loc>"));
}

// Forms, the log, the embeds and the verifier are answered by others; everything else the wall links to is here.
TEST_F(SaidTest, LinksToNothingThatIsNotThere) {
  for (int i = 0; i < 2 * kReviewsAPage; ++i) published(1 + i % 5);
  const Review because = published(1, "Pas de livraison le samedi.");
  const std::int64_t first = improve(because);
  for (int i = 0; i < kImprovementsAPage; ++i) improve(because);
  step(first, ImprovementState::done);
  add_up();

  std::set<std::string> known = {"/wall/acme", "/sitemap.xml"};
  std::vector<std::string> ahead(known.begin(), known.end());
  std::size_t of_improvements = 0;
  while (!ahead.empty()) {
    const std::string address = ahead.back();
    ahead.pop_back();
    const ServerReply reply = follow(address);
    EXPECT_EQ(reply.status, 200) << address;
    const std::size_t hash = address.find('#');
    if (hash != std::string::npos) {
      EXPECT_THAT(reply.body, HasSubstr("id=\"" + address.substr(hash + 1) + "\"")) << address;
    }
    of_improvements += address.starts_with("/wall/acme/improvements") ? 1 : 0;
    for (const std::string& link : links_in(reply.body)) {
      if (known.insert(link).second) ahead.push_back(link);
    }
  }
  EXPECT_GE(of_improvements, 4u + 2u * (1 + kImprovementsAPage));  // two pages and each of theirs, in two languages
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

TEST_F(SaidTest, TellsOfOutsideAuditsAndTheirResults) {
  const auto method = [this](const std::string& lang) { return get("/wall/acme/method", {{"lang", lang}}).body; };
  EXPECT_THAT(method("en"), HasSubstr("No outside audit has been asked for so far."));

  const auto asked = ask_for_audit(book(), store(), "acme", "Contrôle <Avis>", 20, clock.now());

  ASSERT_TRUE(asked) << asked.error().what;
  add_up();
  EXPECT_THAT(method("en"), HasSubstr("Contrôle &lt;Avis&gt;, 20 reviews: asked for on"));
  EXPECT_THAT(method("fr"), HasSubstr("sans résultat à ce jour"));

  ASSERT_TRUE(note_audit_result(book(), store(), "acme", *asked, false, "the report", clock.now()));
  add_up();
  EXPECT_THAT(method("en"), HasSubstr("20 reviews: reviews could not be justified, on"));
  EXPECT_EQ(note_audit_result(book(), store(), "acme", *asked, true, "another", clock.now()).error().kind,
            ErrorKind::bad_data);
  EXPECT_EQ(note_audit_result(book(), store(), "acme", *asked + 100, true, "", clock.now()).error().kind,
            ErrorKind::gone);
  EXPECT_EQ(ask_for_audit(book(), store(), "acme", "a\nb", 20, clock.now()).error().kind, ErrorKind::bad_data);
  EXPECT_EQ(ask_for_audit(book(), store(), "acme", "a", 0, clock.now()).error().kind, ErrorKind::bad_data);
}

}  // namespace
}  // namespace vigie
