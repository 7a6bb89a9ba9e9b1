#pragma once
#include <string>

#include <sys/types.h>
#include <tl/expected.hpp>

#include "core/ports/caller.hpp"

namespace itera::host {

/// A started program and the host's ends of its three pipes (all non-blocking and close-on-exec; all the
/// caller's to close) and `exit_fd`, a pidfd that becomes readable when the program ends, or -1 if the system
/// has none to give.
struct Spawned {
  pid_t pid = -1;
  int input = -1;
  int output = -1;
  int error = -1;
  int exit_fd = -1;
};

/// Starts `call.argv` in a process group of its own, which the kernel kills with the thread that called this:
/// that thread must outlive the program. The error is a sentence that says why it did not start.
tl::expected<Spawned, std::string> spawn(ports::ExecCall const& call);

}  // namespace itera::host
