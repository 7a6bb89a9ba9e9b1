#pragma once
#include "core/ports/plugin_info.hpp"
#include "core/spec/value.hpp"
#include "dsl/check/report.hpp"

namespace itera::dsl::meaning {

/// The plugin called `name`; E301 or E302 and nothing if there is none or it does not load.
ports::PluginInfo const* find_plugin(Report& report, ports::PluginKind kind, spec::Name const& name);

/// "a judge", "an arm".
std::string_view with_article(ports::PluginKind kind);

}  // namespace itera::dsl::meaning
