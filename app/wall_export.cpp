#include "app/wall_export.h"

#include <deque>
#include <map>
#include <set>
#include <variant>

#include "app/static_pages.h"
#include "app/wall_log.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/whole_file.h"
#include "store/moderation.h"
#include "wall/book.h"
#include "wall/embeds.h"
#include "wall/improvements_page.h"
#include "wall/log/checkpoint.h"
#include "wall/log/folder.h"
#include "wall/log/items.h"
#include "wall/log/leaf.h"
#include "wall/log/tiles.h"
#include "wall/verify_page.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMemory = ".vigie-export.json";  // what stands in the folder, and of which entries
constexpr std::size_t kMostMemory = 256u << 20, kMostFile = 16u << 20;
constexpr int kLeavesAPage = 2'560;
constexpr std::string_view kLanguages[] = {"fr", "en"};

// Between one export and the next.
struct Memory {
  std::string look;                          // settings and program it was made with
  std::map<std::string, std::int64_t> size;  // entries of each wall's log
  std::set<std::string> files;
};

Result<Memory> read_memory(const fs::path& path) {
  Memory memory;
  std::error_code error;
  if (!fs::exists(path, error)) return memory;
  TRY(const std::string bytes, read_whole(path, kMostMemory));
  TRY(const json::Document document, json::parse(bytes));
  const json::Value root = document.root();
  memory.look = root.text_or("look", "");
  if (const auto sizes = root.object("size")) {
    for (std::size_t i = 0; i < sizes->size(); ++i)
      memory.size[std::string(sizes->key_at(i))] = (*sizes)[i].integer("").value_or(0);
  }
  if (const auto files = root.array("files")) {
    for (std::size_t i = 0; i < files->size(); ++i) memory.files.emplace((*files)[i].raw());
  }
  return memory;
}

std::string text_of(const Memory& memory) {
  json::Writer out;
  out.begin_object().member("look", memory.look).key("size").begin_object();
  for (const auto& [brand, size] : memory.size) out.key(brand).integer(size);
  out.end_object().key("files").begin_array();
  for (const std::string& file : memory.files) out.string(file);
  return out.end_array().end_object().take();
}

class Exporter {
 public:
  Exporter(const ExportRequest& request, const Settings& settings, const Handler& pages, Store& store)
      : request_(request), settings_(settings), pages_(pages), store_(store) {}

  Result<Exported> run() {
    std::error_code error;
    fs::create_directories(request_.folder, error);
    if (error) return fail(not_written(request_.folder, error.value()));
    TRY(before_, read_memory(request_.folder / kMemory));
    now_.look = look();
    for (const BrandSettings& brand : settings_.brands) {
      TRY(find_touched(brand.id));
      TRY(copy_log(brand.id));
    }
    seed();
    while (!waiting_.empty()) {
      const std::string address = waiting_.front();
      waiting_.pop_front();
      TRY(take(address));
    }
    remove_what_is_gone();
    TRY(tlog::write_durably(request_.folder / kMemory, text_of(now_)));
    return done_;
  }

 private:
  // Another look makes every page another one.
  std::string look() const {
    std::string all = concat(VIGIE_VERSION, "\n", settings_.serve.public_url, "\n", request_.base_url, "\n",
                             widget_script().path, verify_assets()[1].path, verify_assets()[2].path);
    for (const BrandSettings& brand : settings_.brands) all += concat("\n", charter(settings_, brand.id));
    return to_hex(sha256(all));
  }

  // The reviews that entries since the last export speak of.
  Result<void> find_touched(const std::string& brand) {
    const bool anew = before_.look != now_.look || !before_.size.contains(brand);
    anew_[brand] = anew;
    std::int64_t size = anew ? 0 : before_.size[brand];
    for (;;) {
      TRY(const std::vector<LoggedLeaf> leaves, store_.leaves(brand, size, kLeavesAPage));
      for (const LoggedLeaf& one : leaves) {
        ++size;
        if (const auto leaf = tlog::parse_leaf(one.bytes); leaf && !anew) touch(brand, one.index, leaf->body);
      }
      if (leaves.size() < static_cast<std::size_t>(kLeavesAPage)) break;
    }
    now_.size[brand] = size;
    return {};
  }

  void touch(const std::string& brand, std::int64_t index, const tlog::LeafBody& body) {
    std::set<std::int64_t>& touched = touched_[brand];
    touched.insert(index);
    if (const auto* act = std::get_if<tlog::ModerationLeaf>(&body)) touch_review(brand, act->ref);
    if (const auto* next = std::get_if<tlog::VersionLeaf>(&body)) touched.insert(next->ref);
    if (const auto* end = std::get_if<tlog::WithdrawalLeaf>(&body)) touched.insert(end->ref);
    if (const auto* end = std::get_if<tlog::ErasureLeaf>(&body)) touched.insert(end->ref);
    if (const auto* reply = std::get_if<tlog::ReplyLeaf>(&body)) touch_review(brand, reply->ref);
    if (const auto* better = std::get_if<tlog::ImprovementLeaf>(&body)) {
      for (const std::int64_t ref : better->refs) touch_review(brand, ref);
      if (better->refs.empty()) anew_[brand] = true;  // it goes on from another one, whose reviews are not named here
      // One more moves others to the next page, where the links of their reviews must follow them.
      const auto count = store_.moderation().count_improvements(brand, 0);
      if (!better->of && count && *count > kImprovementsAPage) anew_[brand] = true;
    }
  }

  // `ref` may be an update: its review is what has a page.
  void touch_review(const std::string& brand, std::int64_t ref) {
    touched_[brand].insert(ref);
    const auto entry = store_.leaves(brand, ref, 1);
    if (!entry || entry->empty()) return;
    const auto leaf = tlog::parse_leaf(entry->front().bytes);
    if (!leaf) return;
    if (const auto* version = std::get_if<tlog::VersionLeaf>(&leaf->body)) touched_[brand].insert(version->ref);
  }

  // --- pages

  void seed() {
    for (const char* path : {"/", "/verify", "/sitemap.xml", "/robots.txt"}) want(path);
    want(widget_script().path);
    for (const std::string_view language : kLanguages) want(concat("/verify?lang=", language));
    for (const BrandSettings& brand : settings_.brands) {
      const std::string wall = concat("/wall/", brand.id);
      for (const char* below : {"", "/method", "/improvements", "/feed.atom", "/verify", "/embed", "/numbers.json"}) {
        want(concat(wall, below));
        if (std::string_view(below) == "/numbers.json") continue;
        for (const std::string_view language : kLanguages) want(concat(wall, below, "?lang=", language));
      }
      want(concat("/badge/", brand.id, ".svg"));
      for (const std::string_view language : kLanguages) want(concat("/badge/", brand.id, ".svg?lang=", language));
    }
  }

  void want(const std::string& address) {
    const auto place = static_place(address);
    if (!place || address.find("/log/") != std::string::npos || !seen_.insert(place->file).second) return;
    waiting_.push_back(address);
  }

  // A review's own page that no new entry speaks of.
  bool is_as_before(const ServerRequest& asked, const std::string& file) const {
    constexpr std::string_view kWall = "/wall/";
    if (!asked.path.starts_with(kWall) || asked.param("review").empty()) return false;
    const std::string brand = asked.path.substr(kWall.size());
    const auto anew = anew_.find(brand);
    if (anew == anew_.end() || anew->second || !before_.files.contains(file)) return false;
    const auto leaf = tlog::from_strict_decimal(asked.param("review"));
    const auto touched = touched_.find(brand);
    return leaf && (touched == touched_.end() || !touched->second.contains(*leaf));
  }

  Result<void> take(const std::string& address) {
    const ServerRequest asked = request_of(address);
    const std::string file = static_place(address)->file;
    if (is_as_before(asked, file)) {
      now_.files.insert(file);
      ++done_.kept;
      return {};
    }
    ServerRequest request = asked;
    const ServerReply reply = pages_(request);
    ++done_.pages;
    if (reply.status >= 500)
      return fail(ErrorKind::transient, concat(address, ": the wall answered ", std::to_string(reply.status)));
    if (reply.status != 200) return {};
    const bool text = reply.content_type.starts_with("text/html") ||
                      reply.content_type.find("xml") != std::string::npos || asked.path == "/robots.txt";
    if (!text || reply.content_type.starts_with("image/")) return write(file, reply.body);
    for (const std::string& link : links_of(reply.body, settings_.serve.public_url)) want(link);
    return write(file, rewritten(reply.body, file, {settings_.serve.public_url, request_.base_url}));
  }

  // --- files

  Result<void> write(const std::string& file, std::string_view bytes) {
    now_.files.insert(file);
    const fs::path path = request_.folder / file;
    std::error_code error;
    if (fs::file_size(path, error) == bytes.size() && !error) {
      const auto there = read_whole(path, kMostFile);
      if (there && *there == bytes) return {};
    }
    fs::create_directories(path.parent_path(), error);
    ++done_.written;
    return tlog::write_durably(path, bytes);
  }

  // Entries and tiles of the checkpoint first, then what speaks of them. What a reader of the source could not have
  // seen together is never put together: the list is read before the checkpoint, which then covers it.
  Result<void> copy_log(const std::string& brand) {
    TRY(const WallLogPlace place, wall_log_place(settings_, brand));
    tlog::FolderFiles source(place.folder);
    const std::string below = concat("wall/", brand, "/log/");
    std::vector<std::pair<std::string, std::string>> heads;
    for (const char* name : {tlog::kItemsFile, tlog::kWitnessesFile, tlog::kCosignedFile, tlog::kKeyFile,
                             tlog::kCheckpointFile}) {
      Result<std::string> bytes = source.read(name, tlog::kMostItemsBytes);
      if (bytes) heads.emplace_back(name, *std::move(bytes));
      if (!bytes && bytes.error().kind != ErrorKind::gone) return fail(bytes.error());
    }
    if (heads.empty() || heads.back().first != tlog::kCheckpointFile) return {};  // nothing was published yet
    TRY(const tlog::SignedNote head, tlog::parse_signed_checkpoint(heads.back().second));
    TRY(copy_tiles(source, below, head.checkpoint.head.size));
    for (auto head_file = heads.rbegin(); head_file != heads.rend(); ++head_file)
      TRY(write(concat(below, head_file->first), head_file->second));
    return {};
  }

  Result<void> copy_tiles(tlog::Files& source, const std::string& below, std::int64_t size) {
    for (int level = tlog::kEntries;; ++level) {
      std::int64_t index = 0;
      for (; const int width = tlog::tile_width(level, index, size); ++index)
        TRY(copy_tile(source, below, {level, index, width}));
      if (level >= 0 && index == 0) return {};
    }
  }

  Result<void> copy_tile(tlog::Files& source, const std::string& below, const tlog::Tile& tile) {
    const std::string file = concat(below, tlog::path_of(tile));
    std::error_code error;
    if (before_.files.contains(file) && fs::exists(request_.folder / file, error)) {  // they never change
      now_.files.insert(file);
      return {};
    }
    Result<std::string> bytes = source.read(tlog::path_of(tile), kMostFile);
    if (bytes) return write(file, *bytes);
    if (bytes.error().kind != ErrorKind::gone || tile.width == tlog::kTileWidth) return fail(bytes.error());
    // Filled meanwhile: the full one serves whoever asks for the partial one.
    const tlog::Tile full{tile.level, tile.index, tlog::kTileWidth};
    TRY(const std::string whole, source.read(tlog::path_of(full), kMostFile));
    return write(concat(below, tlog::path_of(full)), whole);
  }

  // A partial tile serves those who hold an older checkpoint until the full one is there.
  bool stands_for_an_older_checkpoint(const std::string& file) const {
    const std::size_t partial = file.rfind(".p/");
    return partial != std::string::npos && file.find("/log/tile/") != std::string::npos &&
           !now_.files.contains(file.substr(0, partial));
  }

  void remove_what_is_gone() {
    for (const std::string& file : before_.files) {
      if (now_.files.contains(file) || file.find("..") != std::string::npos) continue;
      if (stands_for_an_older_checkpoint(file)) {
        now_.files.insert(file);
        continue;
      }
      std::error_code error;
      fs::path path = request_.folder / file;
      if (fs::remove(path, error)) ++done_.removed;
      for (path = path.parent_path(); path != request_.folder && fs::is_empty(path, error) && !error;
           path = path.parent_path())
        fs::remove(path, error);
    }
  }

  const ExportRequest& request_;
  const Settings& settings_;
  const Handler& pages_;
  Store& store_;
  Memory before_, now_;
  std::map<std::string, bool> anew_;                       // by brand: every page is asked for
  std::map<std::string, std::set<std::int64_t>> touched_;  // by brand: leaves
  std::set<std::string> seen_;
  std::deque<std::string> waiting_;
  Exported done_;
};

}  // namespace

Result<Exported> export_walls(const ExportRequest& request, const Settings& settings, const Handler& pages,
                              Store& store) {
  return Exporter(request, settings, pages, store).run();
}

}  // namespace vigie
