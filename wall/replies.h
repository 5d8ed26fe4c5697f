// The brand's answers to reviews: published at once, never edited; another one takes its place.

#pragma once

#include <string>

#include "model/moderation.h"
#include "wall/book.h"

namespace vigie {

struct NewReply {
  std::string text, author;
  std::string link{};    // https, or ""
  std::string by{};      // person id
  std::string source{};  // id of the source that showed it; "" = written here
  Time at{};
};

// bad_data naming the field when it cannot be shown: text, author, link.
Result<void> check_reply(const NewReply& reply);

bool is_public_link(std::string_view link);  // https, and nothing that ends an attribute

// What a reply says, sealed; its entry commits to it.
SealedFields seal_fields(const std::array<std::string, kReviewFields>& values);
std::string commitment_of(const SealedFields& fields);  // 32 bytes

// Its id. Whatever stood from the same hand (written here, or from the same source) is withdrawn first. gone: the
// review is over. bad_data as check_reply() tells.
Result<std::int64_t> add_reply(Book& book, Store& store, const Review& review, const NewReply& reply);
Result<void> withdraw_reply(Book& book, Store& store, const Reply& reply, Time at);

}  // namespace vigie
