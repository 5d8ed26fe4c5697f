#include "alerts/alertmanager.h"

#include <cmath>

#include "alerts/chat_layout.h"
#include "alerts/chat_text.h"

namespace vigie {
namespace {

constexpr std::size_t kText = 1000;  // characters of one annotation

std::string alert_name(const Story& story) {
  if (story.purpose == "test") return "VigieTest";
  return story.kind == "negative" || story.kind.empty() ? "VigieNegativeSpike" : "VigieRule";
}

// "" values are no labels to Alertmanager.
void add(Labels& labels, std::string name, std::string_view value) {
  std::string text = cut(one_line(value), kText);
  if (!text.empty()) labels.emplace_back(std::move(name), std::move(text));
}

std::string joined(const json::Value& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const json::Value one = names[i];
    out.append(out.empty() ? "" : ", ").append(one.type() == json::Type::object ? one.text_or("id", "") : one.raw());
  }
  return out;
}

// As messages say it, with the decimal point of machines: one digit behind it under ten, none above.
std::string rounded(const json::Value& signal, std::string_view key) {
  if (!signal.at(key)) return "";
  const double value = signal.number_or(key, 0);
  const double shown = std::abs(value) < 10 ? std::round(10 * value) / 10 : std::round(value);
  json::Writer out;
  return out.number(shown).take();
}

}  // namespace

Labels alert_labels(const Story& story, Severity severity) {
  Labels labels;
  add(labels, "alertname", alert_name(story));
  add(labels, "brand", story.brand);
  add(labels, "incident", story.incident);
  add(labels, "rule", story.kind);
  add(labels, "severity", to_text(severity));
  return labels;
}

Labels alert_annotations(const Story& story, const Outgoing& out) {
  Labels annotations;
  add(annotations, "summary", story.title);
  add(annotations, "description", concat(story.lead, story.since.empty() ? "" : " · ", story.since));
  add(annotations, "changed", story.changed);
  add(annotations, "next_step", story.next);
  add(annotations, "reference", story.reference);
  if (const auto document = json::parse(out.notification.document)) {
    const json::Value root = document->root();
    add(annotations, "observed", rounded(root.at("signal"), "observed"));
    add(annotations, "expected", rounded(root.at("signal"), "expected"));
    add(annotations, "themes", joined(root.at("incident.themes")));
  }
  if (const Story::Link* open = story.link("open")) add(annotations, "dashboard_url", web_link(open->url));
  return annotations;
}

void write_labels(json::Writer& out, const Labels& labels) {
  out.begin_object();
  for (const auto& [name, value] : labels) out.member(name, value);
  out.end_object();
}

Result<void> tells_of_an_alert(const Story& story) {
  if (!story.incident.empty() || story.purpose == "test") return {};
  return fail(ErrorKind::bad_config, concat("a message of the kind \"", story.purpose,
                                            "\" is no alert: lead it to another endpoint, such as the person's mail"));
}

bool is_over(const Story& story) { return story.purpose == "resolved" || story.purpose == "over"; }

std::string generator(const Story& story, const NotifierContext& context) {
  const Story::Link* open = story.link("open");
  const std::string address = open ? web_link(open->url) : "";
  return address.empty() ? context.public_url : address;
}

}  // namespace vigie
