#include "core/host/recording.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"

namespace itera::host {
namespace {

using Json = nlohmann::json;
using Status_ = ports::HttpReply::Status;

constexpr int kVersion = 1;
constexpr auto kSyncTime = std::chrono::milliseconds(10);
constexpr auto kStatuses = {Status_::done,      Status_::network, Status_::timed_out,
                            Status_::too_large, Status_::refused, Status_::cancelled};

std::string content_key(std::string_view method, std::string_view url, std::string_view body_digest,
                        std::uint32_t trial) {
  return sha256(fmt::format("{}\n{}\n{}\n{}", method, url, body_digest, trial)).substr(0, 32);
}

// Of no use to a plugin, and of whoever asked or of one day.
bool is_private(std::string_view name) {
  for (auto const* part :
       {"cookie", "authorization", "request-id", "organization", "project", "cf-ray", "trace", "api-key"})
    if (name.find(part) != name.npos) return true;
  return name == "date";
}

// JSON holds text; what is none stands there in hexadecimal digits.
void put_text(Json& into, std::string const& name, std::string const& text) {
  if (is_valid_utf8(text)) {
    into[name] = text;
    return;
  }
  std::string hex;
  for (unsigned char const c : text) hex += fmt::format("{:02x}", c);
  into[name + "_hex"] = hex;
}

std::string get_text(Json const& from, std::string const& name) {
  if (from.contains(name)) return from.at(name);
  auto const hex = from.at(name + "_hex").get<std::string>();
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

Json request_json(ports::HttpCall const& call) {
  Json names = Json::array();
  for (auto const& [name, _] : call.headers) names.push_back(name);
  return {{"method", call.method},
          {"url", call.url},
          {"body_sha256", sha256(call.body)},
          {"body_bytes", call.body.size()},
          {"headers", names}};
}

Json reply_json(ports::HttpReply const& reply, ports::Secrets const& secrets) {
  auto const clean = [&](std::string const& text) { return ports::without_secrets(text, secrets); };
  Json out = {{"status", ports::word(reply.status)},
              {"code", reply.code},
              {"headers", Json::array()},
              {"latency_ms", reply.latency_ms},
              {"retries", reply.retries}};
  for (auto const& [name, value] : reply.headers)
    if (auto const text = clean(value); !is_private(name) && is_valid_utf8(text))
      out["headers"].push_back({name, text});
  put_text(out, "body", clean(reply.body));
  put_text(out, "error", clean(reply.error));
  if (reply.first_token_ms) out["first_token_ms"] = *reply.first_token_ms;
  return out;
}

ports::HttpReply reply_from(Json const& in) {
  ports::HttpReply out;
  auto const status = in.at("status").get<std::string>();
  auto const found = std::find_if(kStatuses.begin(), kStatuses.end(),
                                  [&](auto each) { return ports::word(each) == status; });
  if (found != kStatuses.end()) out.status = *found;
  out.code = in.at("code");
  for (auto const& header : in.at("headers")) out.headers.emplace_back(header.at(0), header.at(1));
  out.body = get_text(in, "body");
  out.error = get_text(in, "error");
  out.retries = in.at("retries").get<std::vector<std::string>>();
  out.replayed = true;
  return out;
}

// What another attempt might have ended otherwise.
bool failed_outside(Json const& reply) {
  auto const code = reply.at("code").get<int>();
  return reply.at("status") != "done" || code == 429 || code >= 500;
}

tl::unexpected<Error> no_recording(std::filesystem::path const& file, std::string_view why) {
  return fail(ErrorClass::invalid, fmt::format("{} is no recording of calls: {}", file.string(), why),
              "`itera run --record FILE` makes one");
}

Result<ports::Recorded> header_from(std::filesystem::path const& file, std::string_view line) {
  auto const header = Json::parse(line, nullptr, false);
  if (!header.is_object() || !header.contains("itera_recording") || !header.at("itera_recording").is_number())
    return no_recording(file, "its first line is not the header of one");
  if (header.at("itera_recording") != kVersion)
    return no_recording(file, fmt::format("it has format {}, and this version of itera reads {}",
                                          header.at("itera_recording").dump(), kVersion));
  try {
    return ports::Recorded{{}, header.at("experiment"), header.at("begun")};
  } catch (Json::exception const&) {
    return no_recording(file, "its header is not whole");
  }
}

tl::unexpected<Error> failed(char const* act, std::filesystem::path const& file) {
  return fail(ErrorClass::unavailable,
              fmt::format("cannot {} the recording {}: {}", act, file.string(), std::strerror(errno)),
              "make room, or name another file");
}

}  // namespace

// --- recording

RecordingCaller::RecordingCaller(int fd, std::filesystem::path file, ports::Secrets secrets,
                                 ports::Caller& inner)
    : fd_(fd), file_(std::move(file)), secrets_(std::move(secrets)), inner_(inner) {}

RecordingCaller::~RecordingCaller() {
  ::fdatasync(fd_);
  ::close(fd_);
}

Result<std::unique_ptr<RecordingCaller>> RecordingCaller::open(std::filesystem::path const& file,
                                                               std::string const& experiment,
                                                               std::string const& now, ports::Secrets secrets,
                                                               ports::Caller& inner) {
  auto const fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return failed("write", file);
  std::unique_ptr<RecordingCaller> out(new RecordingCaller(fd, file, std::move(secrets), inner));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorClass::unavailable,
                fmt::format("the recording {} is in use by another process", file.string()));
  // The header, and where the last whole line ends.
  std::string header;
  std::uint64_t whole = 0;
  if (auto const ok = read_lines(file,
                                 [&](std::string_view lines) {
                                   if (header.empty()) header = lines.substr(0, lines.find('\n'));
                                   if (lines.ends_with('\n'))
                                     whole += lines.size();
                                   else if (auto const end = lines.rfind('\n'); end != lines.npos)
                                     whole += end + 1;
                                   return Status{};
                                 });
      !ok)
    return fail(ok.error());
  if (header.empty() || whole == 0) {
    if (!header.empty()) return no_recording(file, "its first line is not the header of one");
    out->write(Json({{"itera_recording", kVersion}, {"experiment", experiment}, {"begun", now}}).dump() +
               "\n");
    if (!out->trouble_) return fail(out->trouble_.error());
    return out;
  }
  auto const recorded = header_from(file, header);
  if (!recorded) return fail(recorded.error());
  if (recorded->experiment != experiment)
    return fail(ErrorClass::invalid,
                fmt::format("{} is a recording of experiment `{}`", file.string(), recorded->experiment),
                "name another file");
  if (::ftruncate(fd, static_cast<off_t>(whole)) != 0) return failed("write", file);
  return out;
}

void RecordingCaller::submit(std::uint64_t ticket, ports::Call call) {
  if (auto const* http = std::get_if<ports::HttpCall>(&call)) {
    Json const line = {{"for", http->asker}, {"request", request_json(*http)}, {"trial", http->trial}};
    open_[ticket] =
        ports::without_secrets(line.dump(-1, ' ', false, Json::error_handler_t::replace), secrets_);
  }
  inner_.submit(ticket, std::move(call));
}

std::vector<std::pair<std::uint64_t, ports::Reply>> RecordingCaller::wait(
    std::optional<std::chrono::milliseconds> at_most) {
  auto out = inner_.wait(at_most);
  std::string lines;
  for (auto const& [ticket, reply] : out) {
    auto const* http = std::get_if<ports::HttpReply>(&reply);
    if (!http) continue;
    auto const request = open_.extract(ticket);
    if (request.empty() || http->status == Status_::cancelled) continue;
    auto line = std::move(request.mapped());
    line.back() = ',';
    lines += line + R"("reply":)" + reply_json(*http, secrets_).dump() + "}\n";
  }
  if (!lines.empty()) write(lines);
  return out;
}

void RecordingCaller::write(std::string_view lines) {
  if (!trouble_) return;
  while (!lines.empty()) {
    auto const n = ::write(fd_, lines.data(), lines.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      trouble_ = failed("write", file_);
      return;
    }
    lines.remove_prefix(static_cast<std::size_t>(n));
  }
  auto const now = std::chrono::steady_clock::now();
  if (now - synced_ < kSyncTime) return;
  if (::fdatasync(fd_) != 0) trouble_ = failed("sync", file_);
  synced_ = now;
}

// --- replaying

ReplayingCaller::ReplayingCaller(std::filesystem::path file, ports::Caller& inner)
    : name_(std::move(file)), file_(name_, std::ios::binary), inner_(inner) {}

Result<std::unique_ptr<ReplayingCaller>> ReplayingCaller::open(std::filesystem::path const& file,
                                                               ports::Caller& inner) {
  std::unique_ptr<ReplayingCaller> out(new ReplayingCaller(file, inner));
  auto const digest = sha256_file(file);
  if (!digest) return fail(digest.error());
  std::string text;
  if (!std::getline(out->file_, text)) return no_recording(file, "it is empty");
  auto recorded = header_from(file, text);
  if (!recorded) return fail(recorded.error());
  out->recorded_ = std::move(*recorded);
  out->recorded_.digest = *digest;
  for (std::size_t number = 2;; ++number) {
    Line line;
    line.at = out->file_.tellg();
    // What a process that was killed left without its end is no line.
    if (!std::getline(out->file_, text) || out->file_.eof()) break;
    line.size = text.size();
    try {
      auto const json = Json::parse(text);
      auto const& request = json.at("request");
      line.asker = std::hash<std::string>{}(json.at("for").get<std::string>());
      line.failed = failed_outside(json.at("reply"));
      reply_from(json.at("reply"));
      out->lines_[content_key(request.at("method").get<std::string>(), request.at("url").get<std::string>(),
                              request.at("body_sha256").get<std::string>(), json.at("trial"))]
          .push_back(line);
    } catch (std::exception const&) {
      return no_recording(file, fmt::format("line {} is not whole", number));
    }
  }
  out->file_.clear();
  return out;
}

bool ReplayingCaller::has_room(ports::Call const& call) const {
  return std::holds_alternative<ports::HttpCall>(call) || inner_.has_room(call);
}

void ReplayingCaller::submit(std::uint64_t ticket, ports::Call call) {
  if (auto const* http = std::get_if<ports::HttpCall>(&call))
    done_.emplace_back(ticket, answer(*http));
  else
    inner_.submit(ticket, std::move(call));
}

ports::HttpReply ReplayingCaller::answer(ports::HttpCall const& call) {
  ports::HttpReply missing;
  missing.status = Status_::not_recorded;
  missing.replayed = true;
  auto const found = lines_.find(content_key(call.method, call.url, sha256(call.body), call.trial));
  auto const asker = std::hash<std::string>{}(call.asker);
  Line* best = nullptr;
  auto const rank = [&](Line const& line) { return 2 * line.failed + (line.asker != asker); };
  if (found != lines_.end())
    for (auto& line : found->second)
      if (!line.used && (!best || rank(line) < rank(*best))) best = &line;
  if (!best) {
    missing.error =
        fmt::format("not in the recording {}: {}, trial {}: {} {} with a body of {} bytes{}", name_.string(),
                    call.asker, call.trial, call.method, call.url, call.body.size(),
                    found == lines_.end() ? "" : "; it holds as many such calls as were asked for");
    return missing;
  }
  best->used = true;
  std::string text(best->size, '\0');
  file_.seekg(best->at);
  if (!file_.read(text.data(), static_cast<std::streamsize>(text.size()))) {
    file_.clear();
    missing.error = fmt::format("the recording {} cannot be read any more", name_.string());
    return missing;
  }
  auto const json = Json::parse(text, nullptr, false);
  try {
    return reply_from(json.at("reply"));
  } catch (std::exception const&) {
    missing.error = fmt::format("the recording {} was changed while it was read", name_.string());
    return missing;
  }
}

std::vector<std::pair<std::uint64_t, ports::Reply>> ReplayingCaller::wait(
    std::optional<std::chrono::milliseconds> at_most) {
  if (!done_.empty()) return std::exchange(done_, {});
  return inner_.wait(at_most);
}

}  // namespace itera::host
