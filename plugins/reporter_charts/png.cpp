#include "png.hpp"

#include <cmath>
#include <memory>

#include <cairo.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <librsvg/rsvg.h>

namespace {

using itera::sdk::Error;
using itera::sdk::Unavailable;

// librsvg brings some forty libraries with it. They are loaded when the first picture is drawn, so that
// nobody who checks a spec waits for them, and never unloaded, because GLib's types live as long as the
// process.
class Libraries {
 public:
  static Libraries const& loaded() {
    static Libraries const libraries;
    return libraries;
  }

#define ITERA_NEEDED(name) decltype(&::name) const name = symbol<decltype(&::name)>(#name)
  ITERA_NEEDED(rsvg_handle_new_from_data);
  ITERA_NEEDED(rsvg_handle_get_intrinsic_size_in_pixels);
  ITERA_NEEDED(rsvg_handle_render_document);
  ITERA_NEEDED(g_object_unref);
  ITERA_NEEDED(g_error_free);
  ITERA_NEEDED(cairo_image_surface_create);
  ITERA_NEEDED(cairo_surface_status);
  ITERA_NEEDED(cairo_surface_write_to_png_stream);
  ITERA_NEEDED(cairo_surface_destroy);
  ITERA_NEEDED(cairo_create);
  ITERA_NEEDED(cairo_set_source_rgb);
  ITERA_NEEDED(cairo_paint);
  ITERA_NEEDED(cairo_status);
  ITERA_NEEDED(cairo_status_to_string);
  ITERA_NEEDED(cairo_destroy);
#undef ITERA_NEEDED

 private:
  static void* library() {
    static void* const handle = ::dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return handle;
  }
  // Those of cairo and GLib are found through librsvg, which depends on them.
  template <class F>
  static F symbol(char const* name) {
    auto* const found = library() ? ::dlsym(library(), name) : nullptr;
    if (!found)
      throw Unavailable(fmt::format("PNG needs librsvg 2.52 or later: {}", ::dlerror()),
                        "install it (Debian: librsvg2-2), or leave \"png\" out of `formats`");
    return reinterpret_cast<F>(found);
  }
};

[[noreturn]] void broken(std::string const& why) {
  throw Error(ITERA_INTERNAL, "a chart could not be turned into PNG: " + why);
}

struct Free {
  void operator()(RsvgHandle* p) const { Libraries::loaded().g_object_unref(p); }
  void operator()(GError* p) const { Libraries::loaded().g_error_free(p); }
  void operator()(cairo_surface_t* p) const { Libraries::loaded().cairo_surface_destroy(p); }
  void operator()(cairo_t* p) const { Libraries::loaded().cairo_destroy(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// Calls `work` with the place for an error; ends with what stands there if the result is nothing.
template <class F>
auto or_broken(F&& work) {
  GError* raw = nullptr;
  auto const result = std::forward<F>(work)(&raw);
  Owned<GError> const error(raw);
  if (!result) broken(error ? error->message : "librsvg gives no reason");
  return result;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) broken(Libraries::loaded().cairo_status_to_string(status));
}

cairo_status_t append(void* out, unsigned char const* bytes, unsigned int n) {
  static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(bytes), n);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

std::string png_of(std::string_view svg, double scale) {
  auto const& lib = Libraries::loaded();
  Owned<RsvgHandle> const handle(or_broken([&](GError** error) {
    return lib.rsvg_handle_new_from_data(reinterpret_cast<guint8 const*>(svg.data()), svg.size(), error);
  }));
  double width = 0, height = 0;
  if (!lib.rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height)) broken("it has no size");
  width *= scale, height *= scale;

  Owned<cairo_surface_t> const surface(lib.cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height))));
  check(lib.cairo_surface_status(surface.get()));
  Owned<cairo_t> const cairo(lib.cairo_create(surface.get()));
  lib.cairo_set_source_rgb(cairo.get(), 1, 1, 1);
  lib.cairo_paint(cairo.get());
  RsvgRectangle const page{0, 0, width, height};
  or_broken([&](GError** error) {
    return lib.rsvg_handle_render_document(handle.get(), cairo.get(), &page, error);
  });
  check(lib.cairo_status(cairo.get()));

  std::string out;
  check(lib.cairo_surface_write_to_png_stream(surface.get(), &append, &out));
  return out;
}
