#include "core/cli/view/doctor.hpp"

#include <algorithm>

#include "core/cli/app.hpp"
#include "core/cli/context.hpp"
#include "core/cli/load.hpp"
#include "core/cli/system_clock.hpp"
#include "core/engine/doctor.hpp"

namespace itera::cli {

int doctor(Context const& context, std::string const& folder, bool salvage) {
  if (salvage) {
    SystemClock clock;
    auto const saved = engine::salvage(folder, clock, ITERA_VERSION);
    if (!saved) return say_error(context, saved.error());
    context.json ? view::json_salvage(context.out, *saved) : view::human_salvage(context.out, *saved);
    return exit_code::ok;
  }
  auto const health = engine::examine(folder);
  if (!health) return say_error(context, health.error());
  context.json ? view::json_health(context.out, *health) : view::human_health(context.out, *health);
  bool const whole =
      std::all_of(health->findings.begin(), health->findings.end(), [](auto const& f) { return f.whole; });
  return whole ? exit_code::ok : exit_code::failure;
}

}  // namespace itera::cli
