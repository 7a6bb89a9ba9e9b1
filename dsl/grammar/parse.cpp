#include "dsl/grammar/parse.hpp"

#include "dsl/grammar/grammar.hpp"
#include "dsl/grammar/scan.hpp"

namespace itera::dsl {

syntax::File parse(SourceMap const& source, Diagnostics& problems) {
  if (!grammar::is_parsable(source, problems)) return {{}, false};
  return grammar::read(source.text(), problems);
}

}  // namespace itera::dsl
