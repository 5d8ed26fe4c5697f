#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace vigie {
namespace {

using testing::HasSubstr;

TEST(Metrics, CountsPerSetOfLabels) {
  Metrics metrics;

  metrics.add("vigie_polls_total", "Polls made.", {{"source", "a"}});
  metrics.add("vigie_polls_total", "Polls made.", {{"source", "a"}}, 2);
  metrics.add("vigie_polls_total", "Polls made.", {{"source", "b"}});

  EXPECT_EQ(metrics.value("vigie_polls_total", {{"source", "a"}}), 3);
  EXPECT_EQ(metrics.value("vigie_polls_total", {{"source", "c"}}), 0);
  EXPECT_EQ(metrics.value("vigie_unknown_total"), 0);
  EXPECT_EQ(metrics.text(),
            "# HELP vigie_polls_total Polls made.\n# TYPE vigie_polls_total counter\n"
            "vigie_polls_total{source=\"a\"} 3\nvigie_polls_total{source=\"b\"} 1\n");
}

TEST(Metrics, KeepsTheLastValueOfAGauge) {
  Metrics metrics;

  metrics.set("vigie_lag_seconds", "How far behind.", {}, 4);
  metrics.set("vigie_lag_seconds", "How far behind.", {}, 1.5);

  EXPECT_THAT(metrics.text(), HasSubstr("# TYPE vigie_lag_seconds gauge\nvigie_lag_seconds 1.5\n"));
}

TEST(Metrics, AddsUpTheBucketsOfAHistogram) {
  Metrics metrics;

  for (const double seconds : {0.0005, 0.001, 0.3, 120.0})
    metrics.observe("vigie_request_seconds", "Time to answer.", {{"loop", "serve"}}, seconds);

  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_bucket{loop=\"serve\",le=\"0.001\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_bucket{loop=\"serve\",le=\"0.25\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_bucket{loop=\"serve\",le=\"0.5\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_bucket{loop=\"serve\",le=\"60\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_bucket{loop=\"serve\",le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_sum{loop=\"serve\"} 120.3015\n"));
  EXPECT_THAT(text, HasSubstr("vigie_request_seconds_count{loop=\"serve\"} 4\n"));
}

TEST(Metrics, EscapesHelpAndLabels) {
  Metrics metrics;

  metrics.add("vigie_x_total", "a \\ \"b\"\nc", {{"l", "a\\b\"c\nd\xFF"}});

  EXPECT_EQ(metrics.text(),
            "# HELP vigie_x_total a \\\\ \"b\"\\nc\n# TYPE vigie_x_total "
            "counter\nvigie_x_total{l=\"a\\\\b\\\"c\\nd\uFFFD\"} 1\n");
}

TEST(Metrics, LosesNothingBetweenThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < 1000; ++i) {
        metrics.add("vigie_n_total", "N.");
        metrics.observe("vigie_t_seconds", "T.", {}, 0.01);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(metrics.value("vigie_n_total"), 4000);
  EXPECT_THAT(metrics.text(), HasSubstr("vigie_t_seconds_count 4000\n"));
}

TEST(Metrics, AreAcceptedByPromtool) {
  if (!test::have_program("promtool")) GTEST_SKIP() << "promtool is not installed (Debian package prometheus)";
  Metrics metrics;
  metrics.add("vigie_polls_total", "Polls made, \"each\" \\ one.", {{"source", "a\"b\\c\nd é"}});
  metrics.set("vigie_lag_seconds", "How far behind.", {}, std::numeric_limits<double>::infinity());
  metrics.set("vigie_queue_length", "Waiting.", {{"loop", ""}}, 1e21);
  metrics.observe("vigie_request_seconds", "Time to answer.", {{"loop", "serve"}}, 0.2);

  const test::Finished check = test::run({"promtool", "check", "metrics"}, {.input = metrics.text()});

  EXPECT_EQ(check.status, 0) << check.out << check.err << metrics.text();
}

}  // namespace
}  // namespace vigie
