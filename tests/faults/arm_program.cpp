// A program for `arm_process` that answers JSON lines as fast as it can: `fault_arm NAME PER_MILLE
// MICROSECONDS`. Notes every request in a file `log` of its folder before it answers. Right on PER_MILLE of a
// thousand texts, whatever the trial. While a file `unruly` stands in its folder, it does what stands in it
// on about 30 of a thousand texts.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace {

std::uint32_t share(std::string const& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char const c : text) hash = (hash ^ c) * 0x100000001b3;
  return static_cast<std::uint32_t>((hash >> 20) % 1000);
}

// Every way that a program has to be of no use.
void misbehave(std::string const& how) {
  std::string const noise(std::size_t{1} << 20, 'x');
  if (how == "ignores_sigterm") {
    std::signal(SIGTERM, SIG_IGN);
    for (;;) ::pause();
  }
  if (how == "grandchild") {
    if (::fork() == 0)
      for (;;) ::pause();
    ::_exit(3);
  }
  if (how == "closes_output") {
    ::close(STDOUT_FILENO);
    for (;;) ::pause();
  }
  if (how == "gigabyte" || how == "gigabyte_of_lines")
    for (int i = 0; i < 1024; ++i) std::cout << noise << (how == "gigabyte" ? "" : "\n");
  if (how == "no_line_break") {
    std::cout << "{\"id\": \"half a reply" << std::flush;
    for (;;) ::pause();
  }
  if (how == "exits") ::_exit(0);
}

// The right answer of make_rows().
std::string truth(std::string const& text) {
  auto const nth = (std::stoul(text.substr(text.find("tok") + 3, 5)) - 13) / 7;
  return std::string(1, "abc"[nth / 10 % 3]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  std::string const name = argv[1];
  auto const right = static_cast<std::uint32_t>(std::atoi(argv[2]));
  auto const log = ::open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  auto const pause = std::chrono::microseconds(std::atoi(argv[3]));
  if (log < 0) return 65;
  for (std::string line; std::getline(std::cin, line);) {
    auto const request = nlohmann::json::parse(line);
    auto const id = request.at("id").get<std::string>();
    auto const text = request.at("input").at("text").get<std::string>();
    // One write of one line: lines of several programs do not mix.
    auto const entry = name + " " + id + "\n";
    if (::write(log, entry.data(), entry.size()) != static_cast<ssize_t>(entry.size())) return 66;
    while (std::filesystem::exists("slow")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(pause);
    if (std::string how; share(text) % 100 < 3 && std::ifstream("unruly") >> how) misbehave(how);
    nlohmann::json const reply = {
        {"id", id}, {"output", share(text) < right ? truth(text) : "wrong"}, {"cost_usd", 0.001}};
    std::cout << reply.dump() << std::endl;
  }
  return 0;
}
