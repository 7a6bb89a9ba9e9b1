#include "core/engine/folder.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "core/base/file.hpp"

namespace itera::engine {
namespace {

namespace fs = std::filesystem;

fs::path repository_of(fs::path const& folder) {
  std::error_code ec;
  for (auto at = fs::weakly_canonical(folder, ec); !at.empty(); at = at.parent_path()) {
    if (fs::exists(at / ".git", ec)) return at;
    if (at == at.parent_path()) break;
  }
  return folder;
}

// "2026-04-12-" and then exactly the name: `router` is not `old_router`.
bool is_folder_of(std::string const& folder, std::string const& name) {
  if (folder.size() != name.size() + 11 || !folder.ends_with("-" + name)) return false;
  for (std::size_t i = 0; i < 10; ++i) {
    auto const dash = i == 4 || i == 7;
    if (dash ? folder[i] != '-' : !std::isdigit(static_cast<unsigned char>(folder[i]))) return false;
  }
  return true;
}

}  // namespace

Result<Folder> find_folder(std::string const& name, fs::path const& spec_folder,
                           std::optional<fs::path> const& out, std::string const& today) {
  std::error_code ec;
  auto const base = repository_of(spec_folder) / "docs" / "experiments";
  std::vector<fs::path> found;
  for (auto it = fs::directory_iterator(base, ec); !ec && it != fs::directory_iterator(); it.increment(ec))
    if (it->is_directory(ec) && is_folder_of(it->path().filename().string(), name))
      found.push_back(it->path());
  std::sort(found.begin(), found.end());
  auto const note = base / ".elsewhere" / name;
  if (auto const where = read_file(note); where && fs::exists(fs::path(*where) / "ledger.jsonl", ec))
    found.emplace_back(*where);
  if (found.size() > 1)
    return fail(
        ErrorClass::invalid,
        fmt::format("experiment `{}` has two folders: {} and {}", name, found[0].string(), found[1].string()),
        "an experiment's identity is its name: keep one of them");
  if (out) {
    auto const wanted = fs::weakly_canonical(fs::absolute(*out), ec);
    if (!found.empty() && fs::weakly_canonical(found[0], ec) != wanted)
      return fail(ErrorClass::refused,
                  fmt::format("experiment `{}` already stands in {}", name, found[0].string()),
                  "leave out --out to go on with it, or give the new experiment a new name");
    return Folder{
        wanted, found.empty() && wanted.parent_path() != fs::weakly_canonical(base, ec) ? note : fs::path()};
  }
  return Folder{found.empty() ? base / fmt::format("{}-{}", today, name) : found[0], {}};
}

Status check_is_experiment(Folder const& folder) {
  std::error_code ec;
  if (fs::is_regular_file(folder.ledger(), ec)) return {};
  return fail(ErrorClass::invalid,
              fmt::format("{} is no experiment's folder: it has no ledger.jsonl", folder.root.string()),
              "name the folder that `itera run` wrote, for example docs/experiments/2026-04-12-router");
}

std::vector<std::string> files_of(Folder const& folder) {
  std::vector<std::string> out;
  std::error_code ec;
  for (auto it = fs::recursive_directory_iterator(folder.root, ec); !ec && it != fs::end(it);
       it.increment(ec)) {
    if (it->path() == folder.state()) it.disable_recursion_pending();
    if (it->is_regular_file(ec)) out.push_back(fs::relative(it->path(), folder.root, ec).generic_string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Status make(Folder const& folder) {
  std::error_code ec;
  if (auto const ok = make_folder(folder.state()); !ok) return ok;
  fs::permissions(folder.state(), fs::perms::owner_all, ec);
  // Both now: what cannot be written would be found when the answers are paid for.
  for (auto const& where : {folder.root, folder.state()})
    if (auto const ok = try_writing(where); !ok) return ok;
  if (!folder.elsewhere.empty()) {
    if (auto const ok = make_folder(folder.elsewhere.parent_path()); !ok) return ok;
    if (auto const ok = keep_file(folder.elsewhere.parent_path() / ".gitignore", "*\n"); !ok) return ok;
    if (auto const ok = keep_file(folder.elsewhere, folder.root.string()); !ok) return ok;
  }
  return keep_file(folder.state() / ".gitignore", "*\n");
}

}  // namespace itera::engine
