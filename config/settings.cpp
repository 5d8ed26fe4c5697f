// vigie.toml, section by section: first what is declared twice or refers to nothing, then what each kind needs.

#include "config/settings.h"

#include <algorithm>
#include <set>

#include "base/ip_range.h"
#include "base/text.h"
#include "base/zone.h"
#include "config/alerting_settings.h"
#include "config/endpoint_settings.h"
#include "config/forms.h"
#include "config/options.h"
#include "config/rule_settings.h"
#include "config/wall_settings.h"

namespace vigie {
namespace {

using config::Node;
using config::Options;
using config::quoted;

constexpr std::string_view kReference = R"(expected a table { env = "NAME" } or { file = "PATH" })";

std::string default_query(std::string_view name) {
  std::string phrase = "\"";
  for (const char c : name) phrase += c == '"' || c == '*' ? ' ' : c;
  return phrase + "\"";
}

class Reader {
 public:
  Reader(Node root, const Kinds& kinds) : root_(std::move(root)), kinds_(kinds) {}

  Settings read() {
    top();
    mail();
    serve();
    http();
    detect();
    themes();
    settings_.second_stage = second_stage();
    for (const Node& node : repeated("brand", true)) brand(node);
    for (const Node& node : repeated("source", true)) source(node);
    for (const Node& node : repeated("person", false)) person(node);
    for (const Node& node : repeated("endpoint", false)) endpoint(node);
    fallbacks();
    rules();
    read_alerting(root_, theme_ids(), settings_);
    read_wall(root_, settings_);
    return std::move(settings_);
  }

  SecondStageSettings second_stage() const {
    const Options options = table("second_stage");
    SecondStageSettings stage;
    stage.on = options.node().is_table();
    if (!stage.on) return stage;
    stage.model = options.text("model");
    stage.tokenizer = options.text("tokenizer");
    stage.runtime = options.text("runtime");
    stage.name = options.text("name");
    stage.labels = labels(options);
    stage.languages = options.list("languages");
    stage.below = options.number("below");
    stage.share = options.number("share");
    stage.weight = options.number("weight");
    stage.budget = options.duration("budget");
    if (stage.budget <= Duration::zero() || stage.budget > kLongestBudget)
      options.node().child("budget").problem("expected more than nothing and at most \"1m\": mentions wait for it");
    stage.batch = options.integer("batch");
    stage.max_tokens = options.integer("max_tokens");
    return stage;
  }

 private:
  static constexpr Duration kLongestBudget = minutes(1);

  static std::vector<Label> labels(const Options& options) {
    std::vector<Label> labels;
    const std::vector<std::string> written = options.list("labels");
    for (const std::string& name : written) {
      if (const std::optional<Label> label = label_from(name)) labels.push_back(*label);
    }
    const auto named = [&](Label label) { return std::find(labels.begin(), labels.end(), label) != labels.end(); };
    if (!written.empty() && labels.size() < written.size()) {
      options.node().child("labels").problem(R"(expected each to be "neg", "neu" or "pos", found another word)");
    } else if (!written.empty() && (!named(Label::negative) || !named(Label::positive))) {
      options.node().child("labels").problem(R"(expected "neg" and "pos" among them, found only one side)");
    }
    return labels;
  }

  Options table(std::string_view name) const {
    const Node node = root_.child(name);
    if (node && !node.is_table())
      node.problem(concat("expected one table headed [", name, "], found ", node.is_array() ? "list" : "a value"));
    Options options(node.is_table() ? node : Node(), config::section(name));
    options.only_declared();
    return options;
  }

  void detect() {
    const Options options = table("detect");
    settings_.detect.budget = options.number("budget");
    settings_.detect.shadow = options.boolean("shadow");
    settings_.detect.small = options.boolean("small");
  }

  std::vector<std::string> theme_ids() const {
    return kinds_.theme_ids ? kinds_.theme_ids(settings_.theme_files) : std::vector<std::string>{};
  }

  void rules() {
    const std::vector<std::string> themes = theme_ids();
    std::map<std::string, std::size_t> ids;
    for (const Node& node : repeated("rule", false)) {
      const Options options(node, config::section("rule"));
      const std::string id = new_id(options, "rule", ids, settings_.rules.size());
      RuleSettings rule = read_rule(options, kinds_, themes);
      rule.id = id;
      if (rule.name.empty()) rule.name = id;
      if (node.child("brands").is_array()) rule.brands = references(node, "brands", "brand", brands_);
      settings_.rules.push_back(std::move(rule));
    }
  }

  void themes() {
    const Options options = table("themes");
    settings_.theme_files = options.list("files");
    if (!kinds_.check_themes) return;
    for (const std::string& mistake : kinds_.check_themes(settings_.theme_files)) {
      options.node().child("files").problem(mistake);
    }
  }

  std::vector<Node> repeated(std::string_view name, bool at_least_one) const {
    std::vector<Node> nodes = root_.children(name);
    if (at_least_one && !root_.child(name))
      root_.child(name).problem(concat("expected at least one [[", name, "]], found none"));
    return nodes;
  }

  void top() {
    const Options options(root_, config::section(""));
    std::vector<std::string_view> headings;
    for (const config::Section& section : config::sections()) {
      const bool of_another = section.name.find('.') != std::string_view::npos;
      if (!section.name.empty() && !of_another) headings.push_back(section.name);
    }
    options.only_declared(headings);
    settings_.data = options.text("data");
    settings_.store = options.text("store");
    settings_.bus = options.text("bus");
    settings_.organisation = options.text("organisation");
    const std::string_view store = settings_.store;
    if (!store.empty() && (!store.starts_with("sqlite:") || store == "sqlite:")) {
      root_.child("store").problem(concat("expected \"sqlite:PATH\", found ", quoted(store)));
    }
  }

  // An id nobody of the same section has; "" is not remembered, it has its Problem already.
  std::string new_id(const Options& options, std::string_view section, std::map<std::string, std::size_t>& ids,
                     std::size_t index) {
    std::string id = options.text("id");
    if (id.empty()) return id;
    if (const auto [known, fresh] = ids.emplace(id, index); !fresh) {
      options.node().child("id").problem(concat("expected an id of its own, found ", quoted(id), ", which ", section,
                                                "[", std::to_string(known->second), "] has"));
    }
    return id;
  }

  // The id of another section's table, or "" with a Problem at `node`.
  static std::string reference(const Node& node, const std::string& id, std::string_view section,
                               const std::map<std::string, std::size_t>& ids) {
    if (id.empty() || ids.contains(id)) return id;
    std::vector<std::string_view> known;
    known.reserve(ids.size());
    for (const auto& [name, index] : ids) known.push_back(name);
    const std::string_view article = section.starts_with('e') ? "an" : "a";
    node.problem(config::unknown_name(concat("the id of ", article, " [[", section, "]]"), id, known));
    return "";
  }

  static std::string zone(const Options& options) {
    std::string zone = options.text("time_zone");
    if (zone.empty() || zone_known(zone)) return zone;
    options.node()
        .child("time_zone")
        .problem(concat("expected a time zone such as \"Europe/Paris\", found ", quoted(zone)));
    return "";
  }

  void brand(const Node& node) {
    const Options options(node, config::section("brand"));
    options.only_declared();
    BrandSettings brand;
    brand.id = new_id(options, "brand", brands_, settings_.brands.size());
    brand.name = options.text("name");
    brand.match = options.text("match");
    const bool own_query = !brand.match.empty();
    if (!own_query) brand.match = default_query(brand.name);
    brand.language = options.text("language");
    if (kinds_.check_query && !brand.name.empty()) {
      if (const std::string mistake = kinds_.check_query(brand.match); !mistake.empty()) {
        node.child(own_query ? "match" : "name").problem(concat("expected a brand query, found a mistake: ", mistake));
      }
    }
    settings_.brands.push_back(std::move(brand));
  }

  void source(const Node& node) {
    const Options options(node, config::section("source"));
    SourceSettings source;
    source.id = new_id(options, "source", sources_, settings_.sources.size());
    source.kind = options.text("kind");
    source.brand = reference(node.child("brand"), options.text("brand"), "brand", brands_);
    source.wall = options.boolean("wall");
    every(node, source);
    if (source.kind == "feed") {
      options.only_declared();
      source.url = options.required_text("url", "a feed has an address");
      check_form(node.child("url"), config::Type::url);
    } else if (source.kind == "file") {
      options.only_declared();
      source.url = options.required_text("url", "it is the path of the file");
    } else if (const auto found = kinds_.definitions.find(source.kind); found != kinds_.definitions.end()) {
      shipped(options, found->second, source);
      check_values(node, found->second, source);
    } else if (source.kind.ends_with(".toml")) {
      own_definition(node, source);
    } else if (!source.kind.empty()) {
      unknown_kind(node, source.kind);
    }
    name(options, source);
    settings_.sources.push_back(std::move(source));
  }

  // "Google Play reviews" are told of where reviews stand: Google Play says enough there.
  void name(const Options& options, SourceSettings& source) const {
    constexpr std::string_view kReviews = " reviews";
    source.name = options.text("name");
    const auto definition = kinds_.definitions.find(source.kind);
    if (source.name.empty() && definition != kinds_.definitions.end()) source.name = definition->second.name;
    if (source.name.ends_with(kReviews) && !options.has("name"))
      source.name.resize(source.name.size() - kReviews.size());
    if (source.name.empty()) source.name = source.id;
  }

  // What a name alone does not tell: whether the values fit. Asked only once all that is needed is there.
  void check_values(const Node& node, const Kinds::Definition& asked, const SourceSettings& source) const {
    const auto all_in = [](const std::vector<std::string>& names, const std::map<std::string, std::string>& values) {
      return std::all_of(names.begin(), names.end(),
                         [&](const std::string& name) { return need(name).optional || values.contains(name); });
    };
    if (!kinds_.check_source || !all_in(asked.params, source.params) || !all_in(asked.secrets, source.secrets)) return;
    const std::string mistake = kinds_.check_source(source);
    if (mistake.empty()) return;
    const std::size_t colon = mistake.find(": ");
    node.child(mistake.substr(0, colon)).problem(mistake.substr(colon + 2));
  }

  static void check_form(const Node& node, config::Type type) {
    if (!node.is_text()) return;
    const std::string text = node.own_text();
    if (text.empty()) return;
    if (const std::string form = config::expected_form(type, text); !form.empty()) {
      node.problem(concat("expected ", form, ", found ", config::shown(type, text)));
    }
  }

  void unknown_kind(const Node& node, const std::string& kind) const {
    std::vector<std::string_view> known = {"feed", "file"};
    for (const auto& [id, needs] : kinds_.definitions) known.push_back(id);
    node.child("kind").problem(
        config::unknown_name("\"feed\", \"file\", a shipped network or the path of a .toml file", kind, known));
  }

  static void every(const Node& node, SourceSettings& source) {
    const Node every = node.child("every");
    if (!every) return;
    source.own_pace = true;
    if (!every.is_array()) {
      source.every_min = source.every_max = positive(every);
      return;
    }
    const std::vector<Node> ends = node.elements("every");
    if (ends.size() != 2) {
      every.problem(
          concat(R"(expected one duration or two, such as ["2m", "6h"], found )", std::to_string(ends.size())));
      return;
    }
    source.every_min = positive(ends[0]);
    source.every_max = positive(ends[1]);
    if (source.every_max < source.every_min) every.problem("expected the shorter duration first, found it last");
  }

  static Duration positive(const Node& node) {
    const std::string text = node.own_text();
    const Result<Duration> duration = parse_duration(text);
    if (duration && *duration > Duration::zero() && *duration <= 366 * kDay) return *duration;
    if (node.is_text())
      node.problem(concat(R"(expected a duration above zero and up to a year, such as "15m", found )", quoted(text)));
    return minutes(2);
  }

  // "token?" is an optional name.
  struct Need {
    std::string_view name;
    bool optional;
  };
  static Need need(std::string_view written) {
    return written.ends_with('?') ? Need{written.substr(0, written.size() - 1), true} : Need{written, false};
  }

  // "map.*" asks for a table of texts, nested or not, each a parameter by its dotted name.
  static std::string_view table_name(std::string_view name) {
    return name.ends_with(".*") ? name.substr(0, name.size() - 2) : name;
  }

  static void texts_under(const Node& node, const std::string& path, SourceSettings& source) {
    constexpr int kDeepest = 4;
    if (!node) return;
    if (!node.is_table() || std::count(path.begin(), path.end(), '.') > kDeepest) {
      node.problem("expected a table of texts, found something else");
      return;
    }
    for (const std::string& key : node.keys()) {
      const std::string name = concat(path, ".", key);
      if (node.child(key).is_table())
        texts_under(node.child(key), name, source);
      else if (std::optional<std::string> value = param_value(node, key))
        source.params.emplace(name, *std::move(value));
    }
  }

  static void shipped(const Options& options, const Kinds::Definition& definition, SourceSettings& source) {
    const Node& node = options.node();
    std::vector<std::string_view> names, secret_names;
    for (const std::string& param : definition.params) names.push_back(table_name(need(param).name));
    for (const std::string& secret : definition.secrets) secret_names.push_back(need(secret).name);
    options.only_declared(names);
    for (const std::string& param : definition.params) {
      const auto [name, optional] = need(param);
      if (const std::string_view table = table_name(name); table != name) {
        texts_under(node.child(table), std::string(table), source);
        continue;
      }
      if (std::optional<std::string> value = param_value(node, name)) {
        source.params.emplace(name, *std::move(value));
      } else if (!optional && !node.child(name)) {
        node.child(name).problem(concat("expected text, found nothing: kind ", quoted(source.kind), " asks for it"));
      }
    }
    if (options.has("url"))
      node.child("url").problem(concat("expected no url for kind ", quoted(source.kind), ", found one"));
    secrets(node, definition.secrets, source);
    node.child("secrets").only(secret_names);
  }

  static void secrets(const Node& node, const std::vector<std::string>& wanted, SourceSettings& source) {
    const Node table = node.child("secrets");
    if (table && !table.is_table()) {
      table.problem("expected a table of secrets, found something else");
      return;
    }
    for (const std::string& written : wanted) {
      const auto [name, optional] = need(written);
      if (!table.child(name) && !optional) {
        const Node at = table ? table.child(name) : node.child(concat("secrets.", name));
        at.problem(concat(kReference, ", found nothing: kind ", quoted(source.kind), " asks for it"));
      }
      if (std::string value = table.secret(name); !value.empty()) source.secrets.emplace(name, std::move(value));
    }
  }

  static std::optional<std::string> param_value(const Node& node, std::string_view key) {
    const Node value = node.child(key);
    if (!value) return std::nullopt;
    if (value.is_integer()) return std::to_string(node.integer(key, 0, INT64_MIN, INT64_MAX));
    std::string text = value.own_text();
    if (!value.is_text()) return std::nullopt;
    if (trim(text).empty()) {
      value.problem("expected text, found none");
      return std::nullopt;
    }
    return text;
  }

  // What it asks for stands in the other file; it is checked against that file when the source is opened.
  static void own_definition(const Node& node, SourceSettings& source) {
    static const std::set<std::string_view> kOurs = {"id", "name", "kind", "brand", "wall", "every", "secrets"};
    for (const std::string& key : node.keys()) {
      if (kOurs.contains(key)) continue;
      if (std::optional<std::string> value = param_value(node, key)) source.params.emplace(key, *std::move(value));
    }
    secrets(node, node.child("secrets").keys(), source);
  }

  void person(const Node& node) {
    const Options options(node, config::section("person"));
    options.only_declared({"budget"});
    PersonSettings person;
    person.id = new_id(options, "person", people_, settings_.people.size());
    person.name = options.text("name");
    if (person.name.empty()) person.name = person.id;
    person.language = options.text("language");
    person.time_zone = zone(options);
    read_hours(options, person);
    settings_.people.push_back(std::move(person));
  }

  void endpoint(const Node& node) {
    const Options options(node, config::section("endpoint"));
    EndpointSettings endpoint = read_endpoint(options, static_cast<bool>(root_.child("mail")));
    endpoint.id = new_id(options, "endpoint", endpoints_, settings_.endpoints.size());
    endpoint.person = reference(node.child("person"), options.text("person"), "person", people_);
    borrow(options, endpoint);
    settings_.endpoints.push_back(std::move(endpoint));
  }

  // They may be named before they stand there.
  void fallbacks() {
    const std::vector<Node> nodes = repeated("endpoint", false);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Options options(nodes[i], config::section("endpoint"));
      settings_.endpoints[i].fallback =
          reference(nodes[i].child("fallback"), options.text("fallback"), "endpoint", endpoints_);
    }
    check_fallbacks(nodes, settings_.endpoints);
  }

  void borrow(const Options& options, EndpointSettings& endpoint) const {
    endpoint.language = options.text("language");
    endpoint.time_zone = zone(options);
    const auto owner = std::find_if(settings_.people.begin(), settings_.people.end(),
                                    [&](const PersonSettings& person) { return person.id == endpoint.person; });
    const PersonSettings defaults = owner != settings_.people.end() ? *owner : PersonSettings{};
    if (endpoint.language.empty()) endpoint.language = defaults.language;
    if (endpoint.time_zone.empty()) endpoint.time_zone = defaults.time_zone;
  }

  static std::vector<std::string> references(const Node& node, std::string_view key, std::string_view section,
                                             const std::map<std::string, std::size_t>& ids) {
    std::vector<std::string> found;
    for (const Node& element : node.elements(key)) {
      if (std::string id = reference(element, element.own_text(), section, ids); !id.empty())
        found.push_back(std::move(id));
    }
    return found;
  }

  void mail() {
    const Options options = table("mail");
    MailSettings& mail = settings_.mail;
    mail.host = options.text("host");
    mail.port = options.integer("port");
    mail.tls = options.text("tls");
    mail.user = options.text("user");
    mail.password = options.secret("password");
    mail.from = options.text("from");
    if (!mail.from.empty() && !config::is_sender(mail.from)) {
      options.node().child("from").problem(
          concat(R"(expected a sender such as "Vigie <vigie@example.org>", found )", quoted(mail.from)));
    }
    if (!mail.user.empty() && !options.has("password")) {
      options.node().child("password").problem(concat(kReference, ", found nothing: the account has one"));
    }
    if (mail.tls == "none" && !mail.host.empty() && !config::is_loopback(mail.host)) {
      options.node().child("tls").problem(concat(
          "expected \"starttls\" or \"tls\", found \"none\": only this machine may be sent to in the clear, not ",
          quoted(mail.host)));
    }
  }

  void serve() {
    const Options options = table("serve");
    ServeSettings& serve = settings_.serve;
    serve.public_listen = options.text("public");
    serve.console_listen = options.text("console");
    serve.public_url = options.text("public_url");
    serve.console_url = options.text("console_url");
    if (serve.public_url.empty()) serve.public_url = concat("http://", serve.public_listen);
    if (serve.console_url.empty()) serve.console_url = concat("http://", serve.console_listen);
    // Only what was really written: the default that stands in for a malformed address clashes with nothing.
    const bool public_kept = !options.has("public") || options.node().text("public", "") == serve.public_listen;
    const bool console_kept = !options.has("console") || options.node().text("console", "") == serve.console_listen;
    if (public_kept && console_kept && serve.public_listen == serve.console_listen &&
        !serve.public_listen.ends_with(":0")) {
      const std::string_view at = options.has("console") ? "console" : "public";
      options.node().child(at).problem(
          concat("expected two addresses, one for the public and one for the console, found ",
                 quoted(serve.public_listen), " for both"));
    }
    serve.trusted_proxies = options.list("trusted_proxies");
    for (const Node& entry : addresses(options, "trusted_proxies")) {
      if (!parse_ip_range(entry.own_text())) {
        entry.problem(
            concat("expected an address or a network such as \"10.0.0.0/8\", found ", quoted(entry.own_text())));
      }
    }
  }

  static std::vector<Node> addresses(const Options& options, std::string_view key) {
    std::vector<Node> texts;
    if (!options.node().child(key).is_array()) return texts;
    for (Node& element : options.node().elements(key)) {
      if (element.is_text()) texts.push_back(std::move(element));
    }
    return texts;
  }

  void http() {
    const Options options = table("http");
    HttpSettings& http = settings_.http;
    http.contact = options.text("contact");
    if (!http.contact.empty() && !config::is_mail_address(http.contact) &&
        !config::expected_form(config::Type::url, http.contact).empty()) {
      options.node().child("contact").problem(concat("expected a URL or a mail address, found ", quoted(http.contact)));
    }
    http.allow_private = options.list("allow_private");
    for (const Node& entry : addresses(options, "allow_private")) {
      if (!config::is_private_entry(entry.own_text())) {
        entry.problem(
            concat("expected an address or a network, such as \"10.1.2.3:8080\", found ", quoted(entry.own_text())));
      }
    }
    http.ca_file = options.text("ca_file");
    http.host_pause = options.duration("host_pause");
  }

  Node root_;
  const Kinds& kinds_;
  Settings settings_;
  std::map<std::string, std::size_t> brands_, sources_, people_, endpoints_;
};

}  // namespace

Settings read_settings(const config::Tree& tree, const Kinds& kinds) {
  const Node root = tree.root();
  return root ? Reader(root, kinds).read() : Settings{};
}

SecondStageSettings read_second_stage(const config::Tree& tree) {
  const Node root = tree.root();
  const Kinds kinds;
  return root ? Reader(root, kinds).second_stage() : SecondStageSettings{};
}

}  // namespace vigie
