#include "pipeline/labelled_rows.h"

#include <fmt/format.h>

#include "base/number.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr double kHeaviest = 1000;

}  // namespace

Result<std::vector<LabelledRow>> read_labelled_rows(std::istream& lines, std::string_view name, LabelOf label_of) {
  std::vector<LabelledRow> rows;
  std::string line;
  for (std::int64_t number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (!is_valid_utf8(line)) line = to_valid_utf8(line);
    const std::vector<std::string_view> fields = split(line, '\t');
    const auto bad = [&](std::string_view why) {
      return fail(ErrorKind::bad_data, fmt::format("{}:{}: {}", name, number, why));
    };
    if (fields.size() != 5)
      return bad(
          fmt::format("expected ID, LANG, DOMAIN, LABEL and TEXT with tabs between, found {} fields", fields.size()));
    const auto label = label_from(fields[3]);
    if (label_of == LabelOf::opinion) {
      if (!label) return bad(fmt::format("expected the label neg, neu or pos, found \"{}\"", fields[3]));
      if (fields[2] != "tweet" && fields[2] != "review")
        return bad(fmt::format("expected the domain tweet or review, found \"{}\"", fields[2]));
    }
    LabelledRow row;
    row.id = fields[0];
    row.lang = ascii_lower(fields[1]);
    row.domain = fields[2];
    row.label = label.value_or(Label::neutral);
    row.text = fields[4];
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<SetRule> parse_set_rule(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::bad_config,
                concat("expected SET[:LANG]=WEIGHT with a weight from 0 to 1000, and behind it a p for sets without "
                       "neutral rows, a d for sets whose labels are doubted, found \"",
                       text, "\""));
  };
  const std::size_t equal = text.find('=');
  if (equal == std::string_view::npos || equal == 0) return bad();
  SetRule rule;
  std::string_view key = text.substr(0, equal), weight = text.substr(equal + 1);
  if (const std::size_t colon = key.find(':'); colon != std::string_view::npos) {
    rule.lang = key.substr(colon + 1);
    key = key.substr(0, colon);
  }
  rule.set = key;
  for (; weight.ends_with('p') || weight.ends_with('d'); weight.remove_suffix(1))
    (weight.back() == 'p' ? rule.polar : rule.doubted) = true;
  const auto value = real_number(weight);
  if (!value || *value < 0 || *value > kHeaviest) return bad();
  rule.weight = static_cast<float>(*value);
  return rule;
}

void weigh(const std::vector<SetRule>& rules, std::vector<LabelledRow>& rows) {
  for (LabelledRow& row : rows) {
    const std::string_view set = row.set();
    const SetRule* best = nullptr;
    for (const SetRule& rule : rules) {
      if (rule.set != set || (!rule.lang.empty() && rule.lang != row.lang)) continue;
      if (best == nullptr || !rule.lang.empty()) best = &rule;
    }
    if (best == nullptr) continue;
    row.weight = best->weight;
    row.polar = best->polar;
    row.doubted = best->doubted;
  }
}

}  // namespace vigie
