#include "collectors/recording.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/secret.h"
#include "base/text.h"
#include "base/url.h"

namespace vigie {
namespace {

constexpr std::string_view kSuffix = ".exchanges.jsonl";

using Query = std::vector<std::pair<std::string, std::string>>;

// Every recorded parameter is asked for, each as often as recorded, in any order.
bool asks_for(const Query& asked, const Query& recorded) {
  return std::all_of(recorded.begin(), recorded.end(), [&](const auto& wanted) {
    return std::count(asked.begin(), asked.end(), wanted) >= std::count(recorded.begin(), recorded.end(), wanted);
  });
}

}  // namespace

Recording::Target Recording::target_of(std::string_view url) {
  const UrlParts parts = split_url(url);
  Target target{url_decode(parts.path, false), {}};
  if (target.path.empty()) target.path = "/";
  if (!parts.query) return target;
  for (const std::string_view pair : split(*parts.query, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    target.query.emplace_back(url_decode(pair.substr(0, equals), true),
                              equals < pair.size() ? url_decode(pair.substr(equals + 1), true) : "");
  }
  return target;
}

Result<Recording::Exchange> Recording::exchange_from(const json::Value& value) {
  Exchange exchange;
  TRY(exchange.method, value.text("request.method"));
  TRY(exchange.reply.url, value.text("request.url"));
  exchange.target = target_of(exchange.reply.url);
  TRY(const std::int64_t status, value.integer("response.status"));
  exchange.reply.status = static_cast<int>(status);
  const json::Value headers = value.at("response.headers");
  for (std::size_t i = 0; i < headers.size(); ++i) {
    std::string text = headers[i].is_null() ? "" : std::string(headers[i].raw());
    const bool retry_after = iequals(headers.key_at(i), "retry-after");
    if (retry_after && !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos) {
      exchange.reply.retry_after = seconds(std::stoi(text));
    }
    exchange.reply.headers.emplace_back(headers.key_at(i), std::move(text));
  }
  exchange.reply.body = value.text_or("response.body", "");
  if (value.at("response.body_base64")) {
    TRY(const std::string encoded, value.text("response.body_base64"));
    TRY(exchange.reply.body, from_base64(encoded));
  }
  return exchange;
}

Result<Recording> Recording::load(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().native().ends_with(kSuffix)) paths.push_back(it->path().native());
  }
  if (error)
    return fail(ErrorKind::bad_config,
                concat(folder, ": expected a folder of recorded exchanges, found ", error.message()));
  std::sort(paths.begin(), paths.end());
  Recording recording;
  for (const std::string& path : paths) TRY(recording.add(path));
  return recording;
}

std::optional<HttpReply> Recording::answer(const HttpRequest& request) {
  const Target asked = target_of(request.url);
  for (Exchange& exchange : exchanges_) {
    if (exchange.used || !iequals(exchange.method, request.method)) continue;
    if (exchange.target.path != asked.path || !asks_for(asked.query, exchange.target.query)) continue;
    exchange.used = true;
    HttpReply reply = exchange.reply;
    reply.url = request.url;  // wherever it was recorded
    return reply;
  }
  return std::nullopt;
}

Result<void> Recording::add(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (trim(line).empty()) continue;
    const Result<json::Document> document = json::parse(line, 2 * limits::kJsonDepth);
    Result<Exchange> exchange = document ? exchange_from(document->root()) : Result<Exchange>(fail(document.error()));
    if (!exchange)
      return fail(ErrorKind::bad_config, concat(path, ":", std::to_string(number), ":1: ", exchange.error().what));
    exchanges_.push_back(*std::move(exchange));
  }
  return {};
}

}  // namespace vigie
