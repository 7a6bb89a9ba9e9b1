#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <itera/sdk/abi.h>

#include "core/base/result.hpp"

namespace itera::host {

/// A loaded plugin library whose tables have been checked. Immutable, so safe to share between threads. The
/// code stays mapped as long as one owner lives: whatever holds an instance holds its Library too.
class Library {
 public:
  /// Loads `file` (absolute: a relative path would depend on the working directory). Runs the library's
  /// static constructors, which can end the process; see probe() for libraries that are not trusted. Errors:
  /// `invalid` if there is no such file, `plugin` for everything that is wrong with it.
  static Result<std::shared_ptr<Library const>> load(std::filesystem::path const& file);
  ~Library();

  std::filesystem::path const& path() const { return path_; }
  itera_entry_v1 const& entry() const { return *entry_; }
  /// Complete descriptors only; at least one.
  std::vector<itera_descriptor const*> const& descriptors() const { return descriptors_; }

 private:
  struct Handle;
  Library(std::filesystem::path path, std::unique_ptr<Handle> handle);
  Status read_tables();

  std::filesystem::path path_;
  std::unique_ptr<Handle> handle_;
  itera_entry_v1 const* entry_ = nullptr;
  std::vector<itera_descriptor const*> descriptors_;
};

/// What the system said, out of the text of an exception of Boost.DLL:
/// "...load() failed (dlerror system message: TEXT): Bad file descriptor" -> "TEXT". The error code behind
/// the bracket is whatever errno happened to hold.
std::string dlerror_text(std::string const& what);

}  // namespace itera::host
