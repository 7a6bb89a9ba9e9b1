#pragma once
#include <string>

#include "core/ports/plugin_info.hpp"
#include "dsl/language_server/vocabulary.hpp"

namespace itera::dsl::language_server {

// Markdown for a hover or for what stands beside a completion.

/// The clause's form, what it means, whether it must be written, and the rule of the method behind it.
std::string describe(Form const& form);
std::string describe(Word const& word);
std::string describe(ports::PluginInfo const& info);
std::string describe(ports::PluginInfo const& info, ports::SettingSchema const& setting);

/// "required text", "number in s, default 10s": one line beside a name.
std::string in_short(ports::SettingSchema const& setting);
/// The default as it would be written in a spec; empty if there is none.
std::string written_default(ports::SettingSchema const& setting);
/// "optional; default: 3".
std::string presence(Form const& form);

}  // namespace itera::dsl::language_server
