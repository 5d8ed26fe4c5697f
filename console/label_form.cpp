#include "console/label_form.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace vigie {
namespace {

constexpr std::string_view kIncidents = "/incidents/", kMentions = "/mentions/", kLabel = "/label";
constexpr std::size_t kLongestAddress = 2000;
constexpr std::string_view kBy = "console";  // one operator signs in: there are no names to tell apart

// An address of ours comes back with the form; anything else in it would make the console a signpost to other sites.
bool is_own(std::string_view address) {
  const auto plain = [](char c) { return c > ' ' && c < 127 && c != '\\' && c != '#'; };
  return address.size() <= kLongestAddress && (address.starts_with("/?") || address.starts_with(kIncidents)) &&
         std::all_of(address.begin(), address.end(), plain);
}

void write_choice(json::Writer& out, std::string_view value, std::string_view name) {
  out.begin_object().member("value", value).member("name", name).end_object();
}

}  // namespace

std::string own_address(const ServerRequest& request) {
  std::string address = "/";
  if (request.path.starts_with(kIncidents))
    address = concat(kIncidents, url_encode(request.path.substr(kIncidents.size())));
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    address += separator;
    address += concat(url_encode(name), "=", url_encode(value));
    separator = '&';
  }
  return address;
}

void write_label_form(json::Writer& out, const StoredMention& stored, const ConsoleView& view) {
  const Wording& w = view.wording;
  const Judgement& judgement = stored.judgement;
  const bool human = judgement.human.has_value();
  out.key("label_form").begin_object();
  out.member("action", concat(kMentions, std::to_string(stored.seq), kLabel)).member("back", own_address(view.request));
  out.member("heading", w.say(human ? "label_form.again" : "label_form.heading"));
  out.key("choices").begin_array();
  for (const Label label : {Label::negative, Label::neutral, Label::positive}) {
    if (judgement.human == label) continue;
    const std::string name = w.name("labels", to_text(label));
    const bool confirms = !human && label == judgement.label;
    write_choice(out, to_text(label), confirms ? w.say("label_form.confirm", {{"label", name}}) : name);
  }
  if (human) write_choice(out, "none", w.say("label_form.take_back"));
  out.end_array().end_object();
}

std::optional<std::int64_t> label_form_of(std::string_view path) {
  if (!path.starts_with(kMentions) || !path.ends_with(kLabel)) return std::nullopt;
  if (path.size() <= kMentions.size() + kLabel.size()) return std::nullopt;
  path = path.substr(kMentions.size(), path.size() - kMentions.size() - kLabel.size());
  std::int64_t seq = 0;
  const auto read = std::from_chars(path.data(), path.data() + path.size(), seq);
  if (read.ec != std::errc() || read.ptr != path.data() + path.size() || seq <= 0) return std::nullopt;
  return seq;
}

Result<std::string> take_label(const ServerRequest& request, std::int64_t seq, Store& store, Time now) {
  const std::string word = request.form("label");
  const std::optional<Label> label = label_from(word);
  if (!label && word != "none") return fail(ErrorKind::bad_data, "label: expected neg, neu, pos or none");
  TRY(store.set_human_label(seq, label, std::string(kBy), now));
  const std::string back = request.form("back");
  return concat(is_own(back) ? back : "/", "#m", std::to_string(seq));
}

}  // namespace vigie
