// Any acts on the reviews of a wall, in any order, each through the book. What is not allowed at that moment the book
// refuses, and nothing changes.

#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/rng.h"
#include "store/reviews.h"
#include "wall/book.h"

namespace vigie::test {

class RandomActs {
 public:
  RandomActs(std::string brand, Book& book, Store& store, std::uint64_t seed)
      : brand_(std::move(brand)), book_(book), store_(store), rng_(seed) {
    ReviewFilter all;
    all.brand = brand_;
    all.limit = 10'000;
    const auto known = store_.reviews().reviews(all);
    if (!known) return;
    for (const Review& review : *known) ids_.push_back(review.id);
  }

  Result<void> step() {
    const std::uint64_t what = rng_.below(14);
    if (ids_.empty() || what < 4) return receive();
    TRY(const std::optional<Review> review, store_.reviews().review(ids_[rng_.below(ids_.size())]));
    switch (what) {
      case 4:
      case 5:
      case 6: (void)decide("publish", *review); break;
      case 7: (void)decide("refuse", *review, reason()); break;
      case 8: (void)decide("hide", *review, reason()); break;
      case 9: (void)decide("restore", *review); break;
      case 10: (void)decide("mask", *review, "PERSONAL-DATA", static_cast<unsigned>(1 + rng_.below(63))); break;
      case 11: (void)book_.update(*review, rating(), values()); break;
      case 12: (void)book_.withdraw(*review, secrets_[review->id]); break;
      default: {
        const bool attested = secrets_.contains(review->id) && rng_.below(2) == 0;
        (void)book_.erase(*review, rng_.below(3) == 0 ? "court" : "gdpr", "ana",
                          attested ? std::optional(secrets_[review->id]) : std::nullopt);
      }
    }
    return {};
  }

  // Publishes what has waited as long as was announced.
  Result<void> decide_what_is_due(Time now) {
    ReviewFilter due;
    due.brand = brand_;
    due.due = now;
    due.limit = 10'000;
    TRY(const std::vector<Review> late, store_.reviews().reviews(due));
    for (const Review& review : late) {
      for (const ReviewVersion& version : review.versions) {
        if (version.state == ReviewState::waiting) (void)decide("publish", review, "", 0, version.leaf);
      }
    }
    return {};
  }

  const std::vector<std::int64_t>& ids() const { return ids_; }

 private:
  Result<void> receive() {
    Submission one;
    one.brand = brand_;
    one.rating = rating();
    one.lang = rng_.below(3) == 0 ? "en" : "fr";
    one.values = values();
    TRY(const std::vector<Received> received, book_.receive(brand_, {std::move(one)}));
    ids_.push_back(received.front().id);
    secrets_[ids_.back()] = received.front().secret;
    return {};
  }

  Result<std::int64_t> decide(const std::string& what, const Review& review, const std::string& code = "",
                              unsigned masked = 0, std::int64_t version = -1) {
    ReviewAct act;
    act.act = what;
    act.code = code;
    act.by = rng_.below(2) == 0 ? "auto" : "human";
    act.version = version >= 0 ? version : review.versions[rng_.below(review.versions.size())].leaf;
    act.masked = masked;
    if ((masked & (1u << kText)) != 0) act.masked_text = "▇▇▇▇";
    return book_.decide(review, act);
  }

  std::string reason() {
    constexpr const char* kReasons[] = {"OFF-TOPIC", "SPAM-PROMO", "NO-EXPERIENCE", "COURT"};
    return kReasons[rng_.below(std::size(kReasons))];
  }
  std::optional<std::int64_t> rating() {
    if (rng_.below(12) == 0) return std::nullopt;
    return static_cast<std::int64_t>(1 + rng_.below(5));
  }
  std::array<std::string, kReviewFields> values() {
    constexpr const char* kTexts[] = {
        "Livraison rapide, colis intact.",
        "Jamais reçu. Personne ne répond au téléphone.",
        "Very helpful on the phone, and the refund came in two days.",
        "<script>alert(1)</script>",
        "</script><script>alert(1)</script> & \"quotes\"",
        "Un mot \u202eà l'envers\u202c, 👩‍👩‍👧 et é en deux temps.",
    };
    std::array<std::string, kReviewFields> values{};
    values[kText] = concat(kTexts[rng_.below(std::size(kTexts))], " (", std::to_string(ids_.size()), ")");
    values[kAuthor] =
        rng_.below(10) == 0 ? "<img src=x onerror=alert(1)>" : concat("client-", std::to_string(ids_.size()));
    values[kWhen] = "2026-11";
    if (rng_.below(2) == 0) values[kPlace] = "Lyon";
    return values;
  }

  const std::string brand_;
  Book& book_;
  Store& store_;
  SeededRng rng_;
  std::vector<std::int64_t> ids_;
  std::map<std::int64_t, std::string> secrets_;
};

}  // namespace vigie::test
