#pragma once
#include <string>

#include "core/ports/plugin_info.hpp"

namespace itera::cli::view {

/// One plugin of the list, or why it could not be read.
struct PluginLine {
  ports::PluginKind kind;
  std::string short_name;
  ports::PluginInfo const* info = nullptr;
  std::string problem;
};

}  // namespace itera::cli::view
