#pragma once
#include <string_view>

namespace itera::log {

enum class Level { debug, info, warning, error };

/// Lines below `level` are dropped. Logs go to standard error; results never do.
void set_level(Level level);
/// Thread-safe.
void write(Level level, std::string_view text);

}  // namespace itera::log
