#include "core/report/json_walk.hpp"

#include <fmt/format.h>

namespace itera::report {

std::string Walk::shown(double value) {
  return fmt::format("{}", value);
}

char const* Walk::kind() const {
  switch (at_->type()) {
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "a text";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::null:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace itera::report
