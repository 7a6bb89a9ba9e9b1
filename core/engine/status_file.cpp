#include "core/engine/status_file.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "core/base/file.hpp"

namespace itera::engine {
namespace {

using Json = nlohmann::json;

Json pass_json(ports::PassState const& pass) {
  Json arms = Json::array();
  for (auto const& arm : pass.arms)
    arms.push_back({{"name", arm.name},
                    {"done", arm.done},
                    {"total", arm.total},
                    {"errors", arm.errors},
                    {"cost_usd", arm.cost_usd}});
  return {{"name", pass.name}, {"rows", pass.rows},   {"trials", pass.trials},
          {"done", pass.done}, {"total", pass.total}, {"per_second", pass.per_second},
          {"arms", arms}};
}

}  // namespace

std::uint64_t process_started(int pid) {
  auto const stat = read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return 0;
  // The program's name, in parentheses, may hold spaces and parentheses itself.
  auto const after = stat->rfind(')');
  if (after == stat->npos) return 0;
  std::istringstream fields(stat->substr(after + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;  // proc(5): field 22 is starttime
  return std::strtoull(field.c_str(), nullptr, 10);
}

StatusFile::StatusFile(ports::Progress& to, std::filesystem::path file, ports::Clock& clock)
    : to_(to), file_(std::move(file)), clock_(clock), begun_(clock.now_utc()) {}

StatusFile::~StatusFile() {
  std::error_code ec;
  std::filesystem::remove(file_, ec);
}

void StatusFile::phase(std::string_view name) {
  phase_ = name;
  write(nullptr);
  to_.phase(name);
}

void StatusFile::tick(ports::PassState const& pass) {
  to_.tick(pass);
  auto const now = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (now - written_ < 1 && pass.done != pass.total) return;
  written_ = now;
  write(&pass);
}

void StatusFile::write(ports::PassState const* pass) {
  Json const out = {{"pid", ::getpid()}, {"process_started", process_started(::getpid())},
                    {"begun", begun_},   {"updated", clock_.now_utc()},
                    {"phase", phase_},   {"pass", pass ? pass_json(*pass) : Json()}};
  // Written beside and renamed, but not synced: it is worth nothing after a crash of the machine.
  auto const part = std::filesystem::path(file_.string() + ".part");
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file << out.dump() << "\n";
    if (!file.flush()) return;
  }
  std::error_code ec;
  std::filesystem::rename(part, file_, ec);
}

}  // namespace itera::engine
