#include "dsl/format/gap.hpp"

#include <algorithm>

namespace itera::dsl::layout {

Gap gap_between(std::string_view source, std::size_t begin, std::size_t end) {
  Gap out;
  bool own_line = begin == 0;
  int breaks = 0;  // since the token or comment before
  for (auto at = begin; at < end; ++at) {
    char const c = source[at];
    if (c == '\n') {
      own_line = out.line_break = true;
      ++breaks;
    } else if (c == '/') {
      auto const stop = std::min(source.find('\n', at), end);
      auto text = source.substr(at, stop - at);
      text = text.substr(0, text.find_last_not_of(" \t\r") + 1);
      out.comments.push_back({text, own_line, breaks > 1});
      breaks = 0;
      at = stop - 1;
    } else if (c == ',') {
      out.comma = true;
      own_line = false;
    }
  }
  out.after_blank = breaks > 1;
  return out;
}

std::size_t end_of(syntax::Term const& term) {
  return term.kind == syntax::TermKind::assignment ? end_of(term.items.back()) : term.span.end;
}

}  // namespace itera::dsl::layout
