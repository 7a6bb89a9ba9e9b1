#include "core/base/diagnostic.hpp"

#include <algorithm>
#include <utility>

namespace itera {
namespace {
Diagnostic& add(std::vector<Diagnostic>& items, Severity severity, std::string code, Span subject,
                std::string summary, std::string help) {
  items.push_back({severity, std::move(code), std::move(summary), subject, {}, std::move(help)});
  return items.back();
}
}  // namespace

Diagnostic& Diagnostics::error(std::string code, Span subject, std::string summary, std::string help) {
  return add(items_, Severity::error, std::move(code), subject, std::move(summary), std::move(help));
}

Diagnostic& Diagnostics::warning(std::string code, Span subject, std::string summary, std::string help) {
  return add(items_, Severity::warning, std::move(code), subject, std::move(summary), std::move(help));
}

std::size_t Diagnostics::error_count() const {
  return static_cast<std::size_t>(std::count_if(
      items_.begin(), items_.end(), [](Diagnostic const& d) { return d.severity == Severity::error; }));
}

bool Diagnostics::has_errors() const {
  return error_count() > 0;
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  auto out = items_;
  std::stable_sort(out.begin(), out.end(), [](Diagnostic const& a, Diagnostic const& b) {
    return a.subject.begin < b.subject.begin;
  });
  auto const same = [](Diagnostic const& a, Diagnostic const& b) {
    return a.code == b.code && a.subject == b.subject && a.summary == b.summary;
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

}  // namespace itera
