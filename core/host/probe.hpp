#pragma once
#include <chrono>
#include <filesystem>

#include "core/base/result.hpp"

namespace itera::host {

/// Loads `file` in a child process first: its static constructors may crash, exit or hang, and only a child
/// can survive that with a sentence that names the plugin. Success says that loading does not end the
/// process, not that the library is a plugin. Waits no longer than `limit`. Call it from a process with one
/// thread if possible (it forks).
Status probe(std::filesystem::path const& file, std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace itera::host
