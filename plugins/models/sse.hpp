#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace itera::models {

/// The data of each event of a body of server-sent events (WHATWG HTML 9.2.6): lines `data:` of one event are
/// joined by line breaks; comments and other fields are skipped. An event that the body's end cut off is
/// left out, unless nothing but its blank line is missing.
std::vector<std::string> event_data(std::string_view body);

}  // namespace itera::models
