#include "core/host/settings_schema.hpp"

#include <string>

#include <gtest/gtest.h>

namespace itera::tests {
namespace {

using host::read_settings_schema;
using ports::SettingType;

TEST(SettingsSchema, ReadsEveryKeyword) {
  auto const read = read_settings_schema(R"({"type": "object", "title": "ignored", "properties": {
    "model": {"type": "string", "x-dimension": "model", "description": "which one"},
    "key": {"type": "string", "x-secret": true},
    "prompt": {"type": "string", "x-file": true},
    "temperature": {"type": "number", "default": 0, "minimum": 0, "maximum": 2},
    "timeout": {"type": "number", "x-unit": "ms"},
    "top": {"type": "integer", "default": 3},
    "strict": {"type": "boolean", "default": false},
    "mode": {"type": "string", "enum": ["fast", "slow"], "default": "slow"},
    "command": {"type": "array", "x-names-files": true, "default": ["a", "b"], "x-later": 1},
    "user": {"type": "string", "x-template": true}
  }, "required": ["model", "key"]})",
                                         "arm `x`");
  ASSERT_TRUE(read) << read.error().what;
  auto const& s = *read;
  ASSERT_EQ(s.size(), 10U);
  EXPECT_EQ(s[0].name, "model");
  EXPECT_TRUE(s[0].required);
  EXPECT_EQ(s[0].dimension, "model");
  EXPECT_EQ(s[0].help, "which one");
  EXPECT_EQ(s[0].default_json, "");
  EXPECT_TRUE(s[1].secret);
  EXPECT_EQ(s[2].type, SettingType::file);
  EXPECT_FALSE(s[2].is_template);
  EXPECT_TRUE(s[9].is_template);
  EXPECT_EQ(s[3].type, SettingType::number);
  EXPECT_EQ(s[3].default_json, "0");
  EXPECT_EQ(s[3].maximum, 2.0);
  EXPECT_FALSE(s[3].required);
  EXPECT_EQ(s[4].unit, "ms");
  EXPECT_EQ(s[5].type, SettingType::integer);
  EXPECT_EQ(s[6].default_json, "false");
  EXPECT_EQ(s[7].type, SettingType::choice);
  EXPECT_EQ(s[7].default_json, "\"slow\"");
  EXPECT_EQ(s[8].type, SettingType::words);
  EXPECT_TRUE(s[8].names_files);
  EXPECT_EQ(s[8].default_json, R"(["a","b"])");
  EXPECT_TRUE(read_settings_schema("{}", "x")->empty());
}

TEST(SettingsSchema, SaysWhatIsBroken) {
  for (auto const& [schema, part] :
       {std::pair{"[]", "it is no object"},
        {"nonsense", "not JSON"},
        {R"({"properties": []})", "`properties` is no object"},
        {R"({"properties": {"a": 1}})", "setting `a` is no object"},
        {R"({"properties": {"a": {}}})", "setting `a` has no `type`"},
        {R"({"properties": {"a": {"type": "object"}}})", "unknown type `object`"},
        {R"({"properties": {"A-b": {"type": "string"}}})", "cannot be the name of a setting"},
        {R"({"properties": {"a": {"type": "number", "x-unit": "kg"}}})", "unknown unit `kg`"},
        {R"({"properties": {"a": {"type": "number", "minimum": "0"}}})",
         "`minimum` of setting `a` has the wrong type"},
        {R"({"properties": {"a": {"type": "integer", "default": 1.5}}})",
         "the default of setting `a` does not fit"},
        {R"({"properties": {"a": {"type": "array", "default": [1]}}})", "does not fit"},
        {R"({"properties": {"a": {"type": "string", "enum": [], "default": "x"}}})",
         "`enum` of setting `a` is empty"},
        {R"({"properties": {"a": {"type": "string", "enum": ["y"], "default": "x"}}})", "does not fit"},
        {R"({"properties": {"a": {"type": "string", "x-secret": true, "default": "x"}}})",
         "secret setting `a` has a default"},
        {R"({"required": ["a"]})", "`required` names `a`, which is no property"},
        {R"({"required": "a"})", "`required` of setting `schema` has the wrong type"}}) {
    auto const read = read_settings_schema(schema, "arm `x`");
    ASSERT_FALSE(read) << schema;
    EXPECT_EQ(read.error().kind, ErrorClass::plugin);
    EXPECT_TRUE(read.error().what.starts_with("arm `x`")) << read.error().what;
    EXPECT_NE(read.error().what.find(part), std::string::npos) << read.error().what;
  }
}

}  // namespace
}  // namespace itera::tests
