#pragma once
#include <string>
#include <variant>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/rational.hpp"

namespace itera::spec {

/// A value with the place where it was written.
template <class T>
struct At {
  T value{};
  Span span{};
};
using Name = At<std::string>;

enum class Unit { none, pp, percent, usd, ms, s };

/// A number as written: `5pp` is {5, pp}, `50k` is {50000, none}. `value` is in the written unit.
struct Quantity {
  Rational value;
  Unit unit = Unit::none;
  bool signed_ = false;  ///< a + or - was written
};

struct Word {
  std::string text;
};  ///< a bare word: enumerated settings, true, false
struct EnvRef {
  std::string name;
};  ///< env("NAME")
struct FileRef {
  std::string path;
};  ///< file("path")
struct Value;
using List = std::vector<Value>;

/// The value of a plugin's setting.
struct Value {
  std::variant<std::string, Quantity, Word, EnvRef, FileRef, List> data;
  Span span;
};

struct Setting {
  Name name;
  Value value;
};

}  // namespace itera::spec
