#include "app/cosigning.h"

#include <algorithm>

#include "base/log.h"
#include "base/pulse.h"
#include "base/whole_file.h"
#include "wall/log_place.h"

namespace vigie {
namespace {

constexpr Duration kBetween = minutes(1);
constexpr std::size_t kMostPolicy = 1u << 20;

}  // namespace

Result<tlog::Quorum> read_quorum_file(const std::string& path) {
  const Result<std::string> text = read_whole(path, kMostPolicy);
  if (!text) return fail(ErrorKind::bad_config, concat(path, ": expected a policy file, found ", text.error().what));
  Result<tlog::Quorum> quorum = tlog::parse_quorum(*text);
  if (!quorum) return fail(ErrorKind::bad_config, concat(path, ": ", quorum.error().what));
  return quorum;
}

// Once, not every minute.
void Cosigning::tell(const std::string& about, const std::string& what) {
  std::string& told = told_[about];
  if (told == what) return;
  told = what;
  if (!what.empty()) log::warn("log", what);
}

void Cosigning::tick() {
  Result<tlog::Quorum> quorum = read_quorum_file(settings_.wall.witnesses);
  tell("", quorum ? "" : quorum.error().what);
  if (!quorum) return;
  const auto shared = std::make_shared<const tlog::Quorum>(*std::move(quorum));
  for (const BrandSettings& brand : settings_.brands) ask(brand.id, shared);
}

void Cosigning::ask(const std::string& brand, const std::shared_ptr<const tlog::Quorum>& quorum) {
  const Result<WallLogPlace> place = wall_log_place(settings_, brand);
  if (!place) return;
  if (const Result<void> named = tlog::name_witnesses(place->folder, *quorum); !named)
    return tell(brand, named.error().what);
  const Result<tlog::CosignRound> round =
      tlog::collect_cosignatures(http_, *quorum, store_, place->folder, brand, clock_);
  if (!round) return tell(brand, round.error().what);
  tell(brand, "");
  for (const tlog::WitnessRound& witness : round->witnesses) {
    tell(concat(brand, "|", witness.witness),
         witness.error.empty() ? "" : concat("witness ", witness.witness, ": ", witness.error));
  }
  const bool signed_something = std::any_of(round->witnesses.begin(), round->witnesses.end(),
                                            [](const tlog::WitnessRound& one) { return one.error.empty(); });
  if (signed_something) cosigned_(brand, round->size, quorum);
}

void Cosigning::run(const std::stop_token& stop) {
  Pulse stopped;
  const std::stop_callback wakes(stop, [&stopped] { stopped.notify(); });
  while (!stop.stop_requested()) {
    tick();
    stopped.wait(kBetween);
  }
}

}  // namespace vigie
