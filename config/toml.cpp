// The one file that knows toml++: its tables, copied into ours with the place of every key and value.

#include <toml++/toml.h>

#include <algorithm>

#include "config/item.h"

namespace vigie::config {
namespace {

Item to_item(const toml::node& node);

void set_place(Item& item, const toml::source_region& region) {
  item.line = static_cast<int>(region.begin.line);
  item.column = static_cast<int>(region.begin.column);
}

Item table_item(const toml::table& table) {
  Item item;
  for (const auto& [key, value] : table) {
    const toml::source_position place = key.source().begin;
    item.members.push_back(
        {std::string(key.str()), static_cast<int>(place.line), static_cast<int>(place.column), to_item(value)});
  }
  // toml++ keeps its tables sorted by name; people read them in the order written.
  std::sort(item.members.begin(), item.members.end(),
            [](const Member& a, const Member& b) { return a.line != b.line ? a.line < b.line : a.column < b.column; });
  return item;
}

Item array_item(const toml::array& array) {
  Item item;
  item.kind = Item::Kind::array;
  for (const toml::node& element : array) item.elements.push_back(to_item(element));
  return item;
}

Item value_item(const toml::node& node) {
  Item item;
  if (const auto* text = node.as_string()) {
    item.kind = Item::Kind::text;
    item.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    item.kind = Item::Kind::integer;
    item.integer = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    item.kind = Item::Kind::number;
    item.number = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    item.kind = Item::Kind::boolean;
    item.boolean = boolean->get();
  } else {
    item.kind = Item::Kind::time;
  }
  return item;
}

Item to_item(const toml::node& node) {
  Item item;
  if (const toml::table* table = node.as_table()) {
    item = table_item(*table);
  } else if (const toml::array* array = node.as_array()) {
    item = array_item(*array);
  } else {
    item = value_item(node);
  }
  set_place(item, node.source());
  return item;
}

// "Error while parsing key-value pair: expected '=', saw '\n'" in the words of every other problem.
std::string in_our_words(std::string_view description) {
  constexpr std::string_view kIntro = "Error while parsing ";
  std::string where, what(description);
  if (description.starts_with(kIntro)) {
    const std::size_t colon = description.find(": ");
    if (colon != std::string_view::npos) {
      where = description.substr(kIntro.size(), colon - kIntro.size());
      what = description.substr(colon + 2);
    }
  }
  if (const std::size_t saw = what.find(", saw "); saw != std::string::npos && what.starts_with("expected ")) {
    what.replace(saw, 6, ", found ");
  } else {
    what = concat("expected valid TOML, found a mistake: ", what);
  }
  if (!where.empty()) what += concat(" (in a ", where, ")");
  std::string line;
  for (const char c : what) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\r') {
      line += "\\r";
    } else {
      line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return line;
}

}  // namespace

SyntaxError parse_toml(std::string_view text, Item& root) {
  try {
    root = to_item(toml::parse(text));
    return {};
  } catch (const toml::parse_error& error) {
    const toml::source_position place = error.source().begin;
    return {static_cast<int>(place.line), static_cast<int>(place.column), in_our_words(error.description())};
  }
}

}  // namespace vigie::config
