#pragma once
#include <filesystem>
#include <string>

#include <stdlib.h>

#include "core/plan/plan.hpp"
#include "core/split/rows.hpp"

namespace itera::test {

/// Where nothing is slow to sync, for tests that do not ask what the disk holds.
inline std::filesystem::path in_memory() {
  std::error_code ec;
  return std::filesystem::is_directory("/dev/shm", ec) ? "/dev/shm" : std::filesystem::temp_directory_path();
}

/// A folder that goes with the object.
class TempFolder {
 public:
  explicit TempFolder(std::filesystem::path const& where = std::filesystem::temp_directory_path()) {
    std::string name = (where / "itera-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }
  TempFolder(TempFolder const&) = delete;
  TempFolder& operator=(TempFolder const&) = delete;
  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A plan of a baseline and `arms` candidates, a slice `tier` and, with `entities`, an entity column.
inline plan::Plan small_plan(std::size_t arms = 1, bool entities = false) {
  plan::Plan out;
  out.name = "small";
  out.metric = "accuracy";
  out.seed = 7;
  out.trials = 3;
  out.row = {"id", {"text"}, "label", {"tier"}, {}};
  if (entities) out.row.entity = "vendor";
  out.split = {{3, 10},
               {5, 10},
               {2, 10},
               {"tier", "label"},
               entities ? 3U : 0U,
               entities ? Rational{1, 3} : Rational{1, 1}};
  out.rule.effect = {1, 20};
  for (auto const* locked : {"{}"}) {
    out.source.locked_json = locked;
    out.judge.locked_json = locked;
  }
  for (std::size_t i = 0; i <= arms; ++i) {
    plan::PlannedArm arm;
    arm.name = i == 0 ? "base" : "arm" + std::to_string(i);
    arm.baseline = i == 0;
    arm.parent = i == 0 ? "" : "base";
    arm.changed = {"prompt"};
    arm.actor.locked_json = "{}";
    out.arms.push_back(arm);
  }
  return out;
}

inline split::Row row(std::string key, std::string text, std::string label, std::string tier,
                      std::string entity = {}) {
  split::Row out;
  out.key = std::move(key);
  out.input = "{\"text\":\"" + text + "\"}";
  out.expected = std::move(label);
  out.slices = {std::move(tier)};
  out.entity = std::move(entity);
  out.digest = sha256_bytes(out.key);
  return out;
}

}  // namespace itera::test
