#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

#include "core/host/spawn.hpp"

namespace itera::host {

/// The last bytes of something that may be long.
class Tail {
 public:
  static constexpr std::size_t kLimit = std::size_t{8} << 10;
  void add(std::string_view bytes);
  void clear() { text_.clear(); }
  std::string const& text() const { return text_; }

 private:
  std::string text_;
};

/// How a program ended: by itself with exit code `code`, or by signal `code`.
struct Exit {
  bool signalled = false;
  int code = 0;
};

/// One running program. Never blocks. Its whole process group dies with this object at the latest. Not
/// thread-safe; SIGPIPE must be blocked or ignored while it writes.
class Process {
 public:
  explicit Process(Spawned spawned) : spawned_(spawned) {}
  ~Process();
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;

  /// Queues bytes for standard input; `last` closes it behind them.
  void send(std::string_view bytes, bool last);
  void close_input();

  /// Moves what can be moved: input out, standard output into `output`, standard error into `errors`.
  /// Standard output is left alone once `output` holds `limit` bytes or more.
  void pump(std::string& output, std::size_t limit, Tail& errors);

  /// Once the program has ended: kills what is left of its group, and takes what its pipes still hold.
  std::optional<Exit> ended(std::string& output, std::size_t limit, Tail& errors);

  void kill_group(int signal);
  bool output_closed() const { return spawned_.output < 0; }
  /// True if poll() cannot tell when the program ends, so that ended() has to be asked now and then.
  bool needs_polling() const { return spawned_.exit_fd < 0; }
  void add_to(std::vector<pollfd>& waiting) const;

 private:
  void write_input();

  Spawned spawned_;
  std::string input_;
  std::size_t sent_ = 0;
  bool last_ = false;
  bool reaped_ = false;
};

}  // namespace itera::host
