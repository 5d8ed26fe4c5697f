#include "app/cmd_watch.h"

#include <algorithm>
#include <set>

#include "app/cmd_run.h"
#include "app/exit.h"
#include "app/load.h"
#include "base/text.h"

namespace vigie {

namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// "L'Oréal Paris" -> "l-oreal-paris": letters and digits, the rest one hyphen.
std::string id_of(std::string_view name) {
  std::string id;
  for (const char c : fold_blind(name)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (id.ends_with('-')) id.pop_back();
  return id.empty() ? "brand" : id.substr(0, 40);
}

// A hashtag: letters and digits of any script, nothing between.
std::string tag_of(std::string_view name) {
  std::string tag;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte)) tag += c;
  }
  return tag;
}

class Writer {
 public:
  explicit Writer(const WatchOptions& options) : options_(options), known_(known_kinds()) {}

  std::string write() {
    text_ = concat("data = ", toml_text(options_.data), "\n");
    if (!options_.public_listen.empty() || !options_.console_listen.empty()) {
      text_ += "\n[serve]\n";
      if (!options_.public_listen.empty()) text_ += concat("public = ", toml_text(options_.public_listen), "\n");
      if (!options_.console_listen.empty()) text_ += concat("console = ", toml_text(options_.console_listen), "\n");
    }
    for (const std::string& name : options_.brands) brand(name);
    return std::move(text_);
  }

 private:
  using Params = std::vector<std::pair<std::string, std::string>>;

  std::string own_id(const std::string& wanted) {
    std::string id = wanted;
    for (int n = 2; !taken_.insert(id).second; ++n) id = concat(wanted, "-", std::to_string(n));
    return id;
  }

  void brand(const std::string& name) {
    const std::string id = own_id(id_of(name));
    text_ += concat("\n[[brand]]\nid = ", toml_text(id), "\nname = ", toml_text(name), "\n");
    const std::string quoted = url_encode(concat("\"", name, "\""));
    feed(concat("news-google-fr-", id),
         concat("https://news.google.com/rss/search?q=", quoted, "&hl=fr&gl=FR&ceid=FR:fr"));
    feed(concat("news-google-en-", id),
         concat("https://news.google.com/rss/search?q=", quoted, "&hl=en-US&gl=US&ceid=US:en"));
    feed(concat("news-bing-fr-", id),
         concat("https://www.bing.com/news/search?q=", quoted, "&format=rss&setlang=fr&cc=FR"));
    feed(concat("news-bing-en-", id),
         concat("https://www.bing.com/news/search?q=", quoted, "&format=rss&setlang=en&cc=US"));
    network("mastodon", id, {{"instance", options_.mastodon}, {"tag", tag_of(name)}}, "");
    network("hackernews", id, {{"query", name}}, "");
    network("stackexchange", id, {{"site", options_.stackexchange}, {"query", name}}, "");
    network("lemmy", id, {{"instance", options_.lemmy}, {"query", name}}, "");
    network("github-search", id, {{"query", concat("\"", name, "\"")}}, "");
    // What is named by its own number or address is about the brand, whatever its texts say.
    for (const std::string& app : options_.steam_apps) network("steam", id, {{"app", app}}, id);
    for (const std::string& app : options_.appstore_apps)
      network("appstore", id, {{"app", app}, {"country", "fr,us,gb"}}, id);
    for (const std::string& forum : options_.discourse) network("discourse", id, {{"forum", forum}}, "");
  }

  void feed(const std::string& id, const std::string& url) {
    text_ += concat("\n[[source]]\nid = ", toml_text(own_id(id)), "\nkind = \"feed\"\nurl = ", toml_text(url),
                    "\nevery = [\"10m\", \"2h\"]\n");
  }

  // Left out when this version does not ship it.
  void network(const std::string& kind, const std::string& brand, const Params& params, const std::string& about) {
    const auto known = known_.definitions.find(kind);
    if (known == known_.definitions.end()) return;
    text_ +=
        concat("\n[[source]]\nid = ", toml_text(own_id(concat(kind, "-", brand))), "\nkind = ", toml_text(kind), "\n");
    if (!about.empty()) text_ += concat("brand = ", toml_text(about), "\n");
    for (const auto& [name, value] : params) {
      text_ += concat(name, " = ", toml_text(value), "\n");
    }
  }

  const WatchOptions& options_;
  const Kinds known_;
  std::string text_;
  std::set<std::string> taken_;
};

}  // namespace

std::string watch_config(const WatchOptions& options) { return Writer(options).write(); }

int cmd_watch(const WatchOptions& options, std::ostream& out, std::ostream& err) {
  const std::string config = watch_config(options);
  if (options.print) {
    out << config;
    return kDone;
  }
  const config::Tree tree = config::Tree::parse(config, "vigie watch");
  Settings settings = read_settings(tree, known_kinds());
  if (!tree.problems().empty()) {
    for (const config::Problem& problem : tree.problems()) err << problem.text() << "\n";
    return kBadInput;
  }
  err << "watching " << settings.sources.size()
      << " sources; nobody is told yet: `vigie watch --print` writes the configuration to build on\n";
  return run_installation(std::move(settings), out, err);
}

}  // namespace vigie
