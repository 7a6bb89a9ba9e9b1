#pragma once
#include <optional>
#include <span>
#include <vector>

#include "core/ports/plugin_info.hpp"
#include "core/spec/spec.hpp"
#include "dsl/check/clause.hpp"
#include "dsl/check/cursor.hpp"

namespace itera::dsl::meaning {

/// The settings among the clauses of a plugin's block, each checked against the plugin's schema. Those with a
/// mistake are left out, and `sound` becomes false. A text that a setting of type `file` takes stays a text:
/// its path.
std::vector<spec::Setting> read_settings(Report& report, ports::PluginInfo const& info,
                                         std::span<Clause const> clauses, bool& sound);

/// What is inherited, with what is written laid over it.
std::vector<spec::Setting> overlay(std::vector<spec::Setting> base, std::span<spec::Setting const> own);

/// E305 at `where` if `settings` lack what the plugin needs.
void require_settings(Report& report, ports::PluginInfo const& info, std::span<spec::Setting const> settings,
                      Span where);

/// E202 for what is neither a setting nor starts with one of `heads`; false if there is such. `info` may be
/// missing.
bool refuse_clauses(Report& report, ports::PluginInfo const* info, std::span<Clause const> clauses,
                    std::span<std::string_view const> heads);

/// `NAME [{ settings }]` as the last part of a clause, from the cursor on. `info`, if given, gets the plugin.
/// Settings that are not written are those of `parent`, if that is the same plugin; a parent without a plugin
/// is not known, and nothing is missing then.
spec::Actor read_actor(Report& report, ports::PluginKind kind, Cursor& cursor, Clause const& clause,
                       ports::PluginInfo const** info = nullptr, spec::Actor const* parent = nullptr);

}  // namespace itera::dsl::meaning
