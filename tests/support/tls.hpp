#pragma once
#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace itera::tests {

/// A key and a certificate of its own for 127.0.0.1 and localhost, made new; a server with HTTP/2 by ALPN.
class TlsIdentity {
 public:
  TlsIdentity();
  /// PEM: what a client has to trust.
  std::string const& certificate() const { return pem_; }
  SSL_CTX* context() const { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::string pem_;
};

/// The server's side of TLS on one socket that does not block.
class TlsChannel {
 public:
  TlsChannel(TlsIdentity const& identity, int socket);
  /// As recv() and send(); -1 with EAGAIN when the socket has to move first.
  ssize_t read(char* bytes, std::size_t size);
  ssize_t write(std::string_view bytes);
  /// Bytes that were read from the socket and not asked for yet: no event will tell of them.
  bool has_more() const { return SSL_pending(ssl_.get()) > 0; }

 private:
  ssize_t result(int code);
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
};

}  // namespace itera::tests
