#include <array>
#include <string_view>

#include <fmt/format.h>

#include "dsl/draft/draft.hpp"

namespace itera::dsl {
namespace {

struct Matter {
  std::string_view text, team;
};

constexpr std::array<Matter, 24> kMatters{{{"I was charged twice", "billing"},
                                           {"my parcel has not arrived", "delivery"},
                                           {"I cannot log in any more", "account"},
                                           {"the invoice shows the wrong amount", "billing"},
                                           {"the tracking page has not changed for days", "delivery"},
                                           {"I forgot my password", "account"},
                                           {"please send me a receipt", "billing"},
                                           {"the courier left it with a neighbour", "delivery"},
                                           {"please change my email", "account"},
                                           {"my card was declined", "billing"},
                                           {"can you ship it to another address", "delivery"},
                                           {"close my account", "account"},
                                           {"when will I get my refund", "billing"},
                                           {"half of the package is missing", "delivery"},
                                           {"the app signs me out every hour", "account"},
                                           {"the discount code was not applied", "billing"},
                                           {"the box came damaged", "delivery"},
                                           {"the code by text message never comes", "account"},
                                           {"why is there a fee on my statement", "billing"},
                                           {"it should have been here on Monday", "delivery"},
                                           {"how do I delete my data", "account"},
                                           {"I paid and it still says unpaid", "billing"},
                                           {"nobody rang the bell", "delivery"},
                                           {"my profile shows somebody else's name", "account"}}};
constexpr std::array<std::string_view, 10> kOpenings{"Hello,",          "Hi,",
                                                     "Good morning,",   "Good evening,",
                                                     "Dear team,",      "Sorry to bother you,",
                                                     "Quick question:", "Second try:",
                                                     "Hello again,",    "To whom it may concern:"};
constexpr std::array<std::string_view, 13> kThings{
    "blue lamp", "garden chair",  "kettle",     "bicycle pump", "winter coat",  "desk",       "speakers",
    "tea set",   "running shoes", "camera bag", "bookshelf",    "water filter", "phone stand"};
constexpr std::array<std::string_view, 7> kClosings{
    "Thanks.",       "Please help.", "What can I do?", "I have waited long enough.", "Can you look into it?",
    "Kind regards.", "Best wishes."};
constexpr std::size_t kRows = kMatters.size() * kThings.size();  // each matter once with each thing

std::string rows() {
  std::string out = "id,message,team\n";
  for (std::size_t i = 0; i < kRows; ++i) {
    auto const matter = i % kMatters.size();
    auto const round = i / kMatters.size();
    out += fmt::format("m{:03},\"{} {}. It is about the {}. {}\",{}\n", i + 1,
                       kOpenings[(matter * 7 + round * 3) % kOpenings.size()], kMatters[matter].text,
                       kThings[(matter * 5 + round) % kThings.size()],
                       kClosings[(matter + round * 2) % kClosings.size()], kMatters[matter].team);
  }
  return out;
}

std::string program(std::string_view what, std::string_view words) {
  return fmt::format(R"("""{}: one line of JSON in, one out, until the input ends."""
import json
import sys

WORDS = {{
{}}}


def team(message: str) -> str:
    for name, words in WORDS.items():
        if any(word in message.lower() for word in words):
            return name
    return "delivery"


for line in sys.stdin:
    request = json.loads(line)
    output = team(request["input"]["message"])
    print(json.dumps({{"id": request["id"], "output": output}}), flush=True)
)",
                     what, words);
}

constexpr std::string_view kOldWords =
    R"(    "billing": ["invoice", "charged", "receipt", "refund", "discount"],
    "delivery": ["parcel", "tracking", "courier", "package"],
    "account": ["password", "log in", "account", "email"],
)";
constexpr std::string_view kNewWords =
    R"(    "billing": ["invoice", "charged", "receipt", "refund", "card", "fee", "paid"],
    "delivery": ["parcel", "tracking", "courier", "package", "ship", "damaged", "bell"],
    "account": ["password", "log in", "account", "email", "code", "delete", "profile"],
)";

std::string spec(std::string const& experiment, std::string const& spec_name) {
  return fmt::format(R"(// A first experiment, ready to run. Change it clause by clause until it is yours.
//   itera check {1}    what is wrong in it: nothing
//   itera plan {1}     what would run
//   itera run {1}      to the verdict
experiment {0} {{

  // What is decided, and what you expect and why. Both are quoted in the conclusion.
  question    "Do more words send more messages to the right team?"
  hypothesis  "The old table has no word for a third of what people write about."

  // Where the rows come from, and what they are. Rows of your own: origin production
  rows from csv {{ path = "rows.csv" }}
  origin generated from "phrases that itera init put together"

  // `key` tells rows apart, `input` is all that an arm gets to see, `expected` is the right answer.
  row {{ key id  input message  expected team }}

  // Train 30%, dev 50%, test 20%. The split follows from the seed: any whole number.
  split {{ seed 20260412 }}

  // What runs today, and where it stands in the code. The program reads one line of JSON a row and answers
  // with one line; any language will do.
  baseline old using process {{ ref "old.py:1"  command = ["python3", "old.py"] }}

  // One thing that changes. Up to three arms.
  arm new from old "more words" {{ command = ["python3", "new.py"] }}

  // How an answer is scored: 1 if it is the expected one, else 0.
  metric accuracy using exact

  // The kinds of failure and how bad each is: 3 to 5, before anything is seen. `check` warns while there is none.
  // failure wrong_team  weight 1  "the message goes to another team"

  // What has to be shown before anything ships: ten percentage points. It is locked before a score exists.
  ship when effect >= 10pp
}}
)",
                     experiment, spec_name);
}

}  // namespace

std::vector<DraftFile> first_experiment(std::string const& experiment, std::string const& spec_name) {
  return {{spec_name, spec(experiment, spec_name), "the experiment, with a comment on every clause"},
          {"rows.csv", rows(), fmt::format("{} made-up messages and the team that each is for", kRows)},
          {"old.py", program("What runs today", kOldWords), "what runs today: a table of words"},
          {"new.py", program("The candidate", kNewWords), "the candidate: a larger table"}};
}

}  // namespace itera::dsl
