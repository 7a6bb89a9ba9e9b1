#include "core/host/library.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "core/host/probe.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

using host::Library, host::probe;

std::string why(std::filesystem::path const& file, ErrorClass kind) {
  auto const loaded = Library::load(file);
  EXPECT_FALSE(loaded);
  if (loaded) return "loaded";
  EXPECT_EQ(loaded.error().kind, kind);
  EXPECT_FALSE(loaded.error().help.empty());
  EXPECT_NE(loaded.error().what.find(file.string()), std::string::npos) << loaded.error().what;
  return loaded.error().what;
}

bool has(std::string const& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(Library, LoadsAPluginAndKeepsItsDescriptors) {
  auto const loaded = Library::load(module("judge_faulty"));
  ASSERT_TRUE(loaded) << loaded.error().what;
  ASSERT_EQ((*loaded)->descriptors().size(), 1U);
  EXPECT_STREQ((*loaded)->descriptors()[0]->id, "test.judge.faulty");
  EXPECT_EQ((*loaded)->path(), module("judge_faulty"));
}

TEST(Library, SaysThatAFileDoesNotExist) {
  EXPECT_TRUE(has(why("/nowhere/judge_x.so", ErrorClass::invalid), "does not exist"));
  EXPECT_TRUE(has(why("/tmp", ErrorClass::invalid), "does not exist"));
}

TEST(Library, QuotesTheLoaderAboutAFileThatIsNoLibrary) {
  TempFolder folder;
  EXPECT_TRUE(
      has(why(folder.write("a.so", "#!/bin/sh\nexit 0\n"), ErrorClass::plugin), "cannot be loaded: "));
}

TEST(Library, NamesAMissingSymbol) {
  auto const text = why(module("undefined_symbol"), ErrorClass::plugin);
  EXPECT_TRUE(has(text, "itera_test_symbol_that_nobody_defines")) << text;
  EXPECT_FALSE(has(text, "Bad file descriptor")) << text;
}

TEST(Library, TellsALibraryThatIsNoPlugin) {
  EXPECT_TRUE(has(why(module("not_a_plugin"), ErrorClass::plugin),
                  "is no itera plugin: it has no symbol `itera_plugin_entry`"));
}

TEST(Library, TellsAnotherAbi) {
  EXPECT_TRUE(has(why(module("wrong_abi"), ErrorClass::plugin),
                  "was built for another plugin ABI: this itera speaks ABI 1"));
}

TEST(Library, TellsBrokenTables) {
  EXPECT_TRUE(
      has(why(module("broken_truncated"), ErrorClass::plugin), "has a truncated entry table (8 bytes"));
  EXPECT_TRUE(has(why(module("broken_empty"), ErrorClass::plugin), "holds no plugin"));
  EXPECT_TRUE(has(why(module("broken_describe_null"), ErrorClass::plugin), "describes no plugin 0"));
  EXPECT_TRUE(
      has(why(module("broken_short_descriptor"), ErrorClass::plugin), "descriptor 0 is truncated (16 bytes"));
  EXPECT_TRUE(has(why(module("broken_no_version"), ErrorClass::plugin), "descriptor 0 has no `version`"));
}

TEST(Probe, LetsAHarmlessLibraryPass) {
  EXPECT_TRUE(probe(module("judge_faulty")));
  EXPECT_TRUE(probe(module("wrong_abi"))) << "a library that is no plugin is for load() to refuse";
}

TEST(Probe, NamesTheSignalOfACrashAtLoad) {
  auto const status = probe(module("load_abort"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorClass::plugin);
  EXPECT_TRUE(has(status.error().what, "load_abort.so` crashes while it is loaded (signal 6, Aborted)"))
      << status.error().what;
  EXPECT_TRUE(has(status.error().what, "the licence server is gone")) << status.error().what;
}

TEST(Probe, TellsALibraryThatEndsTheProcess) {
  auto const status = probe(module("load_exit"));
  ASSERT_FALSE(status);
  EXPECT_TRUE(has(status.error().what, "ends the process while it is loaded (exit code 0)"))
      << status.error().what;
}

TEST(Probe, GivesUpOnALibraryThatHangs) {
  auto const begun = std::chrono::steady_clock::now();
  auto const status = probe(module("load_hang"), std::chrono::milliseconds(150));
  ASSERT_FALSE(status);
  EXPECT_TRUE(has(status.error().what, "was still loading after 150 ms")) << status.error().what;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

}  // namespace
}  // namespace itera::tests
