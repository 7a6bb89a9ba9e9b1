#pragma once
#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace itera::stats::testing {

inline nlohmann::json const& golden(std::string const& id) {
  static nlohmann::json const all = [] {
    std::ifstream file(ITERA_SOURCE_DIR "/tests/data/stats_vectors.json");
    return nlohmann::json::parse(file).at("vectors");
  }();
  return all.at(id);
}

/// Relative below 1, so that small p-values are held to their digits as well; 1e-13 is allowed in any case.
inline ::testing::AssertionResult agrees(double actual, double expected, double tolerance = 1e-9) {
  double const error = std::abs(actual - expected);
  if (error <= std::max(1e-13, tolerance * std::abs(expected))) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << actual << " instead of " << expected << ", off by " << error;
}

inline ::testing::AssertionResult agrees(double actual, nlohmann::json const& expected,
                                         double tolerance = 1e-9) {
  return agrees(actual, expected.get<double>(), tolerance);
}

}  // namespace itera::stats::testing
