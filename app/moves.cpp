#include "app/moves.h"

namespace vigie {
namespace {

constexpr int kPollsToBelieve = 3;
constexpr Duration kTimeToBelieve = kDay;

bool may_follow(const HttpRequest& asked, const std::string& target) {
  const bool secret = !asked.secret_headers.empty() || redact_url(asked.url) != asked.url;
  return !secret || origin_of(asked.url) == origin_of(target);
}

}  // namespace

std::optional<Move> observe_move(const std::optional<Move>& known, const std::string& source, const HttpRequest& asked,
                                 const HttpReply& reply, Time now) {
  if (known && known->used_since) return known;
  const bool moved = reply.moved_permanently && !reply.url.empty() && reply.url != asked.url;
  if (!moved || !may_follow(asked, reply.url)) return std::nullopt;
  if (!known || known->old_url != asked.url || known->new_url != reply.url) {
    return Move{source, asked.url, reply.url, now, 1, std::nullopt};
  }
  Move move = *known;
  ++move.polls;
  if (move.polls >= kPollsToBelieve && now - move.first_at >= kTimeToBelieve) move.used_since = now;
  return move;
}

HttpRequest follow_move(const std::optional<Move>& known, HttpRequest request) {
  if (known && known->used_since && request.url == known->old_url) request.url = known->new_url;
  return request;
}

}  // namespace vigie
