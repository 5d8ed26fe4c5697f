// docs/reference.md, from the declarations that the reader checks by: the two cannot disagree.

#include "config/endpoint_kinds.h"
#include "config/options.h"
#include "config/settings.h"

namespace vigie {
namespace {

std::string_view written_as(config::Type type) {
  switch (type) {
    case config::Type::text: return "text";
    case config::Type::integer: return "whole number";
    case config::Type::number: return "number";
    case config::Type::boolean: return "true or false";
    case config::Type::duration: return "duration";
    case config::Type::url: return "http or https URL";
    case config::Type::host: return "host name";
    case config::Type::address: return "host:port";
    case config::Type::file: return "path";
    case config::Type::id: return "id";
    case config::Type::list: return "list";
    case config::Type::secret: return "secret";
  }
  return "";
}

std::string default_of(const config::Field& field) {
  if (!field.fallback) return "required";
  if (*field.fallback == '\0') return "none";
  return concat("`", field.fallback, "`");
}

// "en|fr" -> " (en, fr)"; a range as it stands. A bar would end the table's cell.
std::string allowed_of(const config::Field& field) {
  if (field.allowed.empty()) return "";
  std::string words;
  for (const char c : field.allowed) {
    if (c == '|') {
      words += ", ";
    } else {
      words += c;
    }
  }
  return concat(" (", words, ")");
}

std::string heading(const config::Section& section) {
  if (section.name.empty()) return "Top of the file";
  return section.repeated ? concat("`[[", section.name, "]]`") : concat("`[", section.name, "]`");
}

std::string keys_of(const config::EndpointKind& kind, config::EndpointKey::Need need) {
  std::string keys;
  const auto add = [&](const std::string& name, const config::EndpointKey& key) {
    if (key.need == need) keys += concat(keys.empty() ? "" : "; ", "`", name, "`, ", key.what);
  };
  for (const std::string_view name : config::kEndpointKeys) add(std::string(name), config::key_of(kind, name));
  for (const config::EndpointSecret& secret : kind.secrets) add(concat("secrets.", secret.name), secret.key);
  return keys.empty() ? "-" : keys;
}

std::string endpoint_kinds_table() {
  std::string table =
      "\nWhat each kind asks for (docs/channels.md tells how each is set up):\n\n"
      "| kind | what it is | asks for | may have |\n| --- | --- | --- | --- |\n";
  for (const config::EndpointKind& kind : config::endpoint_kinds()) {
    table += concat("| `", kind.name, "` | ", kind.about, " | ", keys_of(kind, config::EndpointKey::Need::must), " | ",
                    keys_of(kind, config::EndpointKey::Need::may), " |\n");
  }
  return table;
}

}  // namespace

std::string settings_reference() {
  std::string page =
      "# Configuration reference\n\n"
      "Every option of `vigie.toml`. `vigie check` tells every mistake in it at once, with its place.\n\n"
      "An id is made of a-z, 0-9 and `-`. A duration is written `90s`, `15m`, `2h`, `7d` or `1h30m`. A secret never "
      "stands in the file:\n"
      "it is a table `{ env = \"NAME\" }` or `{ file = \"PATH\" }`. Paths are relative to the folder vigie is started "
      "in.\n";
  for (const config::Section& section : config::sections()) {
    page += concat("\n## ", heading(section), "\n\n", section.about,
                   "\n\n| option | written as | default | meaning |\n| --- | --- | --- | --- |\n");
    for (const config::Field& field : section.fields) {
      page += concat("| `", field.name, "` | ", written_as(field.type), allowed_of(field), " | ", default_of(field),
                     " | ", field.help, " |\n");
    }
    if (section.name == "endpoint") page += endpoint_kinds_table();
  }
  return page;
}

}  // namespace vigie
