#include "config/wall_settings.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "config/forms.h"
#include "config/options.h"

namespace vigie {
namespace {

using config::Node;
using config::Options;
using config::quoted;
using Asked = SurveySettings::Measure;

constexpr Duration kYear = 365 * kDay;
constexpr Duration kLongestDelay = 30 * kDay;
constexpr Duration kLeastQuarantine = 7 * kDay;
constexpr std::string_view kSendingKinds[] = {"email", "ovh", "twilio", "file"};

struct Shape {
  Asked measure;
  std::string_view name, scale;
};
constexpr std::array<Shape, 3> kShapes = {
    {{Asked::nps, "nps", "0-10"}, {Asked::ces, "ces", "1-7"}, {Asked::csat, "csat", "1-5"}}};

const Shape& shape_of(Asked measure) {
  return *std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& one) { return one.measure == measure; });
}

// Problem unless it was left out or lies within.
Duration within(const Options& options, std::string_view key, Duration least, Duration most, std::string_view why) {
  const Duration written = options.duration(key);
  const Node node = options.node().child(key);
  if (!node.is_text() || !parse_duration(node.own_text()) || (written >= least && written <= most)) return written;
  node.problem(concat("expected ", format_duration(least), " to ", format_duration(most), ", found ",
                      format_duration(written), ": ", why));
  return least;
}

// What may stand in a Content-Security-Policy: scheme, host and perhaps a port.
bool is_origin(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || (text.substr(0, scheme) != "https" && text.substr(0, scheme) != "http"))
    return false;
  const std::string_view host = text.substr(scheme + 3);
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
  });
}

template <class Items>
auto find_id(const Items& items, std::string_view id) {
  return std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
}

template <class Items>
std::vector<std::string_view> ids_of(const Items& items) {
  std::vector<std::string_view> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

void wall(const Node& root, WallSettings& wall) {
  const Options options(root.child("wall"), config::section("wall"));
  options.only_declared();
  wall.decide_within = within(options, "decide_within", hours(1), kLongestDelay, "authors wait for it");
  wall.reply_within = within(options, "reply_within", hours(1), 7 * kDay, "the right of reply is owed by then");
  wall.keep = within(options, "keep", kYear, 10 * kYear, "a review stands for a year at least");
  wall.hold_marked = options.boolean("hold_marked");
  wall.charter_url = options.text("charter_url");
  wall.contact = options.text("contact");
  wall.address = options.text("address");
  wall.selection = options.text("selection");
  wall.witnesses = options.text("witnesses");
  wall.staff = options.list("staff");
  wall.embed_on = options.list("embed_on");
  for (const Node& element :
       options.node().child("embed_on") ? options.node().elements("embed_on") : std::vector<Node>{}) {
    if (element.is_text() && !is_origin(element.own_text()))
      element.problem(
          concat("expected an origin such as \"https://www.acme.example\", found ", quoted(element.own_text())));
  }
}

class SurveyReader {
 public:
  SurveyReader(const Node& node, const Settings& settings)
      : options_(node, config::section("survey")), node_(node), settings_(settings) {}

  SurveySettings read() {
    options_.only_declared();
    SurveySettings survey;
    survey.id = options_.text("id");
    if (find_id(settings_.surveys, survey.id) != settings_.surveys.end())
      node_.child("id").problem(concat("expected an id of its own, found ", quoted(survey.id), " twice"));
    survey.name = options_.text("name");
    brand(survey);
    for (const Shape& shape : kShapes) {
      if (shape.name == options_.text("measure")) survey.measure = shape.measure;
    }
    survey.wall = options_.boolean("wall");
    survey.product = options_.boolean("product");
    survey.incentive = options_.text("incentive");
    survey.wait = options_.duration("wait");
    survey.expires = within(options_, "expires", kDay, kYear, "nobody remembers longer");
    survey.remind_after = options_.duration("remind_after");
    survey.quarantine = within(options_, "quarantine", kLeastQuarantine, 10 * kYear, "nobody wants to be asked weekly");
    places(survey);
    endpoint(survey);
    survey.key = options_.secret("key");
    return survey;
  }

 private:
  void brand(SurveySettings& survey) const {
    survey.brand = options_.text("brand");
    survey.subject = options_.text("subject");
    survey.language = options_.text("language");
    const auto brand = find_id(settings_.brands, survey.brand);
    if (brand == settings_.brands.end()) {
      if (!survey.brand.empty())
        node_.child("brand").problem(
            config::unknown_name("the id of a [[brand]]", survey.brand, ids_of(settings_.brands)));
      return;
    }
    if (survey.subject.empty()) survey.subject = brand->name;
    if (survey.language.empty()) survey.language = brand->language;
  }

  void places(SurveySettings& survey) const {
    options_.list("places");
    if (!node_.child("places").is_array()) return;
    for (const Node& element : node_.child("places") ? node_.elements("places") : std::vector<Node>{}) {
      if (!element.is_text()) continue;
      const std::string id = element.own_text();
      if (const std::string expected = config::expected_form(config::Type::id, id); !expected.empty())
        element.problem(concat("expected ", expected, ", found ", quoted(id)));
      else
        survey.places.push_back(id);
    }
  }

  void endpoint(SurveySettings& survey) const {
    survey.endpoint = options_.text("endpoint");
    if (survey.endpoint.empty()) return;
    const auto found = find_id(settings_.endpoints, survey.endpoint);
    if (found == settings_.endpoints.end()) {
      node_.child("endpoint")
          .problem(config::unknown_name("the id of an [[endpoint]]", survey.endpoint, ids_of(settings_.endpoints)));
    } else if (std::find(std::begin(kSendingKinds), std::end(kSendingKinds), found->kind) == std::end(kSendingKinds)) {
      node_.child("endpoint")
          .problem(concat("expected an endpoint of kind email, ovh or twilio, found one of kind ",
                          quoted(found->kind)));
    }
  }

  const Options options_;
  const Node node_;
  const Settings& settings_;
};

}  // namespace

std::string_view to_text(SurveySettings::Measure measure) { return shape_of(measure).name; }
std::string_view scale_of(SurveySettings::Measure measure) { return shape_of(measure).scale; }

void read_wall(const Node& root, Settings& settings) {
  wall(root, settings.wall);
  for (const Node& node : root.children("survey")) settings.surveys.push_back(SurveyReader(node, settings).read());
}

}  // namespace vigie
