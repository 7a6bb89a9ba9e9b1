#include <itera/sdk/abi.h>

extern "C" ITERA_EXPORT const void* itera_plugin_entry(uint32_t abi_major) {
  static int const table_of_another_time = 0;
  return abi_major == 99 ? &table_of_another_time : nullptr;
}
