// Who may include whom (DESIGN: layout). The arrows keep data flowing one way; this finds any other.

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using Folders = std::set<std::string>;

const std::map<std::string, Folders>& allowed() {
  static const std::map<std::string, Folders> table = {
      {"base", {"base"}},
      {"model", {"base", "model"}},
      {"config", {"base", "model", "config"}},
      {"bus", {"base", "model", "bus"}},
      {"store", {"base", "model", "store"}},
      {"collectors", {"base", "model", "config", "collectors"}},
      {"pipeline", {"base", "model", "config", "pipeline"}},
      {"alerts", {"base", "model", "config", "alerts"}},
      {"wall", {"base", "model", "config", "store", "wall"}},
      {"console", {"base", "model", "config", "store", "console"}},
  };
  return table;
}

// Pure headers that pages may show things with.
const Folders& pure_headers() {
  static const Folders headers = {"alerts/explain.h", "alerts/message.h", "pipeline/preview.h", "wall/measures.h"};
  return headers;
}

// The path of an #include "..." line, or "".
std::string included(const std::string& line) {
  const std::string start = "#include \"";
  if (line.rfind(start, 0) != 0) return "";
  return line.substr(start.size(), line.find('"', start.size()) - start.size());
}

}  // namespace

TEST(Includes, PointOnlyAlongTheArrows) {
  const std::filesystem::path root = VIGIE_SOURCE_DIR;
  std::vector<std::string> wrong;
  int seen = 0;

  for (const auto& [folder, may] : allowed()) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        const std::string path = included(line);
        if (path.empty()) continue;
        ++seen;
        const bool page = folder == "wall" || folder == "console";
        if (may.contains(path.substr(0, path.find('/'))) || (page && pure_headers().contains(path))) continue;
        wrong.push_back(std::filesystem::relative(entry.path(), root).string() + " includes " + path);
      }
    }
  }

  EXPECT_GT(seen, 100);
  EXPECT_THAT(wrong, testing::IsEmpty());
}

TEST(Includes, KeepHeavyLibrariesInFewFiles) {
  // Where each may be named: what takes seconds to compile, or what must not spread.
  const std::map<std::string, std::size_t> limits = {
      {"<boost/beast", 2}, {"<toml++", 1}, {"<CLI/", 1}, {"<sqlite3.h>", 5}};
  const std::filesystem::path root = VIGIE_SOURCE_DIR;
  std::map<std::string, Folders> users;

  for (const auto& [folder, unused] : allowed()) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        for (const auto& [library, limit] : limits) {
          if (line.rfind("#include " + library, 0) == 0) users[library].insert(entry.path().filename().string());
        }
      }
    }
  }

  for (const auto& [library, limit] : limits)
    EXPECT_LE(users[library].size(), limit) << library << " in " << testing::PrintToString(users[library]);
}

// Two types of one name in one namespace are one to the linker: it keeps the members of either, and the other's vectors
// are read through them. No compiler sees it, for no file includes both headers.
TEST(Includes, GiveNoTwoTypesOfANamespaceOneName) {
  const std::filesystem::path root = VIGIE_SOURCE_DIR;
  std::map<std::string, Folders> places;
  std::vector<std::string> folders = {"app"};
  for (const auto& [folder, unused] : allowed()) folders.push_back(folder);
  for (const std::string& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream file(entry.path());
      std::vector<std::string> within;
      for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string first, name;
        words >> first >> name;
        if (first == "enum") words >> name;
        if (line.rfind("namespace ", 0) == 0) within.push_back(name);
        if (line.rfind("}  // namespace", 0) == 0 && !within.empty()) within.pop_back();
        const bool type = first == "struct" || first == "class" || first == "enum";
        if (!type || line.rfind(first, 0) != 0 || line.back() == ';') continue;
        std::string full;
        for (const std::string& space : within) full += space + "::";
        places[full + name].insert(entry.path().filename().string());
      }
    }
  }
  EXPECT_GT(places.size(), 100u);
  for (const auto& [type, files] : places)
    EXPECT_EQ(files.size(), 1u) << type << " in " << testing::PrintToString(files);
}
