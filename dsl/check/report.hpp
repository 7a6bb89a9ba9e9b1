#pragma once
#include <filesystem>
#include <string>
#include <utility>

#include "core/base/diagnostic.hpp"
#include "core/base/source_map.hpp"
#include "core/ports/plugin_info.hpp"
#include "dsl/check/check.hpp"
#include "dsl/syntax/codes.hpp"

namespace itera::dsl::meaning {

/// What every part of the checker needs: the text, the plugins, where relative paths start, and the list of
/// problems. A hostile file could have a mistake on each of a million lines, so the list is bounded.
class Report {
 public:
  Report(SourceMap const& source, ports::Catalog& catalog, std::filesystem::path const& folder,
         ColumnReader const& columns, Diagnostics& problems)
      : source(source), catalog(catalog), folder(folder), columns(columns), problems_(problems) {}

  SourceMap const& source;
  ports::Catalog& catalog;
  std::filesystem::path const& folder;
  ColumnReader const& columns;

  /// The result may be given labels at once; it is not to be kept.
  Diagnostic& error(Code const& code, Span subject, std::string summary, std::string help = {}) {
    ++errors_;
    if (count_ > kShown) return spare_;
    if (++count_ > kShown)
      return problems_.error(codes::too_many.id, subject,
                             "there are more than 100 errors, the rest is not shown");
    return problems_.error(code.id, subject, std::move(summary), std::move(help));
  }
  void warning(Code const& code, Span subject, std::string summary, std::string help) {
    if (count_ <= kShown) problems_.warning(code.id, subject, std::move(summary), std::move(help));
  }
  /// Whether errors are still shown. A look for what was meant, which takes its time, is in vain otherwise.
  bool full() const { return count_ > kShown; }
  /// How many errors were reported so far.
  std::size_t errors() const { return errors_; }

 private:
  static constexpr int kShown = 100;
  Diagnostics& problems_;
  Diagnostic spare_;
  int count_ = 0;
  std::size_t errors_ = 0;
};

}  // namespace itera::dsl::meaning
