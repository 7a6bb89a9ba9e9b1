#include "core/split/seal.hpp"

#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/stat.h>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "tests/unit/core/support.hpp"

namespace itera::split {
namespace {

class SealedFolder : public ::testing::Test {
 protected:
  SealedFolder() {
    auto seal = Seal::in(folder_.path());
    EXPECT_TRUE(seal);
    seal_.emplace(std::move(*seal));
  }
  static std::vector<Row> rows() {
    Row r{"k", "{\"text\":\"one secret\"}", "x", {"a"}, "", {}};
    r.digest = sha256_bytes(R"(["k","{\"text\":\"one secret\"}","x",["a"],""])");
    return {r};
  }
  std::filesystem::path file() const { return folder_.path() / "test.sealed"; }
  test::TempFolder folder_;
  std::optional<Seal> seal_;
};

TEST_F(SealedFolder, GivesBackWhatItTookAndShowsNothing) {
  ASSERT_TRUE(seal_->write(Part::test, "exp", rows()));
  auto const bytes = read_file(file()).value();
  EXPECT_EQ(bytes.find("secret"), bytes.npos);
  auto const back = seal_->open(Part::test, "exp");
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->front().input, rows().front().input);
  struct stat info {};
  ASSERT_EQ(::stat((folder_.path() / "seal.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(SealedFolder, RefusesAnotherExperimentAndAnotherPart) {
  ASSERT_TRUE(seal_->write(Part::test, "exp", rows()));
  EXPECT_FALSE(seal_->open(Part::test, "other"));
  std::filesystem::copy(file(), folder_.path() / "dev.sealed");
  auto const wrong = seal_->open(Part::dev, "exp");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().what.find("the seal is broken"), std::string::npos);
}

TEST_F(SealedFolder, RefusesEveryFlippedByteAndEveryCut) {
  ASSERT_TRUE(seal_->write(Part::test, "exp", rows()));
  auto const whole = read_file(file()).value();
  for (std::size_t i = 0; i < whole.size(); i += 7) {
    auto bad = whole;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    ASSERT_TRUE(write_file(file(), bad));
    EXPECT_FALSE(seal_->open(Part::test, "exp")) << i;
    ASSERT_TRUE(write_file(file(), whole.substr(0, i)));
    EXPECT_FALSE(seal_->open(Part::test, "exp")) << i;
  }
}

// More than fits into one message of the stream.
TEST_F(SealedFolder, ManyRowsComeBackInTheirOrder) {
  std::vector<Row> many;
  for (int i = 0; i < 3000; ++i) {
    Row row = rows().front();
    row.key = std::to_string(i);
    row.input = "{\"text\":\"" + std::string(1000, 'x') + "\"}";
    row.digest = sha256_bytes("[\"" + std::string(row.key) + "\",\"{\\\"text\\\":\\\"" +
                              std::string(1000, 'x') + "\\\"}\",\"x\",[\"a\"],\"\"]");
    many.push_back(row);
  }
  ASSERT_TRUE(seal_->write(Part::test, "exp", many));
  auto const back = seal_->open(Part::test, "exp");
  ASSERT_TRUE(back) << back.error().what;
  ASSERT_EQ(back->size(), many.size());
  for (std::size_t i = 0; i < many.size(); ++i) ASSERT_EQ((*back)[i].key, many[i].key);
  // Messages left out, swapped or put behind the last are noticed: each has its place in the stream.
  auto const whole = read_file(file()).value();
  constexpr std::size_t kStart = 13 + 24;
  std::uint64_t size = 0;
  std::memcpy(&size, whole.data() + kStart, sizeof size);
  auto const first = sizeof size + size;
  for (auto const& bad :
       {whole.substr(0, kStart) + whole.substr(kStart + first), whole + whole.substr(kStart, first),
        whole + "x", whole.substr(0, kStart + first)}) {
    ASSERT_TRUE(write_file(file(), bad));
    EXPECT_FALSE(seal_->open(Part::test, "exp"));
  }
}

TEST_F(SealedFolder, ReadsTheFormOfVersion01) {
  auto const key = read_file(folder_.path() / "seal.key").value();
  auto plain = to_line(rows().front()) + "\n";
  std::string const about = "itera-seal-1\ntest:exp";
  auto const bytes = [](std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); };
  auto about_copy = about;
  auto key_copy = key;
  crypto_secretstream_xchacha20poly1305_state state;
  std::string header(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
  std::string cipher(plain.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&state, bytes(header), bytes(key_copy));
  crypto_secretstream_xchacha20poly1305_push(&state, bytes(cipher), nullptr, bytes(plain), plain.size(),
                                             bytes(about_copy), about.size(),
                                             crypto_secretstream_xchacha20poly1305_TAG_FINAL);
  ASSERT_TRUE(write_file(file(), "itera-seal-1\n" + header + cipher));
  auto const back = seal_->open(Part::test, "exp");
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->front().input, rows().front().input);
  EXPECT_FALSE(seal_->open(Part::test, "other"));
}

TEST_F(SealedFolder, ARowMustMatchItsDigest) {
  auto row = rows().front();
  EXPECT_TRUE(row_from_line(to_line(row)));
  row.expected = "y";
  EXPECT_FALSE(row_from_line(to_line(row)));
  EXPECT_FALSE(row_from_line("[]"));
}

TEST_F(SealedFolder, KeepsItsManifest) {
  EXPECT_TRUE(seal_->read_manifest().value().empty());
  Manifest const manifest{{Hash128{1, 2}, Part::test}, {Hash128{0xab, 7}, Part::train}};
  ASSERT_TRUE(seal_->write_manifest(manifest));
  EXPECT_EQ(seal_->read_manifest().value(), manifest);
  EXPECT_EQ(Seal::in(folder_.path())->tag_key(), seal_->tag_key());
}

}  // namespace
}  // namespace itera::split
