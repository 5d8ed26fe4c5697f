// From the store's entries to a folder that any web server can show: bundles, tiles, checkpoint. The store is the
// truth; all of the folder can be made again from it.
//
// A batch: entries and tiles are written and reach the disk, the new head is promised in the store, then it is signed,
// kept, and put in place by a rename. A crash between any two steps leaves an older whole log. A tree that does not
// extend the promised one is never signed.

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"
#include "store/store.h"
#include "wall/log/folder.h"
#include "wall/log/quorum.h"
#include "wall/log/tiles.h"

namespace vigie::tlog {

struct PublisherOptions {
  std::string wall;                // as the store calls it
  std::filesystem::path folder;    // made when absent
  std::vector<SigningKey> keys{};  // the first is the log's; its name is the origin
};

struct Published {
  std::int64_t size = 0;   // of the checkpoint in place; 0: nothing was logged yet
  std::int64_t fresh = 0;  // entries that it adds
  std::string note;        // the checkpoint with its cosignatures
  std::string alarm;       // what a person should look into; "" = nothing
};

// What one witness had to say.
struct WitnessRound {
  std::string witness;
  std::string error;  // "" = cosigned
};

// Belongs to one thread. Two processes on one folder are kept apart by a lock, on one store by promise_head().
class Publisher {
 public:
  static Result<std::unique_ptr<Publisher>> open(PublisherOptions options, Store& store, const Clock& clock);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Everything appended so far, in one batch. denied when the store's entries no longer give the tree that was signed.
  Result<Published> publish();
  // The same with every file written anew from the store.
  Result<Published> rebuild();

  // Asks each witness of the quorum about the checkpoint in place; what they sign is kept and published with it, and
  // under the name "cosigned" once the quorum is met.
  Result<std::vector<WitnessRound>> ask_witnesses(HttpClient& http, const Quorum& quorum);

  // Publishes what witnesses signed of the checkpoint of that size: with it while it is the one in place, and under the
  // name "cosigned" once the quorum is met.
  Result<void> show_cosigned(std::int64_t size, const Quorum& quorum);

 private:
  Publisher(PublisherOptions options, int lock, Store& store, const Clock& clock);

  Result<void> load(const LogState& state);
  Result<void> read_open_bundle();
  Result<void> take_entries(std::int64_t to);
  Result<void> take(const LoggedLeaf& leaf);
  Result<void> write_open_tiles();
  Result<Published> finish(const LogState& state, std::int64_t fresh);
  Result<std::string> sign(const TreeHead& head) const;
  Result<void> check_promised();
  std::string clock_alarm(const LogState& state) const;

  const PublisherOptions options_;
  const int lock_;
  Store& store_;
  const Clock& clock_;
  FolderFiles files_;
  FolderBatch batch_;
  bool loaded_ = false;
  LogHead promised_;
  TileRows rows_;
  std::string bundle_;           // entries behind the last full bundle
  std::vector<Tile> completed_;  // in this batch
  Published last_;               // nothing is written again while nothing is new
};

// Says beside the log whom the wall names as witnesses, so that readers can check what these signed; nothing is written
// while there is no log. A rule without witnesses takes the list away.
Result<void> name_witnesses(const std::filesystem::path& folder, const Quorum& quorum);

// The first half of ask_witnesses, for any thread with a store of its own: what they sign is kept and not yet shown.
struct CosignRound {
  std::int64_t size = 0;  // of the checkpoint that was asked about; 0: there is none
  std::vector<WitnessRound> witnesses;
};
Result<CosignRound> collect_cosignatures(HttpClient& http, const Quorum& quorum, Store& store,
                                         const std::filesystem::path& folder, const std::string& wall,
                                         const Clock& clock);

// The receipt of an entry, as text, under the last cosigned checkpoint that covers it, else the last one; nothing while
// no checkpoint covers it yet. Reads what a publisher wrote, in any thread or process with a store of its own.
Result<std::optional<std::string>> receipt_of(Store& store, const std::filesystem::path& folder,
                                              const std::string& wall, std::int64_t index,
                                              std::optional<std::string> extra);

}  // namespace vigie::tlog
