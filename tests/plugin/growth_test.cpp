// Structs grow at their ends: host and plugin of different times must understand each other.
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <itera/sdk/abi.h>

#include "core/host/exchange.hpp"
#include "core/host/library.hpp"
#include "tests/plugin/support.hpp"

namespace itera::tests {
namespace {

TEST(Growth, AHostReadsOnlyWhatAnOlderPluginHas) {
  host::PluginCatalog catalog({});
  auto const info = catalog.use("time", module("arm_time"));
  ASSERT_TRUE(info) << info.error().what;
  EXPECT_TRUE((*info)->traits.empty());
  auto arm = host::PluginActors(catalog).arm(**info, "{}");
  ASSERT_TRUE(arm) << arm.error().what;
  EXPECT_EQ((*arm)->prepare().value(), std::nullopt);
  ports::StepItem item;
  item.handle = 4;
  EXPECT_EQ(step_one(**arm, item).json, R"({"output":"x"})");
}

TEST(Growth, AHostTakesLongerTablesOfANewerPlugin) {
  host::PluginCatalog catalog({});
  auto const info = catalog.use("time", module("arm_time_newer"));
  ASSERT_TRUE(info) << info.error().what;
  auto arm = host::PluginActors(catalog).arm(**info, "{}");
  ASSERT_TRUE(arm) << arm.error().what;
  ports::StepItem item;
  item.handle = 4;
  EXPECT_EQ(step_one(**arm, item).json, R"({"output":"x"})");
}

/// Calls an SDK plugin as a host would whose items are `stride` bytes long.
std::vector<std::string> step_with_stride(std::size_t stride) {
  auto const library = host::Library::load(module("judge_faulty")).value();
  itera_host const lent{sizeof lent, nullptr,
                        [](itera_host const*, char const*) -> void const* { return nullptr; }};
  host::Exchange exchange({});
  itera_instance* judge = nullptr;
  EXPECT_EQ(library->entry().create("test.judge.faulty", &lent, host::borrow(R"({"fault": ""})"),
                                    exchange.raw(), &judge),
            ITERA_OK);
  auto const* table = static_cast<itera_judge_v1 const*>(judge->get_interface(judge, ITERA_JUDGE_V1));
  EXPECT_EQ(judge->get_interface(judge, "itera.judge/2"), nullptr);

  std::vector<char> bytes(2 * stride, '\x7F');
  for (std::size_t i = 0; i < 2; ++i) {
    itera_item item{};
    item.handle = i + 1;
    item.label = host::borrow("A");
    std::memcpy(bytes.data() + i * stride, &item, std::min(sizeof item, stride));
  }
  itera_items const items{sizeof items, 0, 2, stride, reinterpret_cast<itera_item const*>(bytes.data())};
  EXPECT_EQ(table->step(judge, exchange.raw(), &items), ITERA_OK);
  judge->destroy(judge);
  std::vector<std::string> out;
  for (auto const& emission : exchange.emissions)
    out.push_back(std::to_string(emission.handle) + emission.json);
  return out;
}

TEST(Growth, APluginTakesShorterAndLongerItems) {
  auto const same = step_with_stride(sizeof(itera_item));
  ASSERT_EQ(same.size(), 2U);
  EXPECT_NE(same[1].find("label A"), std::string::npos);
  EXPECT_EQ(step_with_stride(sizeof(itera_item) + 40), same);
  auto const shorter = step_with_stride(offsetof(itera_item, label));
  ASSERT_EQ(shorter.size(), 2U);
  EXPECT_EQ(shorter[1].front(), '2');
  EXPECT_EQ(shorter[1].find("label A"), std::string::npos) << "what an older host does not give is empty";
}

TEST(Growth, OneLibraryAnswersForItsOwnIdsOnly) {
  auto const library = host::Library::load(module("kinds")).value();
  itera_host const lent{sizeof lent, nullptr,
                        [](itera_host const*, char const*) -> void const* { return nullptr; }};
  host::Exchange exchange({});
  itera_instance* made = nullptr;
  EXPECT_EQ(library->entry().create("test.of.nobody", &lent, host::borrow("{}"), exchange.raw(), &made),
            ITERA_INTERNAL);
  EXPECT_EQ(made, nullptr);
  EXPECT_EQ(library->entry().describe(3), nullptr);
}

}  // namespace
}  // namespace itera::tests
