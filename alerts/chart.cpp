#include "alerts/chart.h"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

namespace vigie {
namespace {

constexpr std::size_t kBars = 48;  // two days are the most that is told of
constexpr double kTop = 30, kBottom = kChartHeight - 30, kLeft = 2, kRight = kChartWidth - 2;
constexpr double kDigitWidth = 10.5, kDigitHeight = 18, kDigitGap = 5;

struct Colour {
  double red, green, blue;
};

// Each has about 4:1 against white and against #1e2229.
constexpr Colour kGrey = {0.45, 0.50, 0.57}, kLine = {0.25, 0.50, 0.86};

Colour bar_colour(Story::Tone tone) {
  switch (tone) {
    case Story::Tone::critical: return {0.88, 0.25, 0.27};
    case Story::Tone::high: return {0.86, 0.35, 0.13};
    case Story::Tone::warning: return {0.72, 0.46, 0.10};
    case Story::Tone::good: return {0.18, 0.56, 0.36};
    case Story::Tone::info:
    case Story::Tone::neutral: return {0.37, 0.49, 0.67};
  }
  return kGrey;
}

// A digit as a line through points of a grid 2 wide and 4 high; "::" by hand.
struct Point {
  double x, y;
};
const std::vector<std::vector<Point>>& strokes(char c) {
  using Strokes = std::vector<std::vector<Point>>;
  static const std::array<Strokes, 11> kDigits = {{
      {{{0.6, 0}, {1.4, 0}, {2, 0.7}, {2, 3.3}, {1.4, 4}, {0.6, 4}, {0, 3.3}, {0, 0.7}, {0.6, 0}}},
      {{{0.3, 0.8}, {1.1, 0}, {1.1, 4}}, {{0.3, 4}, {1.9, 4}}},
      {{{0, 0.8}, {0.6, 0}, {1.4, 0}, {2, 0.7}, {2, 1.4}, {0, 4}, {2, 4}}},
      {{{0, 0}, {2, 0}, {0.9, 1.6}, {1.5, 1.7}, {2, 2.3}, {2, 3.3}, {1.4, 4}, {0.6, 4}, {0, 3.3}}},
      {{{1.5, 4}, {1.5, 0}, {0, 2.8}, {2, 2.8}}},
      {{{2, 0}, {0.2, 0}, {0.1, 1.8}, {1.2, 1.5}, {2, 2.2}, {2, 3.2}, {1.3, 4}, {0.5, 4}, {0, 3.4}}},
      {{{1.8, 0.3},
        {1.3, 0},
        {0.6, 0.2},
        {0, 1.4},
        {0, 3.3},
        {0.6, 4},
        {1.4, 4},
        {2, 3.3},
        {2, 2.5},
        {1.4, 1.8},
        {0.6, 1.8},
        {0, 2.5}}},
      {{{0, 0}, {2, 0}, {0.8, 4}}},
      {{{0.6, 1.9},
        {0, 1.2},
        {0, 0.6},
        {0.6, 0},
        {1.4, 0},
        {2, 0.6},
        {2, 1.2},
        {1.4, 1.9},
        {0.6, 1.9},
        {0, 2.6},
        {0, 3.3},
        {0.6, 4},
        {1.4, 4},
        {2, 3.3},
        {2, 2.6},
        {1.4, 1.9}}},
      {{{0.2, 3.7},
        {0.7, 4},
        {1.4, 3.8},
        {2, 2.6},
        {2, 0.7},
        {1.4, 0},
        {0.6, 0},
        {0, 0.7},
        {0, 1.5},
        {0.6, 2.2},
        {1.4, 2.2},
        {2, 1.5}}},
      {{{1, 1.1}, {1, 1.3}}, {{1, 2.9}, {1, 3.1}}},
  }};
  static const Strokes kNone;
  if (c >= '0' && c <= '9') return kDigits[static_cast<std::size_t>(c - '0')];
  return c == ':' ? kDigits.back() : kNone;
}

double advance_of(char c) { return c == ':' ? kDigitWidth * 0.5 + kDigitGap : kDigitWidth + kDigitGap; }

double width_of(std::string_view text) {
  double width = text.empty() ? 0 : -kDigitGap;
  for (const char c : text) width += advance_of(c);
  return width;
}

class Drawing {
 public:
  Drawing()
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, kChartWidth, kChartHeight)),
        pen_(cairo_create(surface_)) {}
  ~Drawing() {
    cairo_destroy(pen_);
    cairo_surface_destroy(surface_);
  }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

  void use(const Colour& colour, double opacity = 1) {
    cairo_set_source_rgba(pen_, colour.red, colour.green, colour.blue, opacity);
  }

  void box(double x, double y, double width, double height) {
    cairo_rectangle(pen_, x, y, width, height);
    cairo_fill(pen_);
  }

  void level(double y, bool dashed) {
    constexpr std::array<double, 2> kDashes = {9, 6};
    cairo_set_dash(pen_, kDashes.data(), dashed ? 2 : 0, 0);
    cairo_set_line_width(pen_, dashed ? 2.5 : 1.5);
    cairo_move_to(pen_, kLeft, y);
    cairo_line_to(pen_, kRight, y);
    cairo_stroke(pen_);
    cairo_set_dash(pen_, nullptr, 0, 0);
  }

  // Digits and ":" with their top left corner there.
  void figures(double x, double y, std::string_view text) {
    cairo_set_line_width(pen_, 2.6);
    cairo_set_line_cap(pen_, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(pen_, CAIRO_LINE_JOIN_ROUND);
    for (const char c : text) {
      const double width = c == ':' ? kDigitWidth * 0.5 : kDigitWidth;
      for (const std::vector<Point>& stroke : strokes(c)) {
        for (const Point& point : stroke) cairo_line_to(pen_, x + point.x / 2 * width, y + point.y / 4 * kDigitHeight);
        cairo_stroke(pen_);
      }
      x += advance_of(c);
    }
    cairo_set_line_cap(pen_, CAIRO_LINE_CAP_BUTT);
  }

  Result<std::string> png() {
    std::string bytes;
    const auto take = [](void* into, const unsigned char* data, unsigned int size) {
      auto& out = *static_cast<std::string*>(into);
      for (unsigned int i = 0; i < size; ++i) out.push_back(static_cast<char>(data[i]));
      return CAIRO_STATUS_SUCCESS;
    };
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface_, take, &bytes);
    if (status != CAIRO_STATUS_SUCCESS)
      return fail(ErrorKind::bug, concat("the chart of a mail could not be drawn: ", cairo_status_to_string(status)));
    return bytes;
  }

 private:
  cairo_surface_t* surface_;
  cairo_t* pen_;
};

struct Plot {
  std::vector<double> hourly;
  double most = 1, slot = 1;
  double x(std::size_t bar) const { return kLeft + slot * static_cast<double>(bar); }
  double y(double count) const { return kBottom - (kBottom - kTop) * count / most; }
};

Plot plot_of(const Story& story) {
  Plot plot;
  const std::size_t bars = std::min(kBars, story.hourly.size());
  plot.hourly.assign(story.hourly.end() - static_cast<std::ptrdiff_t>(bars), story.hourly.end());
  for (double& count : plot.hourly) count = std::isfinite(count) ? std::clamp(count, 0.0, 1e9) : 0;
  plot.most = *std::max_element(plot.hourly.begin(), plot.hourly.end());
  if (std::isfinite(story.usual_hourly)) plot.most = std::max(plot.most, story.usual_hourly);
  plot.slot = (kRight - kLeft) / static_cast<double>(bars);
  return plot;
}

void draw_bars(Drawing& drawing, const Plot& plot, Story::Tone tone) {
  drawing.use(bar_colour(tone));
  for (std::size_t i = 0; i < plot.hourly.size(); ++i) {
    const double height = std::max(plot.hourly[i] > 0 ? 2.0 : 0.0, kBottom - plot.y(plot.hourly[i]));
    drawing.box(plot.x(i) + plot.slot * 0.12, kBottom - height, plot.slot * 0.76, height);
  }
  drawing.use(kGrey);
  drawing.level(kBottom, false);
}

// Every sixth hour by the clock of its reader, below the bar that begins then.
void draw_hours(Drawing& drawing, const Plot& plot, const std::vector<std::string>& hours) {
  if (hours.size() < plot.hourly.size()) return;
  drawing.use(kGrey);
  for (std::size_t i = 0; i < plot.hourly.size(); ++i) {
    const std::string& hour = hours[hours.size() - plot.hourly.size() + i];
    if (std::atoi(hour.c_str()) % 6 != 0) continue;
    const double x = std::clamp(plot.x(i), kLeft, kRight - width_of(hour));
    drawing.box(plot.x(i), kBottom, 2, 5);
    drawing.figures(x, kBottom + 9, hour);
  }
}

// The highest bar is named above it, the expected level at the left above its line, where the day begins quietly.
void draw_figures(Drawing& drawing, const Plot& plot, double usual) {
  const auto highest = std::max_element(plot.hourly.begin(), plot.hourly.end());
  const std::string most = std::to_string(std::llround(*highest));
  const double x = plot.x(static_cast<std::size_t>(highest - plot.hourly.begin())) + (plot.slot - width_of(most)) / 2;
  drawing.use(kGrey);
  drawing.figures(std::clamp(x, kLeft + 2, kRight - width_of(most) - 2), plot.y(*highest) - kDigitHeight - 6, most);
  if (usual <= 0 || !std::isfinite(usual)) return;
  drawing.use(kLine);
  drawing.level(plot.y(usual), true);
  const std::string expected = std::to_string(std::llround(usual));
  if (usual >= 1) drawing.figures(kLeft + 2, std::max(2.0, plot.y(usual) - kDigitHeight - 6), expected);
}

}  // namespace

Result<std::string> chart_png(const Story& story) {
  const bool empty = std::none_of(story.hourly.begin(), story.hourly.end(), [](double count) { return count > 0; });
  if (empty) return std::string();
  const Plot plot = plot_of(story);
  Drawing drawing;
  draw_bars(drawing, plot, story.tone);
  draw_hours(drawing, plot, story.hours);
  draw_figures(drawing, plot, story.usual_hourly);
  return drawing.png();
}

}  // namespace vigie
