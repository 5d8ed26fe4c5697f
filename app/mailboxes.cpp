#include "app/mailboxes.h"

#include <algorithm>

namespace vigie {
namespace {

constexpr int kTriesPerMail = 3;  // then it is kept aside, so that it cannot hold those behind it
constexpr Duration kLongestPause = hours(1);

}  // namespace

struct Mailboxes::Visit {
  std::unique_ptr<Mailbox> mailbox;
  Line line;
  Time due{};
  bool under_way = false;

  Mailbox::Found found;
  std::size_t index = 0;  // of the mail being fetched
  Batch batch;
  std::uint32_t stubborn = 0;  // the mail that could not be fetched last time
  int tries = 0;
  bool asked_anew = false;  // for this mail, on a connection that must know it
};

Mailboxes::Mailboxes(const Settings& settings, Store& store, Bus& bus, ImapClient& imap, const Clock& clock, Rng& rng,
                     Metrics& metrics)
    : settings_(settings), imap_(imap), clock_(clock), intake_("mailboxes", store, bus, clock, rng, metrics) {}

Mailboxes::~Mailboxes() = default;

Result<void> Mailboxes::open() {
  for (const SourceSettings& source : settings_.sources) {
    if (source.kind != "imap") continue;
    auto visit = std::make_unique<Visit>();
    TRY(visit->mailbox, open_mailbox(source));
    TRY(visit->line, intake_.open(source));
    visit->due = clock_.now();
    visits_.push_back(std::move(visit));
  }
  return {};
}

std::size_t Mailboxes::tick(Duration at_most) {
  const Time now = clock_.now();
  Time soonest = Time::max();
  for (const auto& visit : visits_) {
    if (!visit->under_way && visit->due <= now) search(*visit);
    if (!visit->under_way) soonest = std::min(soonest, visit->due);
  }
  const Duration wait = soonest == Time::max() ? at_most : std::clamp(soonest - now, Duration::zero(), at_most);
  imap_.poll(wait);
  return static_cast<std::size_t>(
      std::count_if(visits_.begin(), visits_.end(), [](const auto& visit) { return visit->under_way; }));
}

void Mailboxes::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { imap_.wake(); });
  while (!stop.stop_requested()) tick(seconds(1));
}

void Mailboxes::search(Visit& visit) {
  visit.under_way = true;
  imap_.start(visit.mailbox->search(visit.line.cursor), [this, &visit](Result<ImapReply> reply) {
    if (!reply) return fail_with(visit, reply.error());
    Result<Mailbox::Found> found = visit.mailbox->found(*reply, visit.line.cursor);
    if (!found) return fail_with(visit, found.error());
    visit.found = *std::move(found);
    visit.index = 0;
    visit.asked_anew = false;
    visit.batch = {};
    visit.batch.history = visit.found.history;
    fetch(visit);
  });
}

void Mailboxes::fetch(Visit& visit) {
  if (visit.index == visit.found.uids.size()) return deliver(visit);
  ImapRequest request = visit.mailbox->fetch(visit.found, visit.index);
  request.fresh = request.fresh || visit.asked_anew;
  imap_.start(std::move(request), [this, &visit](Result<ImapReply> reply) { take(visit, std::move(reply)); });
}

void Mailboxes::take(Visit& visit, Result<ImapReply> reply) {
  const std::uint32_t uid = visit.found.uids[visit.index];
  if (reply) {
    visit.mailbox->take(reply->body, clock_.now(), visit.batch);
  } else if (reply.error().kind == ErrorKind::gone && !std::exchange(visit.asked_anew, true)) {
    return fetch(visit);  // deleted since the search, or the connection has not heard of it: a new one knows
  } else if (reply.error().kind != ErrorKind::gone) {
    visit.tries = visit.stubborn == uid ? visit.tries + 1 : 1;
    visit.stubborn = uid;
    const bool give_up = reply.error().kind == ErrorKind::bad_data || visit.tries >= kTriesPerMail;
    if (!give_up || reply.error().kind == ErrorKind::denied) return fail_with(visit, reply.error());
    visit.batch.rejected.push_back({concat("mail ", std::to_string(uid)), reply.error().what});
  }
  ++visit.index;
  visit.asked_anew = false;
  fetch(visit);
}

void Mailboxes::deliver(Visit& visit) {
  visit.batch.next = visit.found.next;
  if (Result<void> done = intake_.deliver(visit.line, std::move(visit.batch)); !done)
    return fail_with(visit, done.error());
  visit.under_way = false;
  visit.due = clock_.now() + (visit.found.more ? Duration::zero() : visit.line.settings->every_min);
  intake_.good(visit.line, visit.due);
}

void Mailboxes::fail_with(Visit& visit, const Error& error) {
  visit.under_way = false;
  const Duration shortest = visit.line.settings->every_min;
  visit.due = intake_.bad(visit.line, error, shortest, std::max(shortest, kLongestPause));
}

}  // namespace vigie
