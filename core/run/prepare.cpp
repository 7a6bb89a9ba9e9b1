#include "core/run/prepare.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/json.hpp"
#include "core/run/call_json.hpp"

namespace itera::run {
namespace {

std::string train_lines(std::vector<split::Row> rows) {
  std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
  std::string out;
  for (auto const& row : rows) {
    nlohmann::ordered_json line = {{"key", row.key.view()},
                                   {"input", nlohmann::ordered_json::parse(row.input.view())}};
    line["expected"] = row.expected ? nlohmann::ordered_json(row.expected->view()) : nlohmann::ordered_json();
    out += line.dump() + "\n";
  }
  return out;
}

std::string tail(std::string const& text) {
  return text.size() > 600 ? "..." + text.substr(text.size() - 600) : text;
}

}  // namespace

Result<std::optional<Prepared>> prepare(plan::Plan const& plan, std::size_t arm,
                                        std::vector<split::Row> const& train,
                                        std::filesystem::path const& folder,
                                        std::optional<std::string> const& known_digest, Cast& cast) {
  auto const who = fmt::format("arm `{}`", plan.arms[arm].name);
  auto const asked = cast.arms[arm]->prepare();
  if (!asked) return fail(asked.error());
  if (!*asked) return std::optional<Prepared>{};
  auto exec = read_exec(**asked, who);
  if (!exec) return fail(exec.error());

  std::error_code ec;
  if (known_digest && std::filesystem::is_directory(folder, ec)) {
    auto const digest = sha256_folder(folder);
    if (!digest) return fail(digest.error());
    if (*digest != *known_digest)
      return fail(ErrorClass::invalid,
                  fmt::format("{}: its prepared folder {} changed since it was made", who, folder.string()),
                  "restore it, or start a new experiment");
    return Prepared{folder, *digest, 0};
  }
  std::filesystem::remove_all(folder, ec);
  std::filesystem::create_directories(folder, ec);
  if (ec)
    return fail(ErrorClass::unavailable, fmt::format("cannot make {}: {}", folder.string(), ec.message()));

  exec->framing = ports::ExecCall::Framing::once;
  exec->input = train_lines(train);
  exec->folder = plan.spec_folder;
  exec->environment.emplace_back("ITERA_PREPARED", folder.string());
  auto const command = fmt::format("{}", fmt::join(exec->argv, " "));
  cast.caller->submit(0, std::move(*exec));
  auto const replies = cast.caller->wait();
  auto const& reply = std::get<ports::ExecReply>(replies.front().second);
  using Status = ports::ExecReply::Status;
  if (reply.status == Status::cancelled)
    return fail(ErrorClass::stopped, fmt::format("{}: its prepare step was stopped as asked", who));
  if (reply.status != Status::done || reply.code != 0) {
    auto const how = reply.status == Status::done        ? fmt::format("ended with exit code {}", reply.code)
                     : reply.status == Status::signalled ? fmt::format("was ended by signal {}", reply.code)
                     : reply.status == Status::timed_out ? std::string("ran past its timeout")
                                                         : std::string("did not start");
    return fail(ErrorClass::unavailable,
                fmt::format("{}: its prepare step `{}` {}: {}", who, command, how, tail(reply.error)),
                "mend the program and run again: nothing of dev or test was used");
  }
  if (auto const ok = sync_tree(folder); !ok) return fail(ok.error());
  auto const digest = sha256_folder(folder);
  if (!digest) return fail(digest.error());
  // Answers that were given with the other one would be asked for again, and nobody would know.
  if (known_digest && *digest != *known_digest)
    return fail(ErrorClass::refused,
                fmt::format("{}: its prepared folder was gone, and made again it is another one", who),
                fmt::format("restore {}, or start a new experiment", folder.string()));
  return Prepared{folder, *digest, reply.latency_ms};
}

}  // namespace itera::run
