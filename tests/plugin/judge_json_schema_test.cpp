#include <filesystem>
#include <fstream>
#include <set>

#include "tests/plugin/judges.hpp"

namespace itera::tests {
namespace {

Json with(std::string const& schema) {
  return {{"schema", schema}};
}

std::string reason(std::string const& schema, std::string const& answer) {
  return Judged("json_schema", with(schema))(answer, std::nullopt)["reason"];
}

constexpr auto kInvoice = R"({
  "type": "object", "required": ["lines", "kind"], "additionalProperties": false,
  "properties": {"lines": {"type": "array", "items": {"$ref": "#/definitions/amount"}},
                 "kind": {"enum": ["bill", "credit"]}, "c/d~": {"maxLength": 2}},
  "definitions": {"amount": {"type": "integer", "minimum": 3}}})";

TEST(JudgeJsonSchema, NamesTheFirstViolationWithItsPointer) {
  EXPECT_EQ(reason(kInvoice, R"({"lines": [3, 4], "kind": "bill"})"), "valid");
  EXPECT_EQ(reason(kInvoice, R"({"lines": [3, 1, 2.5], "kind": "bill"})"),
            "invalid at `/lines/1`: expected number greater than or equal to 3.000000");
  EXPECT_EQ(reason(kInvoice, R"({"lines": [], "kind": "x"})"),
            "invalid at `/kind`: failed to match against any enum values");
  EXPECT_EQ(reason(kInvoice, "[]"), "invalid: value type not permitted by 'type' constraint");
  EXPECT_EQ(reason(kInvoice, R"({"lines": []})"), "invalid: missing required property 'kind'");
  EXPECT_EQ(reason(kInvoice, R"({"lines": [], "kind": "bill", "c/d~": "abc"})"),
            "invalid at `/c~1d~0`: string should be no more than 2 characters in length");
  EXPECT_EQ(
      reason(R"({"properties": {"v": {"anyOf": [{"type": "string"}, {"maximum": 3}]}}})", R"({"v": 4})"),
      "invalid at `/v`: failed to validate against any schemas allowed by anyOf constraint");
  EXPECT_EQ(reason(R"({"propertyNames": {"maxLength": 1}})", R"({"ab": 1})"),
            "invalid: not allowed by the schema");
}

TEST(JudgeJsonSchema, WhatIsNoJsonIsWrong) {
  EXPECT_EQ(reason("true", ""), "the answer is no JSON: it is empty");
  EXPECT_EQ(reason("true", "{\"a\": \"\xff\"}").substr(0, 40), "the answer is no JSON: parse error at li");
  EXPECT_EQ(reason("true", std::string(10'000'000, '[')),
            "the answer is no JSON: it is nested more than 128 levels deep");
  EXPECT_EQ(reason("true", "```json\n{}\n```").substr(0, 22), "the answer is no JSON:");
}

TEST(JudgeJsonSchema, PatternsTakeLinearTimeAndLittleStack) {
  auto const schema = R"({"type": "string", "pattern": "^(a+)+$"})";
  EXPECT_EQ(reason(schema, "\"" + std::string(1'000'000, 'a') + "\""), "valid");
  EXPECT_EQ(reason(schema, "\"" + std::string(1'000'000, 'a') + "b\""),
            "invalid: does not match the pattern `^(a+)+$`");
  EXPECT_EQ(reason(R"({"propertyNames": {"pattern": "^[a-z]+$"}})", R"({"AB": 1})"),
            "invalid: not allowed by the schema");
  EXPECT_EQ(reason(R"({"properties": {"pattern": {"type": "string"}, "format": {"type": "integer"}}})",
                   R"({"pattern": 1})"),
            "invalid at `/pattern`: value type not permitted by 'type' constraint")
      << "names of properties are no keywords";
}

TEST(JudgeJsonSchema, LargeAnswersAreJudged) {
  std::string numbers = "[0";
  for (int i = 1; i < 200'000; ++i) numbers += "," + std::to_string(i);
  auto const unique = R"({"uniqueItems": true, "items": {"type": "integer"}})";
  EXPECT_EQ(reason(unique, numbers + "]"), "valid");
  EXPECT_EQ(reason(unique, numbers + ",7]"), "invalid; an answer of more than 1 MiB is not explained");
  EXPECT_EQ(reason(R"({"uniqueItems": true})", R"([1, {"a": 1, "b": 2}, {"b": 2.0, "a": 1}])"),
            "invalid: holds `{\"a\":1,\"b\":2}` twice");
  EXPECT_EQ(reason(R"({"uniqueItems": true})", R"([1, true, "1", [1], null, "null"])"), "valid");
}

TEST(JudgeJsonSchema, FormatsThatAreChecked) {
  auto const has = [](std::string const& format, std::string const& text) {
    return reason(R"({"format": ")" + format + "\"}", "\"" + text + "\"") == "valid";
  };
  EXPECT_TRUE(has("date", "2024-02-29"));
  EXPECT_FALSE(has("date", "2026-02-29"));
  EXPECT_FALSE(has("date", "2026-13-01"));
  EXPECT_TRUE(has("time", "23:59:60Z"));
  EXPECT_FALSE(has("time", "23:59"));
  EXPECT_TRUE(has("date-time", "2026-11-23T11:00:00.5+01:00"));
  EXPECT_FALSE(has("date-time", "2026-11-23 11:00:00Z"));
  EXPECT_TRUE(has("uuid", "123e4567-e89b-12d3-a456-426614174000"));
  EXPECT_FALSE(has("uuid", "123e4567"));
  EXPECT_TRUE(has("ipv4", "10.0.0.1"));
  EXPECT_FALSE(has("ipv4", "10.0.0"));
  EXPECT_TRUE(has("ipv6", "::1"));
  EXPECT_FALSE(has("ipv6", "1::2::3"));
  EXPECT_TRUE(has("email", "whatever")) << "with a warning in the log";
  EXPECT_FALSE(has("date", std::string(1'000'000, '1')));
}

TEST(JudgeJsonSchema, NothingIsFetched) {
  for (auto const* target :
       {"http://localhost:1/x.json", "file:///etc/passwd", "other.json", "//x/y", "#name"}) {
    auto const [what, help] =
        refusal("json_schema", with(R"({"items": {"$ref": ")" + std::string(target) + "\"}}"));
    EXPECT_EQ(what, "judge `json_schema`: `schema` at `/items` refers to `" + std::string(target) +
                        "`, which is outside of the schema and never fetched");
    EXPECT_EQ(help, "copy it under `definitions` and refer to it as `#/definitions/name`");
  }
  EXPECT_EQ(
      reason(
          R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/s.json",
                       "$defs": {"x": {"type": "integer"}}, "properties": {"v": {"$ref": "#/$defs/x"}}})",
          R"({"v": "1"})"),
      "invalid at `/v`: value type not permitted by 'type' constraint");
}

TEST(JudgeJsonSchema, WhatCannotBeExecutedIsRefused) {
  auto const what = [](std::string const& schema) {
    return refusal("json_schema", with(schema)).first.substr(std::string("judge `json_schema`: ").size());
  };
  EXPECT_EQ(what("{"),
            "`schema` of judge `json_schema` is no JSON: parse error at line 1, column 2: syntax error while "
            "parsing "
            "object key - unexpected end of input; expected string literal");
  EXPECT_EQ(what("5"), "`schema` is no schema: it must be an object, true or false");
  EXPECT_EQ(what(R"({"type": "strng"})"), "`schema` is no JSON Schema: Unrecognised JSON type name 'strng'");
  EXPECT_EQ(what(R"({"required": "a"})"), "`schema` is no JSON Schema: JSON value is not an array.");
  EXPECT_EQ(what(R"({"items": {"patternProperties": {}}})"),
            "`schema` at `/items` uses `patternProperties`, which judge `json_schema` does not execute");
  EXPECT_EQ(what(R"({"prefixItems": []})"),
            "`schema` uses `prefixItems`, which judge `json_schema` does not execute");
  EXPECT_EQ(what(R"({"items": {"$id": "x"}})"),
            "`schema` at `/items` uses `$id`, which judge `json_schema` knows at the top only");
  EXPECT_EQ(what(R"x({"pattern": "(?=a)"})x"),
            "`schema` has the pattern `(?=a)`, which cannot be used: invalid perl operator: (?=");
  EXPECT_EQ(what(R"({"$ref": "#/definitions/no"})"),
            "`schema` refers to `#/definitions/no`, which it does not hold");
  for (auto const* circle :
       {R"({"$ref": "#"})", R"({"allOf": [{"$ref": "#"}]})",
        R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"not": {"$ref": "#/definitions/a"}}}})"})
    EXPECT_EQ(what(circle), "`schema` refers to itself in a circle that never reaches a part of the answer");
  EXPECT_EQ(what(std::string(1'100'000, ' ') + "{}"), "`schema` of judge `json_schema` is larger than 1 MiB");
}

// The official suite (https://github.com/json-schema-org/JSON-Schema-Test-Suite, Debian's package): for each
// schema that is taken, each document is judged as the suite says.
TEST(JudgeJsonSchema, AgreesWithTheOfficialTestSuite) {
  std::set<std::string> differing;
  std::size_t judged = 0;
  std::size_t refused = 0;
  for (auto const& file :
       std::filesystem::directory_iterator("/usr/share/json-schema-test-suite/tests/draft7")) {
    if (file.path().extension() != ".json") continue;
    std::ifstream in(file.path());
    auto const groups = Json::parse(in);
    for (auto const& group : groups) {
      auto const name = file.path().stem().string() + ": " + group.at("description").get<std::string>();
      Plugins plugins;
      auto const made = plugins.judge("json_schema", with(group.at("schema").dump()).dump());
      if (!made) {
        auto const& why = made.error().what;
        bool const known = why.find("patternProperties") != why.npos ||
                           why.find("never fetched") != why.npos || why.find("uses `$id`") != why.npos ||
                           why.find("`#/%") != why.npos || why.find("%25") != why.npos ||
                           why.find("%22") != why.npos;
        EXPECT_TRUE(known) << name << ": " << why;
        ++refused;
        continue;
      }
      for (auto const& test : group.at("tests")) {
        auto const document = test.at("data").dump();
        ports::StepItem item;
        item.output = document;
        auto const valid = Json::parse(step_one(**made, item).json).at("passed");
        if (valid != test.at("valid"))
          differing.insert(name + " / " + test.at("description").get<std::string>());
        ++judged;
      }
    }
  }
  EXPECT_GT(judged, 350U);
  EXPECT_LT(refused, 60U);
  EXPECT_EQ(differing, std::set<std::string>());
}

TEST(JudgeJsonSchema, SchemasMayReferToThemselvesThroughParts) {
  auto const tree = R"({"properties": {"n": {"$ref": "#"}}, "additionalProperties": false})";
  EXPECT_EQ(reason(tree, R"({"n": {"n": {}}})"), "valid");
  EXPECT_EQ(reason(tree, R"({"n": {"n": {"x": 1}}})").substr(0, 16), "invalid at `/n/n");
  std::string deep = "{}";
  for (int i = 0; i < 127; ++i) deep = R"({"n": )" + deep + "}";
  EXPECT_EQ(reason(tree, deep), "valid");
}

}  // namespace
}  // namespace itera::tests
