#include "core/split/seal.hpp"

#include <gtest/gtest.h>
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
    Row r{"k", "{\"text\":\"one secret\"}", "x", {"a"}, "", ""};
    r.digest = sha256(R"(["k","{\"text\":\"one secret\"}","x",["a"],""])");
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

TEST_F(SealedFolder, ARowMustMatchItsDigest) {
  auto row = rows().front();
  EXPECT_TRUE(row_from_line(to_line(row)));
  row.expected = "y";
  EXPECT_FALSE(row_from_line(to_line(row)));
  EXPECT_FALSE(row_from_line("[]"));
}

TEST_F(SealedFolder, KeepsItsManifest) {
  EXPECT_TRUE(seal_->read_manifest().value().empty());
  Manifest const manifest{{"aa", Part::test}, {"bb", Part::train}};
  ASSERT_TRUE(seal_->write_manifest(manifest));
  EXPECT_EQ(seal_->read_manifest().value(), manifest);
  EXPECT_EQ(Seal::in(folder_.path())->tag_key(), seal_->tag_key());
}

}  // namespace
}  // namespace itera::split
