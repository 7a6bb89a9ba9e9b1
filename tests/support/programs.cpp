#include "tests/support/programs.hpp"

#include <fmt/format.h>

namespace itera::test {

std::string python_arm(std::string_view answer, std::string_view log, std::string_view who) {
  return fmt::format(R"(import hashlib, json, os, sys, time

def share(text):
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 1000

def truth(text):
    return "abc"[(int(text.split("tok")[1][:5]) - 13) // 7 // 10 % 3]

def answer(text, request):
    return {}

LOG, WHO = "{}", "{}"
for line in sys.stdin:
    request = json.loads(line)
    if LOG:
        with open(LOG, "a") as log:
            log.write(json.dumps({{"who": WHO, **request}}) + "\n")
    while os.path.exists("slow"):
        time.sleep(0.02)
    print(json.dumps({{"id": request["id"], "output": answer(request["input"]["text"], request), "cost_usd": 0.001}}), flush=True)
)",
                     answer, log, who);
}

std::string right_on(int per_mille) {
  return fmt::format(R"(truth(text) if share(text) < {} else "wrong")", per_mille);
}

std::string noisy_on(int per_mille) {
  return fmt::format(
      R"(truth(text) if (request["seed"] % 2 if share(text) % 5 == 0 else share(text) < {}) else "wrong")",
      per_mille);
}

}  // namespace itera::test
