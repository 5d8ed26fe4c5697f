#include "alerts/chart.h"

#include <cairo.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/alerts/sample.h"

namespace vigie {
namespace {

Story with(std::vector<double> hourly, double usual = 0) {
  Story story;
  story.tone = Story::Tone::high;
  for (std::size_t i = 0; i < hourly.size(); ++i) story.hours.push_back(std::to_string(i) + ":00");
  story.hourly = std::move(hourly);
  story.usual_hourly = usual;
  return story;
}

// The picture as cairo reads it back: how opaque is each pixel?
class Picture {
 public:
  explicit Picture(const std::string& png) : left_(png) {
    surface_ = cairo_image_surface_create_from_png_stream(
        [](void* from, unsigned char* into, unsigned int size) {
          auto& rest = *static_cast<std::string_view*>(from);
          if (rest.size() < size) return CAIRO_STATUS_READ_ERROR;
          std::copy_n(rest.begin(), size, into);
          rest.remove_prefix(size);
          return CAIRO_STATUS_SUCCESS;
        },
        &left_);
  }
  ~Picture() { cairo_surface_destroy(surface_); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  int width() const { return cairo_image_surface_get_width(surface_); }
  int height() const { return cairo_image_surface_get_height(surface_); }
  bool is_drawn(int x, int y) const {
    const unsigned char* row = cairo_image_surface_get_data(surface_) + y * cairo_image_surface_get_stride(surface_);
    return row[4 * x + 3] > 128;
  }
  // Of the middle of a bar, from the base line up.
  int bar_height(int bar, int of) const {
    const int x = (2 * bar + 1) * kChartWidth / (2 * of);
    int height = 0;
    for (int y = kChartHeight - 32; y >= 0 && is_drawn(x, y); --y) ++height;
    return height;
  }

 private:
  std::string_view left_;
  cairo_surface_t* surface_;
};

TEST(Chart, DrawsABarAnHourInProportion) {
  const std::string png = *chart_png(with({10, 0, 20, 40}));
  const Picture picture(png);

  EXPECT_EQ(picture.width(), 600);
  EXPECT_EQ(picture.height(), 160);
  EXPECT_NEAR(picture.bar_height(0, 4) * 4, picture.bar_height(3, 4), 8);
  EXPECT_NEAR(picture.bar_height(2, 4) * 2, picture.bar_height(3, 4), 8);
  EXPECT_EQ(picture.bar_height(1, 4), 0);
  EXPECT_GT(picture.bar_height(3, 4), 90);
}

TEST(Chart, DrawsTheExpectedLevelAcross) {
  const std::string png = *chart_png(with({0, 0, 0, 40}, 20));
  const Picture picture(png);
  int drawn = 0;
  for (int x = 50; x < 400; ++x) {
    for (int y = 70; y < 90; ++y) drawn += picture.is_drawn(x, y) ? 1 : 0;
  }

  EXPECT_GT(drawn, 300);
  const std::string none = *chart_png(with({0, 0, 0, 40}));
  EXPECT_FALSE(Picture(none).is_drawn(200, 79));
}

TEST(Chart, IsTheSameBytesEveryTimeAndSmall) {
  const Story story = with({4, 3, 2, 1, 0, 1, 0, 1, 2, 5, 8, 9, 7, 8, 11, 9, 12, 10, 14, 19, 33, 61, 92, 118}, 24);

  const std::string png = *chart_png(story);

  EXPECT_EQ(png, *chart_png(story));
  EXPECT_LT(png.size(), 40u << 10);
}

TEST(Chart, IsNotDrawnOfNothing) {
  EXPECT_EQ(*chart_png(with({})), "");
  EXPECT_EQ(*chart_png(with({0, 0, 0})), "");
}

TEST(Chart, BearsAnyNumbers) {
  const double infinite = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& hourly :
       {std::vector<double>{1e300, 1, infinite}, std::vector<double>(5000, 3.0), std::vector<double>{1}}) {
    for (const double usual : {0.0, 1e300, infinite, 0.01}) {
      const auto png = chart_png(with(hourly, usual));
      ASSERT_TRUE(png);
      EXPECT_LT(png->size(), 40u << 10);
    }
  }
}

}  // namespace
}  // namespace vigie
