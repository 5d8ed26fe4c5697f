#include "app/cmd_source.h"

#include <algorithm>
#include <iostream>

#include "app/backends.h"
#include "app/exit.h"
#include "app/load.h"
#include "app/speech.h"
#include "base/embedded.h"
#include "base/log.h"
#include "base/text.h"
#include "base/wording.h"
#include "collectors/coded.h"
#include "collectors/source.h"
#include "console/source_line.h"

namespace vigie {

namespace {

constexpr int kMostRequests = 5;  // a login or an empty page first is no answer yet

std::string path_of(std::string_view id) { return concat("collectors/sources/", id, ".toml"); }

// One line of a definition's table, in its own words; "" when it says nothing of it.
std::string said(const config::Node& table, std::string_view key) {
  const config::Node value = table.child(key);
  return value && value.is_text() ? value.own_text() : "";
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t length = count_code_points(text);
  text.append(length < width ? width - length : 1, ' ');
  return text;
}

std::string asks_for(const Kinds::Definition& needs) {
  std::string words;
  for (const std::string& param : needs.params) words += concat(words.empty() ? "" : " ", param, "=");
  for (const std::string& secret : needs.secrets) words += concat(words.empty() ? "" : " ", "secrets.", secret);
  return words;
}

void list_kinds(std::ostream& out) {
  const auto line = [&out](std::string id, std::string kind, std::string grade, std::string asks,
                           std::string_view access) {
    out << padded(std::move(id), 22) << padded(std::move(kind), 9) << padded(std::move(grade), 17)
        << padded(std::move(asks), 34) << access << "\n";
  };
  line("ID", "KIND", "GRADE", "ASKS FOR (? = optional)", "ACCESS");
  line("feed", "article", "seen", "url=", "open: RSS, Atom and JSON Feed");
  line("file", "any", "seen", "url=", "a JSONL or CSV file of this machine");
  for (const CodedKind& kind : coded_kinds()) {
    line(std::string(kind.id), std::string(kind.brings), std::string(kind.grade), asks_for({kind.params, kind.secrets}),
         std::string(kind.about));
  }
  for (const std::string& id : definition_ids()) {
    const config::Tree tree = config::Tree::parse(embedded(path_of(id)).value_or(""), path_of(id));
    const config::Node source = tree.root().child("source");
    const std::string off = source.boolean("enabled", true) ? "" : ", off";
    line(id, said(source, "kind"), concat(said(source, "grade"), off), asks_for(definition_needs(id)),
         said(source, "access"));
  }
}

Result<void> list_configured(const std::string& config, const Clock& clock, std::ostream& out) {
  TRY(const Settings settings, load_settings(config));
  TRY(const std::unique_ptr<Store> store, open_store(settings));
  TRY(const std::vector<SourceHealth> healths, store->sources());
  TRY(const Wording wording, Wording::load("console", speech_of_terminal()));
  for (const SourceSettings& source : settings.sources) {
    const auto known =
        std::find_if(healths.begin(), healths.end(), [&](const SourceHealth& h) { return h.source == source.id; });
    const SourceHealth health = known == healths.end() ? SourceHealth{} : *known;
    out << padded(source.id, 22) << padded(source.kind, 20) << source_line(health, wording, clock.now()) << "\n";
  }
  return {};
}

// A table of the definition as its lines, indented.
void show_table(const config::Node& table, std::string_view indent, std::ostream& out) {
  for (const std::string& key : table.keys()) {
    const config::Node value = table.child(key);
    if (value.is_table()) {
      out << indent << key << "\n";
      show_table(value, concat(indent, "  "), out);
    } else if (value.is_text()) {
      out << indent << key << " = " << value.own_text() << "\n";
    } else if (value.is_integer()) {
      out << indent << key << " = " << value.own_integer() << "\n";
    } else if (value.is_array()) {
      out << indent << key << " =";
      for (const config::Node& element : table.elements(key)) {
        if (element.is_text()) out << " " << element.own_text();
        if (element.is_integer()) out << " " << element.own_integer();
      }
      out << "\n";
    } else {
      out << indent << key << " = " << (table.boolean(key, false) ? "yes" : "no") << "\n";
    }
  }
}

struct Part {
  std::string_view table, heading;
};
constexpr Part kParts[] = {
    {"request", "What it asks"},    {"auth", "How it shows who asks"},
    {"page", "How it turns pages"}, {"since", "How it knows what is new"},
    {"limits", "How fast"},         {"recheck", "How it looks for edits and deletions"},
    {"terms", "What may be kept"},
};

Result<SourceSettings> settings_of(const SourceTry& asked, HttpSettings& http) {
  SourceSettings source;
  if (!asked.config.empty()) {
    TRY(Settings settings, load_settings(asked.config));
    http = std::move(settings.http);
    for (SourceSettings& configured : settings.sources) {
      if (configured.id == asked.what) return std::move(configured);
    }
  }
  const bool address = asked.what.starts_with("http://") || asked.what.starts_with("https://");
  source.id = "try";
  source.kind = address ? "feed" : asked.what;
  source.params = asked.params;
  source.secrets = asked.secrets;
  source.url = address ? asked.what : "";
  if (const auto url = source.params.find("url");
      url != source.params.end() && (source.kind == "feed" || source.kind == "file")) {
    source.url = url->second;
    source.params.erase(url);
  }
  return source;
}

Result<Batch> ask_once(const OpenedSource& opened, HttpClient& http, const Clock& clock) {
  if (opened.local) return opened.local->read({}, clock.now());
  Cursor cursor;
  Batch batch;
  for (int i = 0; i < kMostRequests; ++i) {
    TRY(const std::optional<HttpRequest> request, opened.http->next(cursor, clock.now()));
    if (!request) return batch;
    TRY(const HttpReply reply, fetch(http, *request));
    TRY(batch, opened.http->read(reply, cursor, clock.now()));
    if (!batch.more || !batch.mentions.empty() || !batch.rejected.empty()) return batch;
    cursor = batch.next;
  }
  return batch;
}

}  // namespace

int cmd_source_list(const std::string& config, const Clock& clock, std::ostream& out, std::ostream& err) {
  if (config.empty()) {
    list_kinds(out);
    return kDone;
  }
  if (const Result<void> listed = list_configured(config, clock, out); !listed) {
    err << listed.error().what << "\n";
    return exit_status(listed.error());
  }
  return kDone;
}

int cmd_source_show(const std::string& id, std::ostream& out, std::ostream& err) {
  const auto bytes = embedded(path_of(id));
  if (!bytes && !id.ends_with(".toml")) {
    const std::vector<std::string> ids = definition_ids();
    const std::string_view near = nearest(id, std::vector<std::string_view>(ids.begin(), ids.end()));
    err << "vigie source show: no definition named \"" << id << "\""
        << (near.empty() ? "" : concat("; did you mean \"", near, "\"?")) << "; `vigie source list` names them\n";
    return kBadInput;
  }
  const config::Tree tree = bytes ? config::Tree::parse(*bytes, path_of(id)) : config::Tree::load(id);
  if (!tree.problems().empty()) {
    err << tree.problems().front().text() << "\n";
    return kBadInput;
  }
  const config::Node source = tree.root().child("source");
  out << said(source, "name") << " (" << said(source, "id") << "): each a " << said(source, "kind") << "\n";
  if (!said(source, "grade").empty()) out << "grade   " << said(source, "grade") << "\n";
  if (!said(source, "access").empty()) out << "access  " << said(source, "access") << "\n";
  out << "\nIn vigie.toml\n  [[source]]\n  id = \"my-" << said(source, "id") << "\"\n  kind = \"" << id << "\"\n";
  const config::Node params = source.child("params");
  for (const std::string& name : params.keys()) {
    const std::string type = said(params, name);
    out << "  " << name << " = \"...\"   # "
        << (type.ends_with('?') ? concat(type.substr(0, type.size() - 1), ", may be left out") : type) << "\n";
  }
  for (const config::Node& secret : source.elements("secrets")) {
    const std::string name = secret.own_text();
    const bool optional = name.ends_with('?');
    out << "  secrets." << name.substr(0, name.size() - (optional ? 1 : 0)) << " = { env = \"NAME\" }"
        << (optional ? "   # may be left out" : "") << "\n";
  }
  for (const Part& part : kParts) {
    const config::Node table = tree.root().child(part.table);
    if (!table) continue;
    out << "\n" << part.heading << "\n";
    show_table(table, "  ", out);
  }
  return kDone;
}

int try_source(const SourceTry& asked, HttpClient& http, const Clock& clock, std::ostream& out, std::ostream& err) {
  HttpSettings ignored;
  const Result<SourceSettings> settings = settings_of(asked, ignored);
  const Result<OpenedSource> opened = settings ? open_source(*settings) : Result<OpenedSource>(fail(settings.error()));
  if (!opened) {
    err << "vigie source try: " << opened.error().what << "\n";
    return kBadInput;
  }
  Result<Batch> batch = ask_once(*opened, http, clock);
  if (!batch) {
    err << "vigie source try: " << log::redact(batch.error().what) << "\n";
    return kAnswerIsNo;
  }
  for (Mention& mention : batch->mentions) {
    if (mention.source.empty()) mention.source = settings->id;
    out << to_json(mention) << "\n";
  }
  for (const Rejected& rejected : batch->rejected) err << "rejected: " << rejected.reason << "\n";
  err << batch->mentions.size() << " mentions, " << batch->rejected.size() << " rejected"
      << (batch->more ? ", another page waits" : "") << "; nothing was stored\n";
  return kDone;
}

int cmd_source_try(const SourceTry& asked, const Clock& clock, std::ostream& out, std::ostream& err) {
  HttpSettings settings;
  if (const auto source = settings_of(asked, settings); !source) {
    err << source.error().what << "\n";
    return kBadInput;
  }
  for (const auto& [name, secret] : asked.secrets) log::add_secret(secret);
  Settings all;
  all.http = std::move(settings);
  HttpOptions options = http_options(all);
  options.allow_private.insert(options.allow_private.end(), asked.allow_private.begin(), asked.allow_private.end());
  Metrics metrics;
  const std::unique_ptr<HttpClient> http = make_http_client(std::move(options), clock, metrics);
  return try_source(asked, *http, clock, out, err);
}

}  // namespace vigie
