#pragma once
#include <string_view>

namespace itera::host {

/// True if `line` is a JSON object whose "id" is `id`, as text or as the same whole number: programs often
/// read an id into a number. Everything else that a program prints is noise.
bool is_reply(std::string_view line, std::string_view id);

}  // namespace itera::host
