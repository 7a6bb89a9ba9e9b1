#include "core/cli/context.hpp"
#include "core/cli/editor_surroundings.hpp"
#include "core/cli/protocol_streams.hpp"
#include "dsl/language_server/server.hpp"

namespace itera::cli {

int language_server() {
  ProtocolStreams streams;
  EditorPlugins plugins;
  dsl::language_server::ServerSetup const setup{
      [&](auto const& folder) { return editor_surroundings(plugins, folder); },
      [&] { return streams.more_waits(); }, ITERA_VERSION};
  return dsl::language_server::serve(streams.in(), streams.out(), setup);
}

}  // namespace itera::cli
