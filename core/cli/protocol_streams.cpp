#include "core/cli/protocol_streams.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace itera::cli {

bool DescriptorInput::more_waits() const {
  if (gptr() < egptr()) return true;
  pollfd asked{descriptor_, POLLIN, 0};
  return ::poll(&asked, 1, 0) > 0;
}

DescriptorInput::int_type DescriptorInput::underflow() {
  ssize_t got = 0;
  do got = ::read(descriptor_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  if (got <= 0) return traits_type::eof();
  setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
  return traits_type::to_int_type(*gptr());
}

DescriptorOutput::int_type DescriptorOutput::overflow(int_type c) {
  if (!traits_type::eq_int_type(c, traits_type::eof())) buffer_.push_back(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

std::streamsize DescriptorOutput::xsputn(char const* text, std::streamsize size) {
  buffer_.append(text, static_cast<std::size_t>(size));
  return size;
}

int DescriptorOutput::sync() {
  for (std::size_t at = 0; at < buffer_.size();) {
    auto const put = ::write(descriptor_, buffer_.data() + at, buffer_.size() - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return -1;
    at += static_cast<std::size_t>(put);
  }
  buffer_.clear();
  return 0;
}

ProtocolStreams::ProtocolStreams()
    : in_descriptor_(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)),
      out_descriptor_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)),
      input_(in_descriptor_),
      output_(out_descriptor_),
      in_(&input_),
      out_(&output_) {
  ::signal(SIGPIPE, SIG_IGN);  // an editor that is gone is an error of the stream
  if (int const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC); nothing >= 0) {
    ::dup2(nothing, STDIN_FILENO);
    ::close(nothing);
  }
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

ProtocolStreams::~ProtocolStreams() {
  ::dup2(in_descriptor_, STDIN_FILENO);
  ::dup2(out_descriptor_, STDOUT_FILENO);
  ::close(in_descriptor_);
  ::close(out_descriptor_);
}

}  // namespace itera::cli
