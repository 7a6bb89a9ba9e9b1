// What a template makes of a row, and the texts that it refuses.
#include "plugins/models/template.hpp"

#include <random>

#include <gtest/gtest.h>
#include <itera/sdk/error.hpp>
#include <nlohmann/json.hpp>

namespace itera::tests {
namespace {

using models::Template;
using Json = nlohmann::ordered_json;
using Form = Template::Form;

std::string text(std::string const& pattern, Json const& row) {
  return Template("user", pattern).render(row);
}

std::string refused(std::string const& pattern, Form form) {
  try {
    Template const made("body", pattern, form);
  } catch (sdk::Invalid const& e) {
    return e.what() + std::string(" | ") + e.detail;
  }
  return "accepted";
}

TEST(Template, PutsInputsInAsTheyStand) {
  Json const row = {
      {"a", "x"},           {"n", 3},           {"real", 0.5},        {"yes", true}, {"none", nullptr},
      {"list", {1, "two"}}, {"two words", "w"}, {"json odd", "whole"}};
  EXPECT_EQ(text("{{a}}-{{ a }}-{{\n a\t}}", row), "x-x-x");
  EXPECT_EQ(text("{{n}} {{real}} {{yes}} {{list}}", row), "3 0.5 true [1,\"two\"]");
  EXPECT_EQ(text("[{{none}}] [{{missing}}]", row), "[] []");
  EXPECT_EQ(text("{{json a}} {{json n}} {{json none}} {{json missing}}", row), "\"x\" 3 null null");
  EXPECT_EQ(text("{{two   words}} {{json odd}} {{json json odd}}", row), "w whole \"whole\"");
  EXPECT_EQ(text("", row), "");
  EXPECT_EQ(text("}} { } {a} {{{{a}} {{{{{{a}} {{", row), "}} { } {a} {{a}} {{x {{");
}

TEST(Template, WhatIsPutInIsNeverReadAgain) {
  Json const row = {{"a", "{{b}} {{{{ {{json b}} {{reply}}"}, {"b", "SECRET"}};
  EXPECT_EQ(text("{{a}}", row), "{{b}} {{{{ {{json b}} {{reply}}");
  EXPECT_EQ(Template("u", "{{reply}}|{{a}}").render(row, "{{b}}"), "{{b}}|{{b}} {{{{ {{json b}} {{reply}}");
}

TEST(Template, TheReplyHidesAnInputOfItsName) {
  Json const row = {{"reply", "input"}};
  EXPECT_EQ(Template("u", "{{reply}} {{json reply}}").render(row, "said"), "said \"said\"");
  EXPECT_EQ(Template("u", "{{reply}}").render(row), "input");
}

TEST(Template, JsonStaysJson) {
  Json const row = {{"q", "say \"hi\"\n\\ \x01"}, {"n", 3}, {"meta", {{"k", "v"}}}, {"none", nullptr}};
  auto const out =
      Template(
          "body",
          R"({"q": "Q: {{q}}", "n": {{json n}}, "m": {"in": {{json meta}}}, "s": "{{json meta}}", "x": {{json none}}, "e": "\"{{q}}"})",
          Form::json)
          .render(row);
  auto const json = Json::parse(out);
  EXPECT_EQ(json["q"], "Q: say \"hi\"\n\\ \x01");
  EXPECT_EQ(json["n"], 3);
  EXPECT_EQ(json["m"]["in"]["k"], "v");
  EXPECT_EQ(json["s"], R"({"k":"v"})");
  EXPECT_TRUE(json["x"].is_null());
  EXPECT_EQ(json["e"], "\"say \"hi\"\n\\ \x01");
}

TEST(Template, UrlsAreEncoded) {
  Json const row = {{"q", "a b/?&#%\xC3\xBC.-_~"}};
  EXPECT_EQ(Template("url", "https://h/p/{{q}}?x={{q}}", Form::url).render(row),
            "https://h/p/a%20b%2F%3F%26%23%25%C3%BC.-_~?x=a%20b%2F%3F%26%23%25%C3%BC.-_~");
}

TEST(Template, RefusesWhatCannotBeRight) {
  EXPECT_EQ(refused("a\n\xC3\xBC {{ }}", Form::text),
            "`body`:2:3: `{{}}` names nothing | write the name of an input between the braces");
  EXPECT_EQ(
      refused(R"({"n": {{n}}})", Form::json),
      "`body`:1:7: `{{n}}` stands outside of a string | write `{{json n}}` for the value as JSON, or put it "
      "in quotes");
  EXPECT_EQ(
      refused("https://{{host}}/x", Form::url),
      "`body`:1:9: `{{host}}` stands in the host | where calls go, and with them the secret, is the spec's "
      "word and not the row's: write the host");
  EXPECT_EQ(refused("{{whole}}", Form::url).substr(0, 40), "`body`:1:1: `{{whole}}` stands in the ho");
}

// Whatever the row holds, a JSON template gives JSON whose other members are what they were.
TEST(Template, NoRowBreaksOutOfAJsonBody) {
  std::mt19937 dice(20'261'123);
  std::string_view const alphabet[] = {"\"", "\\", "{{", "}}",           "{",    "}", "q", "json q",
                                       ",",  ":",  "\n", "\xE2\x82\xAC", "\x1F", "/"};
  Template const form(
      "body", R"({"before": 1, "in": "x{{q}}y", "v": {{json q}}, "after": [2, "{{q}}{{q}}"]})", Form::json);
  for (int i = 0; i < 2000; ++i) {
    std::string value;
    for (auto n = dice() % 8; n > 0; --n) value += alphabet[dice() % std::size(alphabet)];
    auto const json = Json::parse(form.render({{"q", value}}), nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << value;
    EXPECT_EQ(json,
              Json({{"before", 1}, {"in", "x" + value + "y"}, {"v", value}, {"after", {2, value + value}}}));
  }
}

// Any text at all is a template or is refused; rendering ends, and what no braces are in comes through
// unchanged.
TEST(Template, AnyTextIsReadOrRefused) {
  std::mt19937 dice(4);
  std::string_view const alphabet[] = {"{", "{{", "}", "}}", "a", " ", "\n", "\"", "\\", "json ", "\xC3"};
  int refusals = 0;
  auto const attempt = [&](std::string const& pattern, Form form) {
    try {
      auto const out = Template("t", pattern, form).render({{"a", "v"}});
      if (pattern.find("{{") == pattern.npos) {
        EXPECT_EQ(out, pattern);
      }
    } catch (sdk::Invalid const&) {
      ++refusals;
    }
  };
  for (int i = 0; i < 4000; ++i) {
    std::string pattern;
    for (auto n = dice() % 12; n > 0; --n) pattern += alphabet[dice() % std::size(alphabet)];
    for (auto const form : {Form::text, Form::json, Form::url}) attempt(pattern, form);
  }
  EXPECT_GT(refusals, 0);
}

}  // namespace
}  // namespace itera::tests
