#include "core/host/catalog.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using host::PluginCatalog, host::plugin_folders;
using ports::PluginKind, ports::SettingSchema, ports::SettingType;

SettingSchema setting(ports::PluginInfo const& info, std::string const& name) {
  auto const found =
      std::find_if(info.settings.begin(), info.settings.end(), [&](auto const& s) { return s.name == name; });
  EXPECT_NE(found, info.settings.end()) << name;
  return found == info.settings.end() ? SettingSchema{} : *found;
}

TEST(Catalog, FindsAPluginByTheWordOfASpec) {
  PluginCatalog catalog({ITERA_PLUGIN_FOLDER});
  auto const found = catalog.find(PluginKind::source, "csv");
  ASSERT_TRUE(found) << found.error().what;
  auto const& info = **found;
  EXPECT_EQ(info.id, "dev.itera.source.csv");
  EXPECT_EQ(info.kind, PluginKind::source);
  EXPECT_EQ(info.library, std::filesystem::path(ITERA_PLUGIN_FOLDER) / "source_csv.so");
  EXPECT_TRUE(ports::has_trait(info, "deterministic"));
  EXPECT_TRUE(setting(info, "path").required);
  EXPECT_EQ(setting(info, "path").type, SettingType::file);
  EXPECT_EQ(setting(info, "separator").default_json, "\",\"");
  EXPECT_EQ(*catalog.find(PluginKind::source, "csv"), *found) << "the second look must give the same pointer";
}

TEST(Catalog, ReadsUnitsDimensionsAndChoices) {
  PluginCatalog catalog({ITERA_PLUGIN_FOLDER});
  auto const& info = *catalog.find(PluginKind::arm, "process").value();
  std::vector<std::string> names;
  for (auto const& s : info.settings) {
    names.push_back(s.name);
    EXPECT_EQ(s.dimension, "program");
  }
  EXPECT_EQ(names, (std::vector<std::string>{"command", "feed", "timeout", "prepare", "cost_per_row"}))
      << "in the author's order";
  EXPECT_TRUE(setting(info, "command").names_files);
  EXPECT_EQ(setting(info, "feed").choices, (std::vector<std::string>{"raw", "json"}));
  EXPECT_EQ(setting(info, "timeout").unit, "s");
  EXPECT_EQ(setting(info, "cost_per_row").unit, "usd");
  EXPECT_EQ(setting(info, "cost_per_row").minimum, 0.0);
}

TEST(Catalog, ListsNamesWithoutLoadingAnything) {
  TempFolder folder;
  folder.write("judge_abc.so", "no library at all");
  folder.write("judge_.so", "");
  folder.write("judges_x.so", "");
  folder.write("judge_notes.txt", "");
  PluginCatalog catalog({folder.path(), "/nowhere", ITERA_PLUGIN_FOLDER});
  EXPECT_EQ(catalog.names(PluginKind::judge),
            (std::vector<std::string>{"abc", "contains", "edit_similarity", "exact", "json", "json_schema",
                                      "llm", "numeric", "regex", "rouge_l", "set_match", "token_f1"}));
}

TEST(Catalog, SuggestsANameThatExists) {
  PluginCatalog catalog({ITERA_PLUGIN_FOLDER});
  auto const found = catalog.find(PluginKind::judge, "exakt");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorClass::invalid);
  EXPECT_EQ(found.error().what, "no judge plugin `exakt`");
  EXPECT_EQ(found.error().help, "did you mean `exact`?");
  EXPECT_FALSE(catalog.find(PluginKind::judge, "../plugins/judge_exact"));
  EXPECT_FALSE(catalog.find(PluginKind::judge, ""));
}

TEST(Catalog, TheFirstFolderWins) {
  TempFolder folder;
  std::filesystem::copy_file(std::filesystem::path(ITERA_PLUGIN_FOLDER) / "judge_exact.so",
                             folder.path() / "judge_exact.so");
  PluginCatalog catalog({folder.path(), ITERA_PLUGIN_FOLDER});
  EXPECT_EQ(catalog.find(PluginKind::judge, "exact").value()->library, folder.path() / "judge_exact.so");
}

TEST(Catalog, RefusesALibraryThatDoesNotHoldWhatItsNameSays) {
  TempFolder folder;
  std::filesystem::copy_file(module("kinds"), folder.path() / "judge_kinds.so");
  PluginCatalog catalog({folder.path()});
  auto const found = catalog.find(PluginKind::judge, "kinds");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorClass::plugin);
  EXPECT_NE(found.error().what.find("holds no judge `kinds`, but `kinds` (itera.source/1)"),
            std::string::npos)
      << found.error().what;
}

TEST(Catalog, RefusesABrokenSchema) {
  PluginCatalog catalog({});
  auto const typed = catalog.use("broken", module("broken_bad_schema"));
  ASSERT_FALSE(typed);
  EXPECT_EQ(typed.error().kind, ErrorClass::plugin);
  EXPECT_NE(typed.error().what.find("judge plugin `broken`"), std::string::npos) << typed.error().what;
  EXPECT_NE(typed.error().what.find("setting `limit` has unknown type `text`"), std::string::npos)
      << typed.error().what;
  auto const text = PluginCatalog({}).use("broken", module("broken_schema_not_json"));
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().what.find("not JSON"), std::string::npos) << text.error().what;
}

TEST(Catalog, UseMakesALibraryKnownForAllItsKinds) {
  PluginCatalog catalog({ITERA_PLUGIN_FOLDER});
  ASSERT_TRUE(catalog.use("kinds", module("kinds")));
  EXPECT_TRUE(catalog.use("kinds", module("kinds"))) << "twice the same is no conflict";
  for (auto const kind : {PluginKind::source, PluginKind::arm, PluginKind::reporter})
    EXPECT_TRUE(catalog.find(kind, "kinds"));
  EXPECT_FALSE(catalog.find(PluginKind::judge, "kinds"));
  EXPECT_EQ(catalog.names(PluginKind::arm),
            (std::vector<std::string>{"anthropic", "http", "kinds", "openai", "process", "recorded"}));
}

TEST(Catalog, UseRefusesAnotherName) {
  PluginCatalog catalog({});
  auto const used = catalog.use("fuzzy", module("judge_faulty"));
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().kind, ErrorClass::invalid);
  EXPECT_NE(used.error().what.find("holds no plugin `fuzzy`, but `faulty` (itera.judge/1)"),
            std::string::npos)
      << used.error().what;
}

TEST(Catalog, UseRefusesANameThatIsTaken) {
  TempFolder folder;
  std::filesystem::copy_file(std::filesystem::path(ITERA_PLUGIN_FOLDER) / "judge_exact.so",
                             folder.path() / "mine.so");
  PluginCatalog catalog({ITERA_PLUGIN_FOLDER});
  auto const used = catalog.use("exact", folder.path() / "mine.so");
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().kind, ErrorClass::invalid);
  EXPECT_NE(used.error().what.find("judge plugin `exact` exists twice"), std::string::npos)
      << used.error().what;
}

TEST(Catalog, UseSurvivesALibraryThatKillsItsProcess) {
  PluginCatalog catalog({});
  for (auto const* name : {"load_abort", "load_exit"}) {
    auto const used = catalog.use("x", module(name));
    ASSERT_FALSE(used);
    EXPECT_EQ(used.error().kind, ErrorClass::plugin);
    EXPECT_NE(used.error().what.find(name), std::string::npos);
  }
  auto const missing = catalog.use("x", "/nowhere/x.so");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorClass::invalid);
}

TEST(Catalog, FoldersComeFromTheVariableAndTheExecutable) {
  ASSERT_EQ(::setenv("ITERA_PLUGIN_PATH", "/a::/b/../c:/a", 1), 0);
  auto folders = plugin_folders("/opt/itera/bin/itera");
  ASSERT_GE(folders.size(), 3U);
  EXPECT_EQ(folders[0], "/a");
  EXPECT_EQ(folders[1], "/c");
  EXPECT_EQ(folders[2], "/opt/itera/lib/itera/plugins");
  ::unsetenv("ITERA_PLUGIN_PATH");
  EXPECT_EQ(plugin_folders("/opt/itera/bin/itera").front(), "/opt/itera/lib/itera/plugins");
  EXPECT_TRUE(std::filesystem::exists(host::running_executable()));
}

}  // namespace
}  // namespace itera::tests
