#include "config/override.h"

#include <charconv>
#include <vector>

#include "base/text.h"
#include "config/options.h"

namespace vigie::config {
namespace {

constexpr std::size_t kMostSteps = 8;

Item* member(Item& table, std::string_view key) {
  for (Member& member : table.members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Item& add_member(Item& table, std::string_view key) {
  return table.members.emplace_back(Member{std::string(key), table.line, table.column, Item{}}).value;
}

std::string_view id_of(Item& table) {
  const Item* const id = table.kind == Item::Kind::table ? member(table, "id") : nullptr;
  return id && id->kind == Item::Kind::text ? std::string_view(id->text) : std::string_view();
}

Item* element(Item& array, std::string_view step) {
  for (Item& each : array.elements) {
    if (!step.empty() && id_of(each) == step) return &each;
  }
  std::size_t place = 0;
  const auto read = std::from_chars(step.data(), step.data() + step.size(), place);
  const bool number = read.ec == std::errc() && read.ptr == step.data() + step.size();
  return number && place < array.elements.size() ? &array.elements[place] : nullptr;
}

std::string no_element(Item& array, std::string_view section, std::string_view step) {
  std::vector<std::string_view> ids;
  for (Item& each : array.elements) {
    if (const std::string_view id = id_of(each); !id.empty()) ids.push_back(id);
  }
  return unknown_name(concat("the id of one of the [[", section, "]]"), step, ids);
}

// The value as TOML has it, so that 0.5, true and ["a", "b"] are what they look like; anything else is text.
Item read_value(std::string_view value) {
  Item read;
  if (parse_toml(concat("value = ", value), read).message.empty() && read.members.size() == 1)
    return std::move(read.members.front().value);
  Item text;
  text.kind = Item::Kind::text;
  text.text = value;
  return text;
}

}  // namespace

std::string put(Item& root, std::string_view path, std::string_view value) {
  const std::vector<std::string_view> steps = split(path, '.');
  if (path.empty() || steps.size() > kMostSteps)
    return concat("expected the path of a setting, such as detect.budget, found \"", first_code_points(path, 60), "\"");
  Item* at = &root;
  std::string_view section;
  for (const std::string_view step : steps) {
    if (step.empty()) return concat("expected names with one dot between, found \"", path, "\"");
    if (at->kind == Item::Kind::array) {
      Item* const found = element(*at, step);
      if (!found) return no_element(*at, section, step);
      at = found;
    } else if (at->kind == Item::Kind::table) {
      Item* const found = member(*at, step);
      at = found ? found : &add_member(*at, step);
      section = step;
    } else {
      return concat("expected a table at \"", section, "\", found a value");
    }
  }
  const int line = at->line, column = at->column;
  *at = read_value(value);
  at->line = line;
  at->column = column;
  return "";
}

}  // namespace vigie::config
