#include "app/sequencer.h"

#include "base/log.h"

namespace vigie {
namespace {

constexpr std::size_t kCosignedWaiting = 100;
constexpr int kEntriesARound = 5'000;  // of a long log just opened: receipts are not kept waiting for its sums

Error busy() {
  Error error{ErrorKind::rate_limited,
              "more reviews arrive than can be recorded at this moment; nothing was recorded, send it again in a few "
              "seconds",
              std::nullopt};
  error.retry_in = seconds(2);
  return error;
}

tlog::Fields opened(const Submission& submission, const std::array<std::string, kReviewFields>& keys) {
  tlog::Fields fields;
  for (std::size_t i = 0; i < kReviewFields; ++i) fields[i] = {submission.values[i], keys[i], std::nullopt};
  return fields;
}

}  // namespace

Sequencer::Sequencer(const Settings& settings, OpenStore open, const Clock& clock, Metrics& metrics,
                     SequencerOptions options)
    : settings_(settings),
      open_(std::move(open)),
      clock_(clock),
      metrics_(metrics),
      options_(options),
      inbox_(options.waiting),
      cosigned_(kCosignedWaiting) {}

Result<void> Sequencer::open() {
  TRY(store_, open_());
  book_ = std::make_unique<Book>(settings_, *store_, clock_);
  for (const BrandSettings& brand : settings_.brands) {
    TRY(std::unique_ptr<BrandLog> log, BrandLog::make(settings_, brand.id, *store_, clock_, metrics_));
    logs_.push_back(std::move(log));
  }
  return {};
}

Result<Answered> Sequencer::hand_in(Submission submission) {
  const auto handed = std::make_shared<Handed>();
  handed->submission = std::move(submission);
  std::future<Result<Answered>> answer = handed->answer.get_future();
  if (!inbox_.put(handed)) {
    metrics_.add("vigie_wall_sent_away_total", "Reviews sent away because too many came at once.");
    return fail(busy());
  }
  if (answer.wait_for(options_.patience) != std::future_status::ready) {
    Error late{ErrorKind::transient, "the review was handed in and no answer came in time; it may have been recorded",
               std::nullopt};
    late.maybe_done = true;
    return fail(std::move(late));
  }
  return answer.get();
}

void Sequencer::cosigned(const std::string& brand, std::int64_t size, std::shared_ptr<const tlog::Quorum> quorum) {
  cosigned_.put({brand, size, std::move(quorum)});
  inbox_.wake();
}

// A wall has a log from the first day, with the rules that its reviews are received under.
void Sequencer::log_policies() {
  if (begun_) return;
  begun_ = true;
  for (const std::unique_ptr<BrandLog>& log : logs_) {
    const Result<std::int64_t> logged = book_->policy(log->brand());
    if (!logged) trouble(log->brand(), logged.error());
  }
}

void Sequencer::tick(Duration at_most) {
  log_policies();
  const std::vector<HandedIn> batch = inbox_.take(options_.batch, at_most);
  std::map<std::string, std::vector<HandedIn>> by_brand;
  for (const HandedIn& handed : batch) by_brand[handed->submission.brand].push_back(handed);
  for (const std::unique_ptr<BrandLog>& log : logs_) {
    const auto own = by_brand.extract(log->brand());
    if (own) record(*log, own.mapped());
  }
  for (const auto& [brand, strays] : by_brand) {
    for (const HandedIn& stray : strays)
      stray->answer.set_value(fail(ErrorKind::bad_data, concat("no brand \"", brand, "\" is configured")));
  }
  for (const std::unique_ptr<BrandLog>& log : logs_) publish(*log);
  show_cosigned();
  for (const std::unique_ptr<BrandLog>& log : logs_) {
    const Result<bool> more = log->add_up(*book_, kEntriesARound);
    if (!more) trouble(log->brand(), more.error());
    if (more && *more) inbox_.wake();
  }
}

void Sequencer::record(BrandLog& log, const std::vector<HandedIn>& batch) {
  std::vector<Submission> submissions;
  submissions.reserve(batch.size());
  for (const HandedIn& handed : batch) submissions.push_back(handed->submission);
  Result<std::vector<Received>> received = book_->receive(log.brand(), std::move(submissions));
  if (received) return answer(log, batch, *std::move(received));
  // One that cannot be recorded must not take the others with it.
  if (batch.size() > 1 && received.error().kind != ErrorKind::transient) return record_one_by_one(log, batch);
  trouble(log.brand(), received.error());
  for (const HandedIn& handed : batch) handed->answer.set_value(fail(received.error()));
}

void Sequencer::record_one_by_one(BrandLog& log, const std::vector<HandedIn>& batch) {
  for (const HandedIn& handed : batch) record(log, {handed});
}

void Sequencer::answer(BrandLog& log, const std::vector<HandedIn>& batch, std::vector<Received> received) {
  publish(log);  // when that fails they are recorded all the same; their proof comes with a later checkpoint
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Answered answered;
    std::optional<std::string> extra;
    if (received[i].fresh) extra = to_json(opened(batch[i]->submission, received[i].keys));
    answered.receipt = log.receipt(received[i].leaf, std::move(extra));
    answered.received = std::move(received[i]);
    batch[i]->answer.set_value(std::move(answered));
  }
  metrics_.add("vigie_wall_reviews_total", "Reviews recorded.", {{"wall", log.brand()}},
               static_cast<double>(batch.size()));
  metrics_.add("vigie_wall_batches_total", "Batches of reviews recorded together.", {{"wall", log.brand()}});
}

void Sequencer::publish(BrandLog& log) {
  const Result<tlog::Published> published = log.publish();
  if (published) {
    troubles_.erase(log.brand());
  } else {
    trouble(log.brand(), published.error());
  }
}

void Sequencer::show_cosigned() {
  for (const Cosigned& one : cosigned_.take(kCosignedWaiting, Duration::zero())) {
    for (const std::unique_ptr<BrandLog>& log : logs_) {
      if (log->brand() != one.brand) continue;
      const Result<void> shown = log->show_cosigned(one.size, *one.quorum);
      if (!shown) trouble(one.brand, shown.error());
    }
  }
}

// Told once, not with every round.
void Sequencer::trouble(const std::string& brand, const Error& error) {
  metrics_.add("vigie_wall_log_failures_total", "Rounds of a wall's log that failed.", {{"wall", brand}});
  if (std::string& told = troubles_[brand]; told != error.what) {
    told = error.what;
    log::error("log", error.what, {{"wall", brand}});
  }
}

void Sequencer::run(const std::stop_token& stop) {
  const std::stop_callback wakes(stop, [this] { inbox_.wake(); });
  while (!stop.stop_requested()) tick(options_.poll);
  inbox_.close();
  while (!inbox_.empty()) tick(Duration::zero());
}

}  // namespace vigie
