// A server for the benchmarks of HTTP calls, HTTP/1.1 and HTTP/2 without TLS on one port: every request gets
// the same 364 bytes of a model's reply, after a while.
//
//   http_server PORT MILLISECONDS      until its standard input ends
#include "tests/support/http_server.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/support/tls.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: http_server MILLISECONDS [CERTIFICATE]\n";
    return 2;
  }
  itera::tests::HttpAnswer answer;
  answer.after = std::chrono::milliseconds(std::atoi(argv[1]));
  answer.body =
      R"({"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"small","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":"billing"},"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":61,"completion_tokens":2,"total_tokens":63,"prompt_tokens_details":)"
      R"({"cached_tokens":0,"audio_tokens":0}},"service_tier":"default","system_fingerprint":"fp_0000000000"})";
  auto const identity = argc > 2 ? std::make_shared<itera::tests::TlsIdentity>() : nullptr;
  if (identity) std::ofstream(argv[2]) << identity->certificate();
  itera::tests::HttpServer const server([&](auto const&) { return answer; }, identity);
  std::cout << server.port() << std::endl;
  while (std::cin.get() != std::char_traits<char>::eof()) {
  }
}
