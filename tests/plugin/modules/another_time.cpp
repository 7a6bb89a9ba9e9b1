// A plugin that was built against an SDK with shorter or longer structs than the host's, by hand.
#include <cstddef>
#include <cstring>

#include <itera/sdk/abi.h>

namespace {

#if defined(OLDER)
// Before `max_batch` and `traits` existed: what stands there is not ours.
constexpr uint32_t kDescriptorSize = offsetof(itera_descriptor, max_batch);
#else
constexpr uint32_t kDescriptorSize = sizeof(itera_descriptor) + 64;
#endif

struct Descriptor {
  itera_descriptor known;
  char later[64];
};

itera_descriptor const* describe(uint32_t index){static Descriptor descriptor{
    {kDescriptorSize, "test.arm.time", "time", "1", "from another time", ITERA_ARM_V1, "{}", 0xFFFF,
#if defined(OLDER)
     reinterpret_cast<char const* const*>(1)},  // the host would crash on it
#else
     nullptr},
#endif
    {}};
return index == 0 ? &descriptor.known : nullptr;
}  // namespace

itera_status step(itera_instance*, const itera_call* call, const itera_items* items) {
  for (uint64_t i = 0; i < items->count; ++i) {
    auto const* item =
        reinterpret_cast<itera_item const*>(reinterpret_cast<char const*>(items->data) + i * items->stride);
    constexpr char json[] = "{\"output\":\"x\"}";
    call->emit(call, item->handle, ITERA_EMIT_ANSWER, {json, std::strlen(json)});
  }
  return ITERA_OK;
}

struct Table {
  itera_arm_v1 known;
  void (*later)();
};

void const* get_interface(const itera_instance*, const char*) {
#if defined(OLDER)
  static Table const table{
      {offsetof(itera_arm_v1, prepare), &step, reinterpret_cast<decltype(itera_arm_v1::prepare)>(1)},
      nullptr};
#else
  static Table const table{{sizeof(Table), &step, nullptr}, nullptr};
#endif
  return &table;
}

itera_status create(const char*, const itera_host*, itera_str, const itera_call*, itera_instance** made) {
  static itera_instance instance{sizeof(itera_instance), nullptr, [](itera_instance*) {}, &get_interface};
  *made = &instance;
  return ITERA_OK;
}

itera_entry_v1 const entry{sizeof(itera_entry_v1), 1, &describe, &create};

}  // namespace

extern "C" ITERA_EXPORT const void* itera_plugin_entry(uint32_t abi_major) {
  return abi_major == 1 ? &entry : nullptr;
}
