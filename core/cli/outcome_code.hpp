#pragma once
#include "core/cli/app.hpp"
#include "core/verdict/decide.hpp"

namespace itera::cli {

/// What a command that ends in a verdict exits with.
inline int code_of(verdict::Outcome outcome) {
  switch (outcome) {
    case verdict::Outcome::ship:
      return exit_code::ok;
    case verdict::Outcome::ship_narrowly:
      return exit_code::narrow;
    case verdict::Outcome::kill:
      return exit_code::kill;
    case verdict::Outcome::inconclusive:
      return exit_code::inconclusive;
    case verdict::Outcome::invalid:
      return exit_code::invalid;
  }
  return exit_code::failure;
}

}  // namespace itera::cli
