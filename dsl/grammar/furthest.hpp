#pragma once
// Directives for Spirit X3 that report without exceptions. X3's own expectation points, on_error and where()
// behave differently in different releases of Boost; these do not.
//   named{"a value"}[p]  when p fails, notes its name at the (skipped) position; the deepest position wins
//   on{f}[p]             when p matches, calls f(trace, begin, end) with the offsets of what p took
//   recovering[p]        when p fails, reports the deepest failure, skips the rest of the sentence and
//   succeeds
// This header is for grammar.cpp alone.
#include <string_view>
#include <utility>

#include <boost/spirit/home/x3.hpp>

#include "dsl/grammar/trace.hpp"

namespace itera::dsl::grammar {

namespace x3 = boost::spirit::x3;
using It = std::string_view::const_iterator;
struct trace_tag;

template <class Context>
Trace& trace_of(Context const& context) {
  return x3::get<trace_tag>(context).get();
}
inline std::size_t offset(Trace const& trace, It at) {
  return static_cast<std::size_t>(at - trace.text.begin());
}
inline It at(Trace const& trace, std::size_t offset) {
  return trace.text.begin() + static_cast<std::ptrdiff_t>(offset);
}

template <class Subject>
struct NamedDirective : x3::unary_parser<Subject, NamedDirective<Subject>> {
  using attribute_type = x3::unused_type;
  static bool const has_attribute = false;
  constexpr NamedDirective(Subject const& subject, char const* name)
      : x3::unary_parser<Subject, NamedDirective>(subject), name(name) {}
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, It const& last, Context const& context, RuleContext& rule, Attribute&) const {
    It start = first;
    x3::skip_over(start, last, context);
    auto& trace = trace_of(context);
    if (this->subject.parse(first, last, context, rule, x3::unused)) {
      trace.took(offset(trace, first));
      return true;
    }
    trace.expected(offset(trace, start), name);
    return false;
  }
  char const* name;
};

struct named {
  char const* name;
  template <class S>
  constexpr auto operator[](S const& subject) const {
    return NamedDirective<typename x3::extension::as_parser<S>::value_type>(x3::as_parser(subject), name);
  }
};

template <class Subject, class Event>
struct EventDirective : x3::unary_parser<Subject, EventDirective<Subject, Event>> {
  using attribute_type = x3::unused_type;
  static bool const has_attribute = false;
  constexpr EventDirective(Subject const& subject, Event event)
      : x3::unary_parser<Subject, EventDirective>(subject), event(event) {}
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, It const& last, Context const& context, RuleContext& rule, Attribute&) const {
    It start = first;
    x3::skip_over(start, last, context);
    if (!this->subject.parse(first, last, context, rule, x3::unused)) return false;
    auto& trace = trace_of(context);
    trace.took(offset(trace, first));
    event(trace, offset(trace, start), offset(trace, first));
    return true;
  }
  Event event;
};

template <class Event>
struct on {
  Event event;
  template <class S>
  constexpr auto operator[](S const& subject) const {
    return EventDirective<typename x3::extension::as_parser<S>::value_type, Event>(x3::as_parser(subject),
                                                                                   event);
  }
};
template <class Event>
on(Event) -> on<Event>;

template <class Subject>
struct RecoveringDirective : x3::unary_parser<Subject, RecoveringDirective<Subject>> {
  using attribute_type = x3::unused_type;
  static bool const has_attribute = false;
  constexpr explicit RecoveringDirective(Subject const& subject)
      : x3::unary_parser<Subject, RecoveringDirective>(subject) {}
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, It const& last, Context const& context, RuleContext& rule, Attribute&) const {
    if (this->subject.parse(first, last, context, rule, x3::unused)) return true;
    auto& trace = trace_of(context);
    first = at(trace, trace.recover());
    return true;
  }
};

struct RecoveringMaker {
  template <class S>
  constexpr auto operator[](S const& subject) const {
    return RecoveringDirective<typename x3::extension::as_parser<S>::value_type>(x3::as_parser(subject));
  }
};
inline constexpr RecoveringMaker recovering{};

/// A terminal that is written by hand: `take(trace, offset)` gives the offset after it, or the same if it is
/// not there.
template <class Take>
struct HandWritten : x3::parser<HandWritten<Take>> {
  using attribute_type = x3::unused_type;
  static bool const has_attribute = false;
  constexpr explicit HandWritten(Take take) : take(take) {}
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, It const& last, Context const& context, RuleContext&, Attribute&) const {
    It start = first;
    x3::skip_over(start, last, context);
    auto& trace = trace_of(context);
    auto const begin = offset(trace, start);
    auto const [matched, end] = take(trace, begin);
    if (!matched) return false;
    first = at(trace, end);
    return true;
  }
  Take take;
};

}  // namespace itera::dsl::grammar
