#pragma once
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "dsl/language_server/lookup.hpp"

namespace itera::dsl::language_server {

/// Plugins and columns as one text sees them. Made anew for each look at a text, because a text may have
/// stopped to `use` a plugin.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual Lookup lookup() = 0;
};

struct ServerSetup {
  /// The surroundings of a text in `folder`.
  std::function<std::unique_ptr<Surroundings>(std::filesystem::path const& folder)> surroundings;
  /// Whether more can be read without waiting: then the text will change again, and its problems are looked
  /// for later. May be empty.
  std::function<bool()> more_waits;
  std::string version;
};

/// A language server: reads messages until `exit` or the end of the stream and answers them, one after the
/// other, on one thread. Gives the process's exit code: 0 if `shutdown` came before, else 1. Whatever is
/// read, it answers with an error at most and goes on.
int serve(std::istream& in, std::ostream& out, ServerSetup const& setup);

}  // namespace itera::dsl::language_server
