#pragma once
#include <array>
#include <istream>
#include <ostream>
#include <streambuf>
#include <string>

namespace itera::cli {

/// Reads a file descriptor.
class DescriptorInput : public std::streambuf {
 public:
  explicit DescriptorInput(int descriptor) : descriptor_(descriptor) {}
  /// Whether something can be read without waiting.
  bool more_waits() const;

 private:
  int_type underflow() override;
  int descriptor_;
  std::array<char, 65536> buffer_{};
};

/// Writes to a file descriptor when it is flushed.
class DescriptorOutput : public std::streambuf {
 public:
  explicit DescriptorOutput(int descriptor) : descriptor_(descriptor) {}

 private:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(char const* text, std::streamsize size) override;
  int sync() override;
  int descriptor_;
  std::string buffer_;
};

/// Takes the process's standard input and output for a protocol as long as it lives: whatever else reads
/// standard input (a plugin, a program) finds it empty, whatever else is printed goes to standard error. One
/// at a time; not thread-safe. SIGPIPE is ignored from then on.
class ProtocolStreams {
 public:
  ProtocolStreams();
  ~ProtocolStreams();
  ProtocolStreams(ProtocolStreams const&) = delete;
  ProtocolStreams& operator=(ProtocolStreams const&) = delete;

  std::istream& in() { return in_; }
  std::ostream& out() { return out_; }
  bool more_waits() const { return input_.more_waits(); }

 private:
  int in_descriptor_, out_descriptor_;
  DescriptorInput input_;
  DescriptorOutput output_;
  std::istream in_;
  std::ostream out_;
};

}  // namespace itera::cli
