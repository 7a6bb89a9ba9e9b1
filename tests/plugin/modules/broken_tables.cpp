// One library per fault, chosen when it is compiled.
#include <itera/sdk/abi.h>

namespace {

itera_descriptor const* describe(uint32_t index) {
  static itera_descriptor all[] = {{sizeof(itera_descriptor), "test.broken", "broken", "1.0.0", "broken",
                                    ITERA_JUDGE_V1, "{}", 0, nullptr}};
#if defined(FAULT_DESCRIBE_NULL)
  return index > 0 ? all : nullptr;
#elif defined(FAULT_SHORT_DESCRIPTOR)
  all[0].struct_size = 16;
#elif defined(FAULT_NO_VERSION)
  all[0].version = nullptr;
#elif defined(FAULT_BAD_SCHEMA)
  all[0].settings_schema = R"({"properties": {"limit": {"type": "text"}}})";
#elif defined(FAULT_SCHEMA_NOT_JSON)
  all[0].settings_schema = "{properties}";
#endif
  return index == 0 ? all : nullptr;
}

itera_status create(const char*, const itera_host*, itera_str, const itera_call*, itera_instance** made) {
#if defined(FAULT_NO_INTERFACE)
  static itera_instance instance{sizeof(itera_instance), nullptr, [](itera_instance*) {},
                                 [](const itera_instance*, const char*) -> const void* { return nullptr; }};
  *made = &instance;
#elif defined(FAULT_SHORT_TABLE)
  static itera_judge_v1 const table{4, nullptr};
  static itera_instance instance{sizeof(itera_instance), nullptr, [](itera_instance*) {},
                                 [](const itera_instance*, const char*) -> const void* { return &table; }};
  *made = &instance;
#else
  (void)made;
#endif
  return ITERA_OK;
}

#if defined(FAULT_TRUNCATED)
constexpr uint32_t kSize = 8;
#else
constexpr uint32_t kSize = sizeof(itera_entry_v1);
#endif
#if defined(FAULT_EMPTY)
constexpr uint32_t kCount = 0;
#else
constexpr uint32_t kCount = 1;
#endif
itera_entry_v1 const entry{kSize, kCount, &describe, &create};

}  // namespace

extern "C" ITERA_EXPORT const void* itera_plugin_entry(uint32_t) {
  return &entry;
}
