#include <itera/sdk/abi.h>

extern "C" int itera_test_symbol_that_nobody_defines();
extern "C" ITERA_EXPORT const void* itera_plugin_entry(uint32_t) {
  return itera_test_symbol_that_nobody_defines() != 0 ? "" : nullptr;
}
