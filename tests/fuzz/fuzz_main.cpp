#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/spec_invariants.hpp"

// The target of libFuzzer: tests/fuzz/run.sh.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const broken = itera::fuzz::violation({reinterpret_cast<char const*>(data), size});
  if (broken.empty()) return 0;
  std::fprintf(stderr, "broken: %s\n", broken.c_str());
  std::abort();
}
