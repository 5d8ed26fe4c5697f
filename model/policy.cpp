#include "model/policy.h"

namespace vigie {
namespace {

void write_list(json::Writer& out, std::string_view name, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out.key(name).begin_array();
  for (const std::string& item : items) out.string(item);
  out.end_array();
}

std::vector<std::string> read_list(const json::Value& value, std::string_view name) {
  std::vector<std::string> items;
  const json::Value list = value.find(name);
  for (std::size_t n = 0; n < list.size(); ++n) items.push_back(list[n].text_or("", ""));
  return items;
}

void write_seconds(json::Writer& out, std::string_view name, Duration duration) {
  out.key(name).integer(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

Duration read_seconds(const json::Value& value, std::string_view name, Duration otherwise) {
  const auto fallback = std::chrono::duration_cast<std::chrono::seconds>(otherwise).count();
  return seconds(value.integer_or(name, fallback));
}

}  // namespace

void write_json(json::Writer& out, const Policy& policy) {
  out.begin_object();
  write_seconds(out, "hold", policy.hold);
  write_seconds(out, "reopen", policy.reopen);
  write_seconds(out, "group", policy.group);
  write_seconds(out, "update", policy.update);
  write_seconds(out, "repeat", policy.repeat);
  write_seconds(out, "ack_timeout", policy.ack_timeout);
  write_seconds(out, "flap_hold", policy.flap_hold);
  out.key("targets").begin_array();
  for (const Policy::Target& target : policy.targets) {
    out.begin_object().key("min_severity").integer(target.min_severity);
    write_list(out, "themes", target.themes);
    write_list(out, "languages", target.languages);
    write_list(out, "sources", target.sources);
    write_list(out, "to", target.to);
    out.end_object();
  }
  out.end_array().key("chain").begin_array();
  for (const Policy::Step& step : policy.chain) {
    out.begin_object();
    write_seconds(out, "after", step.after);
    write_seconds(out, "after_critical", step.after_critical);
    write_list(out, "to", step.to);
    out.end_object();
  }
  out.end_array().key("chain_repeat").integer(policy.chain_repeat).end_object();
}

Result<Policy> policy_from_json(const json::Value& value) {
  Policy policy;
  policy.hold = read_seconds(value, "hold", policy.hold);
  policy.reopen = read_seconds(value, "reopen", policy.reopen);
  policy.group = read_seconds(value, "group", policy.group);
  policy.update = read_seconds(value, "update", policy.update);
  policy.repeat = read_seconds(value, "repeat", policy.repeat);
  policy.ack_timeout = read_seconds(value, "ack_timeout", policy.ack_timeout);
  policy.flap_hold = read_seconds(value, "flap_hold", policy.flap_hold);
  const json::Value targets = value.find("targets");
  for (std::size_t n = 0; n < targets.size(); ++n) {
    Policy::Target target;
    target.min_severity = static_cast<int>(targets[n].integer_or("min_severity", 1));
    target.themes = read_list(targets[n], "themes");
    target.languages = read_list(targets[n], "languages");
    target.sources = read_list(targets[n], "sources");
    target.to = read_list(targets[n], "to");
    policy.targets.push_back(std::move(target));
  }
  const json::Value chain = value.find("chain");
  for (std::size_t n = 0; n < chain.size(); ++n) {
    policy.chain.push_back({read_seconds(chain[n], "after", minutes(15)),
                            read_seconds(chain[n], "after_critical", minutes(5)), read_list(chain[n], "to")});
  }
  policy.chain_repeat = static_cast<int>(value.integer_or("chain_repeat", 0));
  return policy;
}

}  // namespace vigie
