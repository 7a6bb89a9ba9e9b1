// Does something bad as soon as it is loaded, chosen when it is compiled.
#include <cstdio>
#include <cstdlib>

#include <itera/sdk/abi.h>
#include <unistd.h>

namespace {

struct AtLoad {
  AtLoad() {
#if defined(FAULT_ABORT)
    std::fputs("the licence server is gone\n", stderr);
    std::abort();
#elif defined(FAULT_EXIT)
    std::exit(0);
#elif defined(FAULT_HANG)
    for (;;) ::pause();
#endif
  }
} const at_load;

}  // namespace

extern "C" ITERA_EXPORT const void* itera_plugin_entry(uint32_t) {
  return nullptr;
}
