#pragma once

/// page.css and page.js, and the base64 of their SHA-256 as a Content-Security-Policy wants it.
namespace itera::html {

extern char const* const kStyle;
extern char const* const kStyleHash;
extern char const* const kScript;
extern char const* const kScriptHash;

}  // namespace itera::html
