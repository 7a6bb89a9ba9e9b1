// The team's judge, which talks on the standard streams as soon as it is loaded.
#include <cstdio>

#include "../package/out_of_tree_judge/judge_prefix.cpp"

namespace {
struct Talks {
  Talks() {
    std::puts("Content-Length: 5\r\n\r\nhello");
    std::fflush(stdout);
    std::getchar();
  }
} const talks;
}  // namespace
