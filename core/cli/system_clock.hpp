#pragma once
#include "core/ports/surroundings.hpp"

namespace itera::cli {

class SystemClock final : public ports::Clock {
 public:
  std::string now_utc() override;
  std::string today_utc() override;
};

}  // namespace itera::cli
