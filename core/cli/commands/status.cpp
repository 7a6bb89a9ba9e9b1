#include "core/cli/view/status.hpp"

#include <ostream>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/engine/status.hpp"

namespace itera::cli {

int status(Context const& context, std::string const& folder) {
  auto const report = engine::status_of(folder);
  if (!report) return say_error(context, report.error());
  context.json ? view::json_status(context.out, *report) : view::human_status(context.out, *report);
  return exit_code::ok;
}

}  // namespace itera::cli
