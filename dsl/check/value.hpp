#pragma once
#include <optional>

#include "core/ports/plugin_info.hpp"
#include "core/spec/value.hpp"
#include "dsl/check/report.hpp"
#include "dsl/syntax/tree.hpp"

namespace itera::dsl::meaning {

/// The value of a setting, checked against its schema; nothing after a mistake, which is reported. `kind`
/// decides whether a file that it names must exist: what an arm or a judge reads is part of the experiment,
/// rows may not be at hand where a spec is reviewed.
std::optional<spec::Value> read_value(Report& report, ports::PluginKind kind,
                                      ports::SettingSchema const& schema, syntax::Term const& term);

/// How a value of the setting looks, for a message: `env("NAME")`, `5ms`.
std::string example_of(ports::SettingSchema const& schema);

}  // namespace itera::dsl::meaning
