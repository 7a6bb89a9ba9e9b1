#include "tests/support/tls.hpp"

#include <cerrno>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace itera::tests {
namespace {

template <class T>
T* checked(T* made) {
  if (!made) throw std::runtime_error("OpenSSL made none");
  return made;
}

int choose_protocol(SSL*, unsigned char const** out, unsigned char* length, unsigned char const* offered,
                    unsigned offered_length, void*) {
  static constexpr unsigned char ours[] = "\x02h2\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, length, ours, sizeof ours - 1, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void extend(X509* certificate, int what, char const* value) {
  auto* const extension = checked(X509V3_EXT_conf_nid(nullptr, nullptr, what, value));
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

TlsIdentity::TlsIdentity() : context_(checked(SSL_CTX_new(TLS_server_method())), SSL_CTX_free) {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> const key(checked(EVP_EC_gen("P-256")), EVP_PKEY_free);
  std::unique_ptr<X509, void (*)(X509*)> const certificate(checked(X509_new()), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_set_pubkey(certificate.get(), key.get());
  auto* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("test server"),
                             -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  extend(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  SSL_CTX_use_certificate(context_.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), key.get());
  SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol, nullptr);
  SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);

  std::unique_ptr<BIO, int (*)(BIO*)> const text(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(text.get(), certificate.get());
  char* bytes = nullptr;
  auto const size = BIO_get_mem_data(text.get(), &bytes);
  pem_.assign(bytes, static_cast<std::size_t>(size));
}

TlsChannel::TlsChannel(TlsIdentity const& identity, int socket)
    : ssl_(checked(SSL_new(identity.context())), SSL_free) {
  SSL_set_fd(ssl_.get(), socket);
  SSL_set_accept_state(ssl_.get());
}

ssize_t TlsChannel::result(int code) {
  if (code > 0) return code;
  auto const why = SSL_get_error(ssl_.get(), code);
  if (why == SSL_ERROR_ZERO_RETURN) return 0;
  errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
  return -1;
}

ssize_t TlsChannel::read(char* bytes, std::size_t size) {
  return result(SSL_read(ssl_.get(), bytes, static_cast<int>(size)));
}

ssize_t TlsChannel::write(std::string_view bytes) {
  return result(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
}

}  // namespace itera::tests
