#include "wall/replies.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "store/moderation.h"
#include "wall/log/commitment.h"

namespace vigie {
namespace {

constexpr std::size_t kLongestName = 100, kLongestLink = 500;

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  });
}

}  // namespace

Result<void> check_reply(const NewReply& reply) {
  if (!is_valid_utf8(reply.text) || has_controls(reply.text))
    return fail(ErrorKind::bad_data, "text: expected text without control characters");
  if (trim(reply.text).empty()) return fail(ErrorKind::bad_data, "text: expected the reply, found nothing");
  if (count_code_points(reply.text) > limits::kReviewCodePoints)
    return fail(ErrorKind::bad_data, "text: expected at most 5,000 characters");
  if (!is_valid_utf8(reply.author) || has_controls(reply.author) || count_code_points(reply.author) > kLongestName)
    return fail(ErrorKind::bad_data, "author: expected a name of at most 100 characters");
  if (!reply.link.empty() && !is_public_link(reply.link))
    return fail(ErrorKind::bad_data, "link: expected an https address");
  return {};
}

bool is_public_link(std::string_view link) {
  constexpr std::string_view kScheme = "https://";
  if (!link.starts_with(kScheme) || link.size() <= kScheme.size() || link.size() > kLongestLink) return false;
  return std::all_of(link.begin(), link.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
  });
}

SealedFields seal_fields(const std::array<std::string, kReviewFields>& values) {
  SealedFields sealed;
  sealed.values = values;
  const tlog::Fields fields = tlog::seal(values);
  for (std::size_t i = 0; i < kReviewFields; ++i) sealed.keys[i] = fields[i].key;
  return sealed;
}

std::string commitment_of(const SealedFields& sealed) {
  tlog::Fields fields;
  for (std::size_t i = 0; i < kReviewFields; ++i) {
    fields[i].value = sealed.values[i];
    fields[i].key = sealed.keys[i];
  }
  return std::string(tlog::bytes_of(tlog::commitment(fields)));
}

Result<std::int64_t> add_reply(Book& book, Store& store, const Review& review, const NewReply& said) {
  TRY(check_reply(said));
  if (is_over(review.state))
    return fail(ErrorKind::gone, concat("review ", std::to_string(review.leaf), " is ", to_text(review.state)));
  TRY(const std::vector<Reply> known, store.moderation().replies_to(review.id));
  for (const Reply& one : known) {
    if (!one.withdrawn && one.source == said.source) TRY(withdraw_reply(book, store, one, said.at));
  }
  Reply reply;
  reply.review = review.id;
  reply.ref = review.leaf;
  reply.brand = review.brand;
  std::array<std::string, kReviewFields> values{};
  values[kText] = said.text;
  values[kAuthor] = said.author;
  values[kMedia] = said.link;
  reply.fields = seal_fields(values);
  reply.by = said.by;
  reply.source = said.source;
  reply.at = said.at;
  tlog::ReplyLeaf leaf;
  leaf.ref = review.leaf;
  leaf.commitment = commitment_of(reply.fields);
  leaf.status = "published";
  return store.moderation().add_reply(reply, book.entry(review.brand, leaf));
}

Result<void> withdraw_reply(Book& book, Store& store, const Reply& reply, Time at) {
  tlog::ReplyLeaf leaf;
  leaf.ref = reply.ref;
  leaf.commitment = commitment_of(reply.fields);
  leaf.status = "withdrawn";
  return store.moderation().withdraw_reply(reply.id, at, book.entry(reply.brand, leaf));
}

}  // namespace vigie
