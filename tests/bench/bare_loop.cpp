// The reference of the benchmark of whole runs: the same rows and recordings, the same comparison and one
// line for each cell, as somebody would write it in an afternoon. It splits, seals, registers and proves
// nothing, and what it has written may be gone after a crash.
//
//   bare_loop FOLDER CELLS     reads FOLDER/{rows.csv,old.jsonl,new.jsonl}, writes FOLDER/bare.jsonl
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <unordered_map>

#include <nlohmann/json.hpp>

namespace {

std::unordered_map<std::string, std::string> recording(std::filesystem::path const& file) {
  std::unordered_map<std::string, std::string> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    auto const json = nlohmann::json::parse(line);
    out[json.at("key").get<std::string>()] = json.at("outputs").at(0).get<std::string>();
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bare_loop FOLDER CELLS\n";
    return 2;
  }
  std::filesystem::path const folder = argv[1];
  auto left = std::strtoull(argv[2], nullptr, 10);
  auto const before = recording(folder / "old.jsonl");
  auto const after = recording(folder / "new.jsonl");
  std::ifstream rows(folder / "rows.csv");
  std::ofstream out(folder / "bare.jsonl");
  std::uint64_t right = 0;
  std::uint64_t cells = 0;
  std::string line;
  std::getline(rows, line);  // the header
  while (left > 0 && std::getline(rows, line)) {
    // The rows of make_rows.py hold no quotes.
    auto const key = line.substr(0, line.find(','));
    auto const expected = line.substr(line.rfind(',') + 1);
    for (auto const& [arm, outputs] : {std::pair{"old", &before}, std::pair{"new", &after}}) {
      bool const passed = outputs->at(key) == expected;
      out << nlohmann::json{{"key", key}, {"arm", arm}, {"trial", 0}, {"class", expected}, {"passed", passed}}
                 .dump()
          << '\n';
      right += passed;
      ++cells;
      left -= left > 0;
    }
  }
  out.flush();
  std::cout << right << " of " << cells << " right\n";
  return out && cells > 0 ? 0 : 1;
}
