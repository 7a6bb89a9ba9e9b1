#include "keywords.hpp"

#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <itera/sdk/plugin.hpp>
#include <re2/re2.h>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/validation_results.hpp>

#include "plugins/text/answers.hpp"
#include "prepare.hpp"

namespace {

using valijson::ConstraintBuilder, valijson::ValidationResults, valijson::adapters::Adapter;
using valijson::constraints::Constraint, valijson::constraints::PolyConstraint;
using Context = std::vector<std::string>;

// A keyword of our own: what is wrong with a value, or nothing.
template <class Derived>
class Keyword : public PolyConstraint {
 public:
  bool validate(Adapter const& value, Context const& at, ValidationResults* results) const final {
    auto const problem = static_cast<Derived const&>(*this).problem(value);
    if (!problem.empty() && results) results->pushError(at, problem);
    return problem.empty();
  }

 private:
  Constraint* cloneInto(void* memory) const final {
    return new (memory) Derived(static_cast<Derived const&>(*this));
  }
  std::size_t sizeOf() const final { return sizeof(Derived); }
};

template <class Derived>
class Builder final : public ConstraintBuilder {
 public:
  Constraint* make(Adapter const& value) const override { return new Derived(value); }
};

std::shared_ptr<RE2 const> compiled(std::string const& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  auto out = std::make_shared<RE2 const>(pattern, options);
  if (!out->ok())
    throw itera::sdk::Invalid(fmt::format("`schema` has the pattern {}, which cannot be used: {}",
                                          itera::text::in_quotes(pattern), out->error()),
                              "patterns are RE2's, without look-around and back-references");
  return out;
}

class Pattern final : public Keyword<Pattern> {
 public:
  explicit Pattern(Adapter const& value) : pattern_(compiled(value.asString())) {}
  std::string problem(Adapter const& value) const {
    if (!value.isString() || RE2::PartialMatch(value.asString(), *pattern_)) return {};
    return "does not match the pattern " + itera::text::in_quotes(pattern_->pattern());
  }

 private:
  std::shared_ptr<RE2 const> pattern_;
};

// RFC 3339: no month has more days than this one says, and the 29th of February needs a leap year.
bool is_date(std::string const& text) {
  static RE2 const shape("(\\d{4})-(\\d\\d)-(\\d\\d)");
  int year = 0, month = 0, day = 0;
  if (!RE2::FullMatch(text, shape, &year, &month, &day) || month < 1 || month > 12 || day < 1) return false;
  bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  int const days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= days[month - 1];
}

bool is_time(std::string const& text) {
  static RE2 const shape(
      "([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)");
  return RE2::FullMatch(text, shape);
}

bool has_format(std::string const& text, std::string const& format) {
  if (format == "date") return is_date(text);
  if (format == "time") return is_time(text);
  if (format == "date-time")
    return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && is_date(text.substr(0, 10)) &&
           is_time(text.substr(11));
  if (format == "uuid") {
    static RE2 const shape("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    return RE2::FullMatch(text, shape);
  }
  if (format != "ipv4" && format != "ipv6") return true;
  unsigned char address[16];
  return text.find('\0') == text.npos &&
         ::inet_pton(format == "ipv4" ? AF_INET : AF_INET6, text.c_str(), address) == 1;
}

class Format final : public Keyword<Format> {
 public:
  explicit Format(Adapter const& value) : format_(value.asString()) {}
  std::string problem(Adapter const& value) const {
    if (!value.isString() || has_format(value.asString(), format_)) return {};
    return fmt::format("is no {}: {}", format_, itera::text::in_quotes(value.asString()));
  }

 private:
  std::string format_;
};

// The same text for equal values: members by name, numbers by value.
std::string canonical(Adapter const& value) {
  if (value.isObject()) {
    std::set<std::string> members;
    value.applyToObject([&](std::string const& name, Adapter const& member) {
      members.insert(itera::sdk::json_quote(name) + ":" + canonical(member));
      return true;
    });
    return fmt::format("{{{}}}", fmt::join(members, ","));
  }
  if (value.isArray()) {
    std::string out = "[";
    value.applyToArray([&](Adapter const& item) {
      out += canonical(item) + ",";
      return true;
    });
    return out + "]";
  }
  if (value.isString()) return itera::sdk::json_quote(value.asString());
  if (value.isBool()) return value.asBool() ? "true" : "false";
  if (value.isInteger()) return std::to_string(value.asInteger());
  if (value.isNumber()) {
    auto const number = value.asDouble();
    bool const whole = std::abs(number) < 9e18 && number == std::floor(number);
    return whole ? std::to_string(static_cast<std::int64_t>(number)) : fmt::format("{}", number);
  }
  return "null";
}

class UniqueItems final : public Keyword<UniqueItems> {
 public:
  explicit UniqueItems(Adapter const& value) : wanted_(value.asBool()) {}
  std::string problem(Adapter const& value) const {
    std::set<std::string> seen;
    std::string twice;
    if (wanted_ && value.isArray())
      value.applyToArray([&](Adapter const& item) {
        auto text = canonical(item);
        if (!seen.contains(text)) return seen.insert(std::move(text)).second;
        twice = std::move(text);
        return false;
      });
    return twice.empty() ? twice : "holds " + itera::text::in_quotes(twice) + " twice";
  }

 private:
  bool wanted_;
};

}  // namespace

void add_keywords(valijson::SchemaParser& parser) {
  parser.addConstraintBuilder(kPattern, new Builder<Pattern>);  // the parser deletes them
  parser.addConstraintBuilder(kFormat, new Builder<Format>);
  parser.addConstraintBuilder(kUniqueItems, new Builder<UniqueItems>);
}
