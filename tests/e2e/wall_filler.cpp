// For tests/e2e/wall_pages.py: a wall filled through its book as a month of customers would, and its numbers added up.
//
//   wall_filler CONFIG BRAND REVIEWS      prints the numbers of some reviews: "shown 1\nrefused 7\nwithdrawn 9\n..."

#include <filesystem>
#include <iostream>

#include "store/moderation.h"
#include "wall/book.h"
#include "wall/improvements.h"
#include "wall/log/numbers.h"

namespace vigie {
namespace {

constexpr std::string_view kTexts[] = {
    "Commande livrée avec deux jours de retard, sans un mot d'explication. Le colis était intact et le produit "
    "correspond à la description. J'ai appelé le service client, qui m'a répondu en cinq minutes et s'est excusé. "
    "Je recommanderai peut-être, mais pas pour un cadeau.",
    "Parfait du début à la fin.",
    "The parcel came a day early and everything was in it. Returning the one thing I did not need took two clicks; the "
    "money was back within the week.",
    "Troisième panne en six mois. On me propose chaque fois la même réparation, jamais l'échange. Je garde la facture "
    "et je saisis le médiateur.",
    "Bon produit, emballage excessif : trois cartons pour une ampoule "
    "\U0001F4A1\U0001F468\u200D\U0001F469\u200D\U0001F467.",
    "Accueil agréable en magasin, on m'a montré le modèle d'exposition et laissé le temps de choisir.\n\nSeul bémol : "
    "le "
    "parking.",
    "الخدمة سريعة والموظفون لطفاء.",
    ""};
constexpr std::int64_t kRatings[] = {2, 5, 4, 1, 4, 5, 3, 3, 5, 4};

class Filler {
 public:
  Filler(const Settings& settings, std::string brand, Store& store)
      : settings_(settings), brand_(std::move(brand)), store_(store), clock_(SystemClock().now() - 30 * kDay) {}

  Result<void> fill(int reviews) {
    const Duration step = Duration(25 * kDay) / std::max(1, reviews);
    for (int i = 0; i < reviews; ++i) {
      clock_.advance(step);
      TRY(const Review review, receive(i));
      TRY(live(i, review));
    }
    TRY(change_things());
    return add_up();
  }

 private:
  Submission answer(int i) const {
    Submission one;
    one.brand = brand_;
    const bool recommends = i % 5 == 4;
    one.survey = settings_.surveys[recommends ? 1 : 0].id;
    one.scale = recommends ? "0-10" : "1-5";
    one.rating = recommends ? 10 - i % 4 : kRatings[i % std::size(kRatings)];
    one.origin = i % 3 == 0 ? "qr" : "web";
    one.channel = i % 3 == 0 ? "kiosk" : "web";
    one.values[kText] = kTexts[static_cast<std::size_t>(i) % std::size(kTexts)];
    one.values[kAuthor] = i % 6 == 5 ? "" : concat("client-", std::to_string(1000 + i));
    one.values[kWhen] = i % 4 == 3 ? "" : format_rfc3339(clock_.now() - 2 * kDay).substr(0, i % 2 == 0 ? 10 : 7);
    one.lang = i % 8 == 2 ? "en" : i % 8 == 6 ? "ar" : "fr";
    one.incentive = i % 7 == 0 ? "bon de 5 €" : "none";
    one.verified = i % 4 == 0 ? "order" : i % 4 == 1 ? "invitation" : "none";
    if (i % 9 == 8) one.marks = {"burst"};
    return one;
  }

  Result<Review> receive(int i) {
    Book book(settings_, store_, clock_);
    TRY(const auto received, book.receive(brand_, {answer(i)}));
    secret_ = received.front().secret;
    return read(received.front().id);
  }

  Result<Review> read(std::int64_t id) {
    TRY(const std::optional<Review> review, store_.reviews().review(id));
    if (!review) return fail(ErrorKind::bug, "a review that was just received is gone");
    return *review;
  }

  Result<Review> act(const Review& on, const std::string& what, const std::string& code = "",
                     const std::string& masked_text = "") {
    ReviewAct act;
    act.act = what;
    act.code = code;
    act.by = what == "publish" ? "auto" : "human";
    act.version = on.newest().leaf;
    act.masked_text = masked_text;
    if (what == "mask") act.masked = 1u << kText;
    TRY(Book(settings_, store_, clock_).decide(on, act));
    return read(on.id);
  }

  // What becomes of the i-th review: most are published within hours.
  Result<void> live(int i, const Review& review) {
    clock_.advance(minutes(20 + 7 * (i % 11)));
    switch (i % 20) {
      case 3: {
        TRY(act(review, "refuse", i % 40 == 3 ? "OFF-TOPIC" : "SPAM-PROMO"));
        tell("refused", review);
        return {};
      }
      case 7: {
        TRY(const Review shown, act(review, "publish"));
        TRY(Book(settings_, store_, clock_).withdraw(shown, secret_));
        tell("withdrawn", review);
        return {};
      }
      case 11: {
        TRY(const Review shown, act(review, "publish"));
        TRY(Book(settings_, store_, clock_).erase(shown, "gdpr", "ana"));
        tell("erased", review);
        return {};
      }
      case 13: {
        TRY(const Review masked, act(review, "mask", "PERSONAL-DATA", "Le vendeur ▇▇▇▇ m'a raccroché au nez."));
        TRY(act(masked, "publish"));
        tell("masked", review);
        return {};
      }
      case 16: {
        TRY(const Review shown, act(review, "publish"));
        clock_.advance(hours(5));
        std::array<std::string, kReviewFields> values = shown.newest().values;
        values[kText] = "Finalement remboursé après deux relances. Je remonte ma note.";
        TRY(Book(settings_, store_, clock_)
                .update(shown, std::min<std::int64_t>(5, shown.newest().rating.value_or(3) + 1), values));
        TRY(const Review changed, read(review.id));
        TRY(act(changed, "publish"));
        tell("changed", review);
        return {};
      }
      default: {
        TRY(act(review, "publish"));
        tell("shown", review);
        if (first_shown_.size() < 3) first_shown_.push_back(review.leaf);
        return {};
      }
    }
  }

  // More changes than one page lists; the first was made and its effect measured.
  Result<void> change_things() {
    Book book(settings_, store_, clock_);
    for (int i = 0; i < 22; ++i) {
      ImprovementOrder order;
      order.title = i == 0 ? "Un second transporteur, pour livrer le jour annoncé" : concat("Notice plus claire, page ", std::to_string(i));
      order.words = i == 0 ? "Les retards venaient d'un seul dépôt. Un second part désormais de Lyon." : "";
      order.refs = first_shown_;
      order.author = settings_.organisation;
      TRY(const std::int64_t id, open_improvement(book, store_, brand_, order, clock_.now() - 14 * kDay));
      if (i > 0) continue;
      TRY(step_improvement(book, store_, id, ImprovementState::doing, "", "ana", clock_.now() - 13 * kDay));
      TRY(step_improvement(book, store_, id, ImprovementState::done, "Le dépôt de Lyon est ouvert.", "ana",
                           clock_.now() - 12 * kDay));
      TRY(step_improvement(book, store_, id, ImprovementState::measured, "", "ana", clock_.now()));
      std::cout << "improvement " << store_.moderation().improvement(id).value()->leaf << "\n";
    }
    return {};
  }

  void tell(std::string_view what, const Review& review) const { std::cout << what << " " << review.leaf << "\n"; }

  // As the wall's loop does.
  Result<void> add_up() {
    tlog::Account account(brand_);
    TRY(const std::vector<LoggedLeaf> leaves, store_.leaves(brand_, 0, 10'000));
    for (const LoggedLeaf& one : leaves) {
      TRY(const tlog::Leaf leaf, tlog::parse_leaf(one.bytes));
      account.take(one.index, leaf);
    }
    const auto size = static_cast<std::int64_t>(leaves.size());
    return store_.reviews().save_snapshot(brand_, {size, SystemClock().now(), numbers_json(account.numbers())});
  }

  const Settings& settings_;
  const std::string brand_;
  Store& store_;
  ManualClock clock_;
  std::string secret_;
  std::vector<std::int64_t> first_shown_;
};

Result<void> fill(const std::string& config, const std::string& brand, int reviews) {
  const config::Tree tree = config::Tree::load(config);
  const Settings settings = read_settings(tree, Kinds{});
  if (!tree.problems().empty()) return fail(ErrorKind::bad_config, tree.problems().front().text());
  std::error_code error;
  std::filesystem::create_directories(settings.data, error);
  TRY(const std::unique_ptr<Store> store, open_sqlite_store(concat("sqlite:", settings.data, "/vigie.db")));
  return Filler(settings, brand, *store).fill(reviews);
}

}  // namespace
}  // namespace vigie

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: wall_filler CONFIG BRAND REVIEWS\n";
    return 2;
  }
  const vigie::Result<void> done = vigie::fill(argv[1], argv[2], std::atoi(argv[3]));
  if (!done) std::cerr << "wall_filler: " << done.error().what << "\n";
  return done ? 0 : 1;
}
