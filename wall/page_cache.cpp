#include "wall/page_cache.h"

#include "base/gzip.h"
#include "base/secret.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kWorthCompressing = 1u << 10;

std::size_t weight_of(const KeptPage& page) { return page.body.size() + page.compressed.size(); }

bool lists_tag(std::string_view if_none_match, std::string_view tag) {
  tag.remove_prefix(2);  // W/: bytes that are compressed or not are the same page
  for (std::string_view item : split(if_none_match, ',')) {
    item = trim(item);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == tag || item == "*") return true;
  }
  return false;
}

}  // namespace

std::shared_ptr<const KeptPage> PageCache::find(const std::string& address, const std::string& stamp) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(address);
  return found == entries_.end() || found->second.stamp != stamp ? nullptr : found->second.page;
}

std::shared_ptr<const KeptPage> PageCache::keep(const std::string& address, const std::string& stamp, KeptPage page) {
  page.tag = concat("W/\"", to_hex(sha256(page.body)).substr(0, 32), "\"");
  if (page.body.size() > kWorthCompressing) page.compressed = gzip(page.body).value_or("");
  const auto kept = std::make_shared<const KeptPage>(std::move(page));
  const std::scoped_lock lock(mutex_);
  if (const auto old = entries_.find(address); old != entries_.end()) {
    bytes_ -= weight_of(*old->second.page);
    entries_.erase(old);
  }
  if (entries_.size() >= kMostPages || bytes_ + weight_of(*kept) > kMostBytes) {
    entries_.clear();
    bytes_ = 0;
  }
  bytes_ += weight_of(*kept);
  entries_[address] = {stamp, kept};
  return kept;
}

ServerReply reply_with(const KeptPage& page, const ServerRequest& request) {
  ServerReply reply;
  reply.status = page.status;
  reply.content_type = page.content_type;
  reply.headers = {{"ETag", page.tag}, {"Cache-Control", "public, max-age=30, stale-while-revalidate=300"}};
  if (!page.language.empty()) {
    reply.headers.emplace_back("Vary", "Accept-Language");
    reply.headers.emplace_back("Content-Language", page.language);
  }
  if (page.status == 200 && lists_tag(request.header("If-None-Match"), page.tag)) {
    reply.status = 304;
    return reply;
  }
  if (!page.compressed.empty() && accepts_gzip(request.header("Accept-Encoding"))) {
    reply.body = page.compressed;
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    reply.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    reply.body = page.body;
  }
  return reply;
}

}  // namespace vigie
