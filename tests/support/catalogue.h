// What every page catalogue owes: the same sentences in each language, and none that leaks onto a page unfilled.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "base/json.h"

namespace vigie::test {

inline void collect_paths(const json::Value& value, const std::string& prefix,
                          std::set<std::string>& out) {  // NOLINT(misc-no-recursion): a catalogue is three deep
  if (value.type() != json::Type::object) {
    out.insert(prefix);
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    collect_paths(value[i], concat(prefix, prefix.empty() ? "" : ".", value.key_at(i)), out);
  }
}

// Every path of config/lang/<name>.<language>.json; empty when it cannot be read.
inline std::set<std::string> catalogue_paths(std::string_view name, std::string_view language) {
  std::set<std::string> out;
  const auto bytes = embedded(concat("config/lang/", name, ".", language, ".json"));
  if (const auto document = json::parse(bytes.value_or("")); document) collect_paths(document->root(), "", out);
  return out;
}

inline std::vector<std::string> keys_written_twice(const json::Value& value,
                                                   const std::string& prefix) {  // NOLINT(misc-no-recursion): as above
  std::vector<std::string> twice;
  if (value.type() != json::Type::object) return twice;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string path = concat(prefix, prefix.empty() ? "" : ".", value.key_at(i));
    if (!seen.insert(path).second) twice.push_back(path);
    for (std::string& one : keys_written_twice(value[i], path)) twice.push_back(std::move(one));
  }
  return twice;
}

// The {slots} of a sentence, sorted.
inline std::set<std::string> slots_of(std::string_view sentence) {
  std::set<std::string> out;
  for (std::size_t at = sentence.find('{'); at != std::string_view::npos; at = sentence.find('{', at + 1)) {
    out.insert(std::string(sentence.substr(at, sentence.find('}', at) + 1 - at)));
  }
  return out;
}

// "path: what is wrong", for each sentence that one language has otherwise than the other, and for French written with
// plain spaces where its typography wants no-break ones.
inline std::vector<std::string> catalogue_faults(std::string_view name) {
  std::vector<std::string> faults;
  const auto french = catalogue_paths(name, "fr"), english = catalogue_paths(name, "en");
  if (french.empty() || french != english) faults.emplace_back("the languages do not have the same sentences");
  const auto fr = json::parse(embedded(concat("config/lang/", name, ".fr.json")).value_or(""));
  const auto en = json::parse(embedded(concat("config/lang/", name, ".en.json")).value_or(""));
  if (!fr || !en) return faults;
  for (const json::Value& root : {fr->root(), en->root()}) {
    for (const std::string& path : keys_written_twice(root, "")) faults.push_back(path + ": written twice");
  }
  for (const std::string& path : french) {
    if (path.starts_with("reasons.")) continue;  // keyed by sentences, not by paths
    const std::string text = fr->root().text_or(path, ""), other = en->root().text_or(path, "");
    if (text.empty() || other.empty()) faults.push_back(path + ": empty");
    if (slots_of(text) != slots_of(other)) faults.push_back(path + ": other slots in French than in English");
    if (text.find('\'') != std::string::npos) faults.push_back(path + ": a straight apostrophe");
    for (const std::string_view pair : {" :", " ;", " !", " ?", " %", "« ", " »"}) {
      if (text.find(pair) != std::string::npos)
        faults.push_back(path + ": a plain space in \"" + std::string(pair) + "\"");
    }
  }
  return faults;
}

}  // namespace vigie::test
