#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/compact_string.hpp"
#include "core/base/maybe_number.hpp"
#include "core/run/cell.hpp"
#include "core/split/rows.hpp"

namespace itera {
namespace {

// 15 bytes are the most that stand inside; every byte may be part of a text.
TEST(CompactString, HoldsTextsOfEverySize) {
  for (std::size_t size : {0, 1, 14, 15, 16, 17, 254, 255, 256, 65535, 65536, 100000}) {
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 37 + size);
    CompactString const compact = text;
    EXPECT_EQ(compact.view(), text) << size;
    EXPECT_EQ(compact.size(), size);
    EXPECT_EQ(compact.empty(), size == 0);
  }
  EXPECT_EQ(CompactString(std::string(15, '\xFF')).view(), std::string(15, '\xFF'));
}

TEST(CompactString, IsCopiedMovedAndAssigned) {
  for (auto const& text : {std::string("short"), std::string(40, 'l')}) {
    CompactString a = text;
    auto b = a;
    EXPECT_EQ(b, a);
    auto const c = std::move(a);
    EXPECT_EQ(c.view(), text);
    a = "anew";
    EXPECT_EQ(a.view(), "anew");
    b = b.view().substr(1);  // a view of what is replaced
    EXPECT_EQ(b.view(), text.substr(1));
    auto const& same = b;
    b = same;
    EXPECT_EQ(b.view(), text.substr(1));
    std::vector<CompactString> many(3, c);
    many.insert(many.begin(), "first");
    many.erase(many.begin() + 1);
    EXPECT_EQ(many, (std::vector<CompactString>{"first", text, text}));
  }
}

TEST(CompactString, ComparesAsBytes) {
  EXPECT_LT(CompactString("a"), CompactString("b"));
  EXPECT_LT(CompactString("a"), CompactString(std::string(20, 'a')));
  EXPECT_LT(CompactString(std::string(20, 'a')), CompactString("b"));
  EXPECT_LT(CompactString("z"), CompactString("\xC3\xA9"));
  EXPECT_NE(CompactString(), CompactString(" "));
  EXPECT_EQ(std::string_view("k"), CompactString("k"));
  EXPECT_EQ(fmt::format("`{}`", CompactString("key")), "`key`");
}

TEST(MaybeNumber, IsANumberOrNothing) {
  MaybeNumber value;
  EXPECT_FALSE(value);
  EXPECT_EQ(value.value_or(7), 7);
  EXPECT_EQ(value, MaybeNumber(std::optional<double>()));
  value = 0.0;
  EXPECT_TRUE(value);
  EXPECT_EQ(*value, 0);
  EXPECT_NE(value, MaybeNumber());
  EXPECT_EQ(value, std::optional<double>(-0.0));
  value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(value);
  value = 1.5;
  value.reset();
  EXPECT_FALSE(value);
}

// There are millions of both at once.
TEST(Memory, RowsAndCellsStayNarrow) {
  EXPECT_LE(sizeof(split::Row), 144U);
  EXPECT_LE(sizeof(run::Cell), 48U);
}

}  // namespace
}  // namespace itera
