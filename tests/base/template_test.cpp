#include "base/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vigie {
namespace {

using testing::HasSubstr;

std::string rendered(std::string_view source, std::string_view data, Escape escape = Escape::html,
                     bool trusted = false) {
  const auto document = json::parse(data);
  if (!document) return document.error().what;
  const auto text = render(source, document->root(), escape, trusted);
  return text ? *text : text.error().what;
}

TEST(Template, PutsValuesWhereTheirNamesStand) {
  EXPECT_EQ(rendered("Hello {{name}}, {{ count }} new.", R"({"name":"Acme","count":3})"), "Hello Acme, 3 new.");
  EXPECT_EQ(rendered("{{a.b.c}} {{list.0}} {{yes}}", R"({"a":{"b":{"c":"deep"}},"list":["first"],"yes":true})"),
            "deep first true");
  EXPECT_EQ(rendered("[{{absent}}{{null}}{{list}}]", R"({"null":null,"list":[1]})"), "[]");
  EXPECT_EQ(rendered("nothing { to } do }}", "{}"), "nothing { to } do }}");
}

TEST(Template, EscapesForItsContext) {
  constexpr std::string_view kData = R"({"x":"<b>\"it's\" & \\ \n</b>"})";

  EXPECT_EQ(rendered("{{x}}", kData, Escape::html), "&lt;b&gt;&quot;it&#39;s&quot; &amp; \\ \n&lt;/b&gt;");
  EXPECT_EQ(rendered("{{x}}", kData, Escape::text), "<b>\"it's\" & \\ \n</b>");
  EXPECT_EQ(rendered("\"{{x}}\"", kData, Escape::json), R"("\u003cb>\"it's\" & \\ \n\u003c/b>")");
}

TEST(Template, LetsOnlyTrustedTemplatesWriteUnescaped) {
  EXPECT_EQ(rendered("{{{x}}}", R"({"x":"<b>"})", Escape::html, true), "<b>");
  EXPECT_EQ(rendered("a\n b {{{x}}}", R"({"x":"<b>"})"), "template:2:4: {{{x}}}: unescaped output is not allowed here");
}

TEST(Template, RepeatsASectionForEachItem) {
  EXPECT_EQ(rendered("{{#items}}<{{name}}:{{shop}}>{{/items}}",
                     R"({"shop":"s","items":[{"name":"a"},{"name":"b","shop":"t"}]})"),
            "<a:s><b:t>");
  EXPECT_EQ(rendered("{{#tags}}{{.}},{{/tags}}", R"({"tags":["x",2,true]})"), "x,2,true,");
  EXPECT_EQ(rendered("{{#rows}}{{#.}}{{.}}{{/.}};{{/rows}}", R"({"rows":[[1,2],[3]]})"), "12;3;");
}

TEST(Template, ShowsASectionWhenItsValueHolds) {
  for (const std::string_view truth : {"true", "1", "-0.5", "\"0\"", "{}", "[0]"}) {
    EXPECT_EQ(rendered("{{#v}}yes{{/v}}{{^v}}no{{/v}}", concat("{\"v\":", truth, "}")), "yes") << truth;
  }
  for (const std::string_view falsehood : {"false", "null", "0", "0.0", "\"\"", "[]"}) {
    EXPECT_EQ(rendered("{{#v}}yes{{/v}}{{^v}}no{{/v}}", concat("{\"v\":", falsehood, "}")), "no") << falsehood;
  }
  EXPECT_EQ(rendered("{{#v}}yes{{/v}}{{^v}}no{{/v}}", "{}"), "no");
  EXPECT_EQ(rendered("{{#a}}{{b}}{{/a}}", R"({"a":{"b":"in"},"b":"out"})"), "in");
}

TEST(Template, TakesTheLineOfASectionTagAway) {
  EXPECT_EQ(rendered("a\n  {{#v}}\n  b\n  {{/v}}\nc\n", R"({"v":true})"), "a\n  b\nc\n");
  EXPECT_EQ(rendered("a\n{{! why }}\nb{{! and }}c", "{}"), "a\nbc");
}

TEST(Template, SaysWhereItIsWrong) {
  EXPECT_EQ(rendered("é\n é{{#a}}", "{}"), "template:2:3: section a is never closed");
  EXPECT_EQ(rendered("{{#a}}{{/b}}", "{}"), "template:1:7: {{/b}} closes nothing that is open");
  EXPECT_EQ(rendered("{{/a}}", "{}"), "template:1:1: {{/a}} closes nothing that is open");
  EXPECT_EQ(rendered("x{{a", "{}"), "template:1:2: a tag without its }}");
  EXPECT_THAT(rendered("{{>part}}", "{}"), HasSubstr("unknown tag {{>part}}"));
  EXPECT_THAT(rendered("{{=<% %>=}}", "{}"), HasSubstr("unknown tag"));
  EXPECT_THAT(rendered("{{}}", "{}"), HasSubstr("expected a name"));
  EXPECT_THAT(rendered("{{a b}}", "{}"), HasSubstr("expected a name, found \"a b\""));
}

TEST(Template, ChecksSectionsThatAreNotShown) {
  EXPECT_THAT(rendered("{{#off}}{{>part}}{{/off}}", R"({"off":false})"), HasSubstr("unknown tag"));
  EXPECT_THAT(rendered("{{#off}}{{#b}}{{/off}}", R"({"off":false})"), HasSubstr("closes nothing"));
}

TEST(Template, SurvivesHostileTemplatesAndData) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{{#a}}";
  std::string list = "{\"a\":[";
  for (int i = 0; i < 1000; ++i) list += i == 0 ? "0" : ",0";
  list += "]}";

  EXPECT_THAT(rendered(deep, R"({"a":{"a":1}})"), HasSubstr("nested too deep"));
  EXPECT_THAT(rendered("{{#a}}{{#b}}{{#b}}{{#b}}{{/b}}{{/b}}{{/b}}{{/a}}", R"({"a":1,"b":)" + list.substr(5)),
              HasSubstr("repeat too often"));
  EXPECT_THAT(rendered("{{#a}}" + std::string(10'000, 'x') + "{{/a}}", list), HasSubstr("larger than 8 MiB"));
}

}  // namespace
}  // namespace vigie
