#include "wall/verify_page.h"
#include "wall/method_page.h"

#include <algorithm>

#include "base/json.h"
#include "base/secret.h"
#include "config/names.h"
#include "wall/audits.h"
#include "wall/book.h"
#include "wall/policies.h"
#include "wall/review_page.h"
#include "wall/summary.h"

namespace vigie {
namespace {

constexpr std::size_t kHashDigits = 64;

// What a page of an organisation's own making may link to: a mail address or a page.
std::string link_of(const std::string& contact) {
  if (!safe_link(contact).empty()) return contact;
  const bool mail = contact.find('@') != std::string::npos && contact.find_first_of(" \t\r\n<>\"") == std::string::npos;
  return mail ? concat("mailto:", contact) : "";
}

// One charter told in words.
class Told {
 public:
  Told(const WallView& view, const Wording& words, json::Value charter)
      : view_(view), w_(words), charter_(std::move(charter)) {}

  void write(json::Writer& out) const {
    who(out);
    surveys(out);
    const auto span = [&](std::string_view name) {
      return announced(view_.wording, seconds(charter_.integer_or(name, 0)));
    };
    out.member("control", w_.say(charter_.boolean_or("hold_marked", true) ? "control_before" : "control_after"));
    out.member("decide", w_.say("decide", {{"span", span("decide_within")}}));
    out.member("reply", w_.say("reply", {{"span", span("reply_within")}}));
    out.member("keep", w_.say("keep", {{"span", span("keep")}}));
    out.member("formula", charter_.text_or("formula", ""));
    reasons(out);
  }

 private:
  std::string text(std::string_view name) const { return charter_.text_or(name, ""); }

  void who(json::Writer& out) const {
    const std::string organisation = text("organisation");
    out.member("organisation", organisation.empty() ? view_.brand.name : organisation);
    out.member_if("address", text("address"));
    if (const std::string contact = text("contact"); !contact.empty()) {
      out.key("contact").begin_object().member("text", contact).member_if("href", link_of(contact)).end_object();
    }
    out.member("selection", text("selection").empty() ? w_.say("selection_unsaid") : text("selection"));
  }

  void surveys(json::Writer& out) const {
    const json::Value all = charter_.find("surveys");
    bool rewarded = false;
    out.key("has_surveys").boolean(all.size() > 0).key("surveys").begin_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Value one = all[i];
      const auto span = [&](std::string_view name) {
        return announced(view_.wording, seconds(one.integer_or(name, 0)));
      };
      const std::string incentive = one.text_or("incentive", "none");
      rewarded = rewarded || incentive != "none";
      out.begin_object().member("subject", one.text_or("subject", ""));
      out.member("measure", w_.name("measures", one.text_or("measure", "")));
      out.member("wait", w_.say("wait", {{"span", span("wait")}}));
      out.member("remind", one.integer_or("remind_after", 0) > 0 ? w_.say("remind", {{"span", span("remind_after")}})
                                                                 : w_.say("remind_never"));
      out.member("expires", w_.say("expires", {{"span", span("expires")}}));
      out.member("quarantine", w_.say("quarantine", {{"span", span("quarantine")}}));
      out.member("incentive",
                 incentive == "none" ? w_.say("no_incentive") : w_.say("incentive", {{"what", incentive}}));
      out.end_object();
    }
    out.end_array().key("rewarded").boolean(rewarded);
  }

  void reasons(json::Writer& out) const {
    const json::Value codes = charter_.find("codes");
    out.key("codes").begin_array();
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::string code(codes[i].raw());
      out.begin_object().member("code", code).member("name", view_.wording.name("codes", code));
      out.member("words", w_.name("codes", code)).end_object();
    }
    out.end_array();
  }

  const WallView& view_;
  const Wording& w_;
  const json::Value charter_;
};

void write_versions(json::Writer& out, const WallView& view, const Wording& words, const std::string& current,
                    const std::vector<PolicyVersion>& versions) {
  const bool logged = !versions.empty() && versions.back().charter == current;
  if (!logged) out.member("not_logged", words.say("not_logged"));
  out.key("has_versions").boolean(!versions.empty()).key("versions").begin_array();
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    const std::string page = concat(view.below("method"), "&version=", version->charter);
    out.begin_object().member("date", view.wording.date(version->from)).member("iso", format_rfc3339(version->from));
    out.member("entry", view.wording.say("entry", {{"number", view.wording.number(version->leaf)}}));
    out.member("hash", version->charter).member("href", page).member("text", concat(page, "&format=json"));
    out.key("current").boolean(version->charter == current).end_object();
  }
  out.end_array();
}

void write_links(json::Writer& out, const WallView& view, const Wording& words) {
  const std::string log = concat("/wall/", view.brand.id, "/log/");
  out.member("checkpoint", concat(log, "checkpoint")).member("vkey", concat(log, "vkey"));
  out.member("items", concat(log, "items.json")).member("verify", view.below("verify"));
  const std::string log_address = concat("/wall/", view.brand.id, "/log");
  out.member("command", concat("vigie verify ", view.absolute(log_address), as_of(view.own_time, view.now)));
  std::vector<std::string> sources;
  for (const SourceSettings& source : view.settings.sources) {
    if (source.wall && (source.brand.empty() || source.brand == view.brand.id)) sources.push_back(source_name(view.settings, source.id));
  }
  std::string names;
  for (const std::string& source : sources) names += concat(names.empty() ? "" : ", ", source);
  if (!names.empty()) out.member("sources", words.say("sources", {{"names", names}}));
}

Frame frame_of(const WallView& view, const Wording& words, const MethodAddress& address) {
  const auto in = [&](std::string_view language) {
    const std::string version = address.version.empty() ? "" : concat("&version=", address.version);
    return view.absolute(concat(below_wall(view.brand.id, "method", language), version));
  };
  Frame frame;
  frame.title = words.say("title", {{"brand", view.brand.name}});
  frame.canonical = in(view.wording.language());
  frame.languages = in_each_language(in);
  frame.indexed = address.version.empty();
  return frame;
}

}  // namespace

MethodAddress read_method_address(const ServerRequest& request) {
  MethodAddress address;
  const std::string_view version = request.param("version");
  const bool hash = version.size() == kHashDigits &&
                    std::all_of(version.begin(), version.end(), [](char c) { return hex_digit(c) >= 0; });
  if (hash) address.version = ascii_lower(version);
  address.json = request.param("format") == "json";
  return address;
}

Result<std::string> charter_text(const Settings& settings, const BrandSettings& brand, const MethodAddress& address,
                                 Store& store) {
  const std::string current = charter(settings, brand.id);
  if (address.version.empty() || address.version == to_hex(sha256(current))) return current;
  TRY(const std::vector<PolicyVersion> versions, policies_of(store, brand.id));
  const bool ours = std::any_of(versions.begin(), versions.end(),
                                [&](const PolicyVersion& version) { return version.charter == address.version; });
  if (!ours) return "";
  return charter_of(store, address.version);
}

Result<Page> method_page(const WallView& view, const MethodAddress& address, Store& store) {
  TRY(const std::string text, charter_text(view.settings, view.brand, address, store));
  if (text.empty()) {
    TRY(std::string html, message_page("not_found_title", "not_found", view.wording));
    return Page{404, std::move(html)};
  }
  TRY(const Wording words, Wording::load("method", view.wording.language()));
  TRY(const json::Document document, json::parse(text));
  TRY(const std::vector<PolicyVersion> versions, policies_of(store, view.brand.id));
  const std::string current = to_hex(sha256(charter(view.settings, view.brand.id)));
  const std::string shown = to_hex(sha256(text));

  json::Writer data;
  data.begin_object().key("t").value(words.catalogue());
  data.member("heading", words.say("heading", {{"brand", view.brand.name}})).member("wall", view.plain().text());
  data.member("brand", view.brand.name).member("colon", view.wording.say("colon"));
  if (shown != current) data.member("earlier", words.say("earlier")).member("now", view.below("method"));
  Told(view, words, document.root()).write(data);
  write_links(data, view, words);
  TRY(write_audits(data, view, words, store));
  write_versions(data, view, words, current, versions);
  data.member("hash", shown);
  data.member("json", concat(view.below("method"), "&version=", shown, "&format=json")).end_object();
  TRY(const std::string body, fill_template("wall/assets/method.mustache", data));
  TRY(std::string html, framed(frame_of(view, words, address), body, view.wording));
  return Page{200, std::move(html)};
}

}  // namespace vigie
