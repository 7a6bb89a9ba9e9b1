// Random numbers of the verdict come from CounterRng only: the standard library leaves its distributions and
// shuffles to each implementation, so that the same seed gives other rows elsewhere.
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {
namespace fs = std::filesystem;

bool draws_elsewhere(std::string_view text) {
  constexpr std::array kWords = {"#include <random>", "std::shuffle", "std::sample",
                                 "std::rand",         "srand(",       "drand48"};
  for (std::string_view const word : kWords)
    if (text.find(word) != std::string_view::npos) return true;
  return false;
}

TEST(Sources, DrawFromTheCounterBasedGeneratorOnly) {
  std::size_t files = 0;
  for (auto const* folder : {"core", "dsl", "plugins"})
    for (auto const& entry : fs::recursive_directory_iterator(fs::path(ITERA_SOURCE_DIR) / folder)) {
      auto const type = entry.path().extension();
      if (type != ".cpp" && type != ".hpp" && type != ".h") continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      EXPECT_FALSE(draws_elsewhere(text.str())) << entry.path();
      ++files;
    }
  EXPECT_GT(files, 100U);
}

TEST(Sources, WhatDrawsElsewhereIsSeen) {
  EXPECT_TRUE(draws_elsewhere("#include <random>\nstd::normal_distribution<double> d;"));
  EXPECT_TRUE(draws_elsewhere("std::shuffle(a.begin(), a.end(), g);"));
  EXPECT_FALSE(draws_elsewhere("boost::math::normal_distribution<double, Policy>"));
}

}  // namespace
