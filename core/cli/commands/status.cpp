#include "core/cli/view/status.hpp"

#include <ostream>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/engine/status.hpp"

namespace itera::cli {

int status(Context const& context, std::string const& folder) {
  auto const standing = engine::standing(folder);
  if (!standing) return say_error(context, standing.error());
  context.json ? view::json_status(context.out, *standing) : view::human_status(context.out, *standing);
  return exit_code::ok;
}

}  // namespace itera::cli
