#include "config/endpoint_settings.h"

#include <algorithm>

#include "base/json.h"
#include "base/secret.h"
#include "base/template.h"
#include "base/text.h"
#include "base/whole_file.h"
#include "config/endpoint_kinds.h"
#include "config/forms.h"

namespace vigie {
namespace {

using config::EndpointKey, config::EndpointKind, config::EndpointSecret;
using config::Node, config::Options, config::quoted;
using Need = config::EndpointKey::Need;

constexpr std::string_view kReference = R"(a table { env = "NAME" } or { file = "PATH" })";
constexpr std::size_t kTemplateBytes = 64u << 10;

bool alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: 24 to 64 random bytes.
bool is_webhook_secret(std::string_view text) {
  constexpr std::string_view kPrefix = "whsec_";
  if (!text.starts_with(kPrefix)) return false;
  const Result<std::string> key = from_base64(text.substr(kPrefix.size()));
  return key && key->size() >= 24 && key->size() <= 64;
}

bool is_phone(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_topic(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return c == '-' || c == '_' || alphanumeric({&c, 1});
  });
}

bool is_subscription(std::string_view text) {
  const Result<json::Document> parsed = json::parse(text, 4);
  if (!parsed) return false;
  const json::Value root = parsed->root();
  const Result<std::string> key = from_base64(root.text_or("keys.p256dh", ""));
  const Result<std::string> auth = from_base64(root.text_or("keys.auth", ""));
  return key && key->size() == 65 && key->front() == '\x04' && auth && auth->size() == 16 &&
         config::expected_form(config::Type::url, root.text_or("endpoint", "")).empty();
}

bool is_curve_key(std::string_view text) {
  const Result<std::string> bytes = from_base64(text);
  return text.starts_with("-----BEGIN ") || (bytes && bytes->size() == 32);
}

// What a value must look like beyond being there.
struct Form {
  std::string_view kind, key;
  bool (*fits)(std::string_view text);
  std::string_view expected;
};

constexpr Form kForms[] = {
    {"email", "to", config::is_mail_address, "a mail address"},
    {"email", "reply_to", config::is_mail_address, "a mail address"},
    {"webhook", "secret", is_webhook_secret, "whsec_ followed by 24 to 64 bytes in base64"},
    {"webhook", "old_secrets", is_webhook_secret, "whsec_ followed by 24 to 64 bytes in base64"},
    {"telegram", "to",
     [](std::string_view to) {
       if (to.starts_with('@')) return to.size() > 1;
       to.remove_prefix(to.starts_with('-') ? 1 : 0);
       // Behind a colon: the topic of a group.
       return !to.empty() && to.front() != ':' && to.find_first_not_of("0123456789:") == std::string_view::npos;
     },
     "a chat's id such as \"-1001234567890\", or \"@channel\""},
    {"matrix", "to", [](std::string_view to) { return to.starts_with('!') && to.size() > 1; },
     "a room's id such as \"!abc:example.org\" (its settings show it under Advanced)"},
    {"ntfy", "to", is_topic, "a topic of letters, digits, - and _, at most 64 long"},
    {"pagerduty", "secret", [](std::string_view key) { return key.size() == 32 && alphanumeric(key); },
     "32 letters and digits"},
    {"pushover", "to", [](std::string_view to) { return to.size() == 30 && alphanumeric(to); },
     "a key of 30 letters and digits"},
    {"webpush", "from", config::is_mail_address, "a mail address"},
    {"webpush", "subscription", is_subscription,
     R"(a subscription such as {"endpoint":"https://...","keys":{"p256dh":"...","auth":"..."}})"},
    {"webpush", "vapid", is_curve_key, "a private key in PEM, or its 32 bytes in base64url"},
    {"ovh", "to", is_phone, "a number such as \"+33612345678\""},
    {"ovh", "from", [](std::string_view from) { return from.size() <= 11 && alphanumeric(from); },
     "at most 11 letters and digits"},
    {"ovh", "account", is_topic, "the name of an SMS service, such as \"sms-ab12345-1\""},
    {"twilio", "to", is_phone, "a number such as \"+33612345678\""},
    {"twilio", "account",
     [](std::string_view sid) { return sid.size() == 34 && sid.starts_with("AC") && alphanumeric(sid); },
     "AC and 32 characters"},
};

class Reader {
 public:
  Reader(const Options& options, const EndpointKind& kind) : options_(options), node_(options.node()), kind_(kind) {}

  void read(EndpointSettings& endpoint, bool mail) const {
    endpoint.url = url();
    endpoint.to = text("to");
    endpoint.account = text("account");
    endpoint.from = text("from");
    // A mail's sender is the server's affair ([mail]); of an endpoint only where answers go is its own.
    if (const std::string answers = text("reply_to"); !answers.empty()) endpoint.from = answers;
    endpoint.secret = secret();
    endpoint.old_secrets = old_secrets();
    endpoint.folder = text("folder");
    secrets(endpoint);
    endpoint.template_file = words();
    together(endpoint, mail);
  }

 private:
  bool has(std::string_view key) const { return options_.has(key); }
  std::string asks_for(std::string_view what) const {
    return concat("found nothing: kind ", quoted(kind_.name), " asks for ", what);
  }

  // Whether the key is there and may be; a Problem for one that this kind has no use for, or that it lacks.
  bool wanted(std::string_view key, std::string_view expected) const {
    const EndpointKey declared = config::key_of(kind_, key);
    if (has(key) && declared.need == Need::no) {
      unused(key);
      return false;
    }
    if (!has(key) && declared.need == Need::must)
      node_.child(key).problem(concat("expected ", expected, ", ", asks_for(declared.what)));
    return has(key);
  }

  void unused(std::string_view key) const {
    node_.child(key).problem(concat("expected no ", key, " for kind ", quoted(kind_.name), ", found one"));
  }

  std::string text(std::string_view key) const {
    if (!wanted(key, "text")) return "";
    const std::string value = options_.text(key);
    if (!node_.child(key).is_text() || form_fits(node_.child(key), key, value, true)) return value;
    return "";
  }

  // Text, or a reference when the address itself is a secret: it is then not shown.
  std::string url() const {
    if (!wanted("url", "text")) return "";
    const Node url = node_.child("url");
    std::string value = url.is_table() ? node_.secret("url") : url.own_text();
    if (value.empty() && !url.is_text()) return "";
    const std::string form = config::expected_form(config::Type::url, value);
    if (form.empty()) return value;
    url.problem(concat("expected ", form, ", found ",
                       url.is_table() ? "another text" : config::shown(config::Type::url, value)));
    return "";
  }

  std::string secret() const {
    if (!wanted("secret", kReference)) return "";
    std::string value = options_.secret("secret");
    form_fits(node_.child("secret"), "secret", value, false);
    return value;
  }

  std::vector<std::string> old_secrets() const {
    std::vector<std::string> found;
    if (has("old_secrets") && !kind_.old_secrets) {
      unused("old_secrets");
      return found;
    }
    for (const Node& element : node_.elements("old_secrets")) {
      std::string value = element.own_secret();
      if (!value.empty() && form_fits(element, "old_secrets", value, false)) found.push_back(std::move(value));
    }
    return found;
  }

  void secrets(EndpointSettings& endpoint) const {
    const Node table = node_.child("secrets");
    if (table && !table.is_table()) {
      table.problem("expected a table of secrets, found something else");
      return;
    }
    if (table && kind_.secrets.empty()) {
      unused("secrets");
      return;
    }
    std::vector<std::string_view> names;
    for (const auto& [name, key] : kind_.secrets) {
      names.push_back(name);
      const Node at = table ? table.child(name) : node_.child(concat("secrets.", name));
      if (!at && key.need == Need::must) at.problem(concat("expected ", kReference, ", ", asks_for(key.what)));
      if (std::string value = table.secret(name); !value.empty() && form_fits(at, name, value, false))
        endpoint.secrets.emplace(name, std::move(value));
    }
    table.only(names);
  }

  // A path. What stands there is read again for every message: here it shall be well formed.
  std::string words() const {
    if (has("template") && !kind_.own_words) {
      unused("template");
      return "";
    }
    std::string path = options_.text("template");
    if (path.empty()) return path;
    const Result<std::string> source = read_whole(path, kTemplateBytes);
    if (!source) {
      node_.child("template")
          .problem(concat("expected a file of at most 64 KiB, found ", source.error().what, ": ", config::quoted(path)));
    } else if (const auto rendered = render(*source, json::Value(), Escape::text); !rendered) {
      node_.child("template").problem(concat("expected a template, found a mistake in it: ", rendered.error().what));
    }
    return path;
  }

  bool form_fits(const Node& at, std::string_view key, std::string_view value, bool shown) const {
    if (value.empty()) return true;  // told already
    for (const Form& form : kForms) {
      if (form.kind != kind_.name || form.key != key || form.fits(value)) continue;
      at.problem(concat("expected ", form.expected, ", found ", shown ? config::quoted(value) : "another text"));
      return false;
    }
    return true;
  }

  // What one key alone does not tell.
  void together(const EndpointSettings& endpoint, bool mail) const {
    if (endpoint.kind == "email" && !mail)
      node_.child("kind").problem("expected a [mail] table that names the mail server, found none");
    if (endpoint.kind == "slack") slack();
    if (endpoint.kind == "alertmanager" && has("account") != has("secret")) {
      const std::string_view absent = has("account") ? "secret" : "account";
      node_.child(absent).problem(concat("expected account and secret together, found no ", absent));
    }
  }

  void slack() const {
    if (!has("secret") && !has("url"))
      node_.child("url").problem(
          "expected url (an incoming webhook), or secret and to (a bot's token and a channel), found neither");
    if (has("secret") && !has("to"))
      node_.child("to").problem(concat("expected text, ", asks_for("the channel's id beside the bot's token")));
    if (has("to") && !has("secret"))
      node_.child("to").problem("expected no to beside url alone, found one: a webhook has its own channel");
  }

  const Options& options_;
  const Node& node_;
  const EndpointKind& kind_;
};

std::string all_kinds() {
  std::string choice;
  for (const EndpointKind& kind : config::endpoint_kinds()) {
    const bool last = &kind == &config::endpoint_kinds().back();
    choice += concat(choice.empty() ? "" : last ? " or " : ", ", "\"", kind.name, "\"");
  }
  return choice;
}

const EndpointKind* kind_of(const Node& node, std::string_view written) {
  if (written.empty()) return nullptr;  // told already
  const EndpointKind* kind = config::endpoint_kind(written);
  if (kind) return kind;
  std::vector<std::string_view> known;
  for (const EndpointKind& one : config::endpoint_kinds()) known.push_back(one.name);
  node.problem(config::unknown_name(all_kinds(), written, known));
  return nullptr;
}

}  // namespace

EndpointSettings read_endpoint(const Options& options, bool mail) {
  EndpointSettings endpoint;
  options.only_declared();
  endpoint.kind = options.text("kind");
  endpoint.quotes = options.boolean("quotes");
  const EndpointKind* kind = kind_of(options.node().child("kind"), endpoint.kind);
  if (kind) Reader(options, *kind).read(endpoint, mail);
  return endpoint;
}

void check_fallbacks(const std::vector<Node>& nodes, const std::vector<EndpointSettings>& endpoints) {
  const auto next = [&](const std::string& id) -> std::string {
    const auto found = std::find_if(endpoints.begin(), endpoints.end(),
                                    [&](const EndpointSettings& endpoint) { return endpoint.id == id; });
    return found == endpoints.end() ? "" : found->fallback;
  };
  for (std::size_t i = 0; i < nodes.size() && i < endpoints.size(); ++i) {
    std::string at = endpoints[i].fallback;
    for (std::size_t steps = 0; !at.empty() && at != endpoints[i].id && steps < endpoints.size(); ++steps)
      at = next(at);
    if (!at.empty() && at == endpoints[i].id)
      nodes[i]
          .child("fallback")
          .problem("expected an endpoint that does not lead back here, found one that does: nobody would be told");
  }
}

}  // namespace vigie
