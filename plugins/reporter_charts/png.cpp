#include "png.hpp"

#include <cmath>
#include <memory>

#include <cairo.h>
#include <fmt/format.h>
#include <itera/sdk/error.hpp>
#include <librsvg/rsvg.h>

namespace {

using itera::sdk::Error;

template <auto Free>
struct By {
  void operator()(auto* p) const { Free(p); }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, By<Free>>;

[[noreturn]] void broken(std::string const& why) {
  throw Error(ITERA_INTERNAL, "a chart could not be turned into PNG: " + why);
}

cairo_status_t append(void* out, unsigned char const* bytes, unsigned int n) {
  static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(bytes), n);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) broken(cairo_status_to_string(status));
}

}  // namespace

std::string png_of(std::string_view svg, double scale) {
  GError* error = nullptr;
  Owned<RsvgHandle, &g_object_unref> const handle(
      rsvg_handle_new_from_data(reinterpret_cast<guint8 const*>(svg.data()), svg.size(), &error));
  Owned<GError, &g_error_free> const kept(error);
  if (!handle) broken(error ? error->message : "librsvg gives no reason");
  double width = 0, height = 0;
  if (!rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height)) broken("it has no size");

  Owned<cairo_surface_t, &cairo_surface_destroy> const surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(width * scale)),
                                 static_cast<int>(std::ceil(height * scale))));
  check(cairo_surface_status(surface.get()));
  Owned<cairo_t, &cairo_destroy> const cairo(cairo_create(surface.get()));
  cairo_set_source_rgb(cairo.get(), 1, 1, 1);
  cairo_paint(cairo.get());
  RsvgRectangle const page{0, 0, width * scale, height * scale};
  GError* fault = nullptr;
  bool const drawn = rsvg_handle_render_document(handle.get(), cairo.get(), &page, &fault);
  Owned<GError, &g_error_free> const kept_fault(fault);
  if (!drawn) broken(fault ? fault->message : "librsvg gives no reason");
  check(cairo_status(cairo.get()));

  std::string out;
  check(cairo_surface_write_to_png_stream(surface.get(), &append, &out));
  return out;
}
