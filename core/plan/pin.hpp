#pragma once
#include <filesystem>

#include "core/base/result.hpp"
#include "core/plan/plan.hpp"

namespace itera::plan {

/// Pins one use of a plugin. `role` names it in errors ("arm `v2`"). `hash_files` is false for sources: their
/// data enters the ledger when rows are read, never before the frame is locked.
Result<PinnedActor> pin(spec::Actor const& actor, ports::PluginInfo const& info,
                        std::filesystem::path const& folder, std::string const& role, bool hash_files,
                        bool resolve_secrets);

/// What a plugin says of a text setting at a place in it, "`template`:3:8: ...", with the name of the file
/// that the spec gives for the setting: "our.mustache:3:8: ...". Settings written in the spec itself stay as
/// they are.
std::string with_file_names(PinnedActor const& actor, std::string text);

}  // namespace itera::plan
