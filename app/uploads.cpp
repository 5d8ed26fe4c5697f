#include "app/uploads.h"

#include <algorithm>

#include "base/json.h"
#include "base/secret.h"
#include "collectors/file.h"

namespace vigie {
namespace {

constexpr std::string_view kPath = "/api/v1/import";
constexpr std::size_t kMostWaiting = 4;  // files, each as large as the console takes them
constexpr std::size_t kMostJobs = 100;   // remembered
constexpr std::size_t kMostErrors = 20;
constexpr std::size_t kChunk = 64u << 10;
constexpr std::size_t kBatch = 500;

template <class Job>
std::string described(const std::string& id, const Job& job) {
  json::Writer out;
  out.begin_object()
      .member("job", id)
      .member("state", job.state)
      .key("bytes")
      .integer(static_cast<std::int64_t>(job.bytes));
  out.key("read").integer(static_cast<std::int64_t>(job.read)).key("accepted").integer(job.accepted);
  out.key("rejected").integer(job.rejected).key("errors").begin_array();
  for (const std::string& error : job.errors) out.string(error);
  out.end_array().end_object();
  return out.take();
}

}  // namespace

ServerReply Uploads::answer(const ServerRequest& request) {
  if (request.path == kPath && request.method == "POST") return take(request);
  const bool one = request.path.starts_with(concat(kPath, "/")) && request.method == "GET";
  if (!one) return json_error(404, "expected POST /api/v1/import or GET /api/v1/import/{job}");
  const std::string id = request.path.substr(kPath.size() + 1);
  const std::string found = files_.with([&](Files& files) {
    const auto job = files.jobs.find(id);
    return job == files.jobs.end() ? std::string() : described(id, job->second);
  });
  return found.empty() ? json_error(404, "no such upload; the last hundred are remembered") : json_reply(200, found);
}

ServerReply Uploads::take(const ServerRequest& request) {
  if (request.body.empty()) return json_error(400, "the body is empty: expected JSON lines or CSV with a header");
  const std::string id = to_hex(random_bytes(8));
  const std::string made = files_.with([&](Files& files) {
    if (files.waiting.size() >= kMostWaiting) return std::string();
    Job job;
    job.bytes = request.body.size();
    files.waiting.emplace_back(id, request.body);
    files.order.push_back(id);
    if (files.order.size() > kMostJobs) {
      files.jobs.erase(files.order.front());
      files.order.pop_front();
    }
    return described(id, files.jobs[id] = std::move(job));
  });
  if (made.empty()) {
    ServerReply busy = json_error(503, "other uploads are waiting; send it again in a minute");
    busy.headers.emplace_back("Retry-After", "60");
    return busy;
  }
  arrived_.notify();
  ServerReply reply = json_reply(202, made);
  reply.headers.emplace_back("Location", concat(kPath, "/", id));
  return reply;
}

void Uploads::change(const std::string& job, const std::function<void(Job&)>& by) {
  files_.with([&](Files& files) {
    if (const auto found = files.jobs.find(job); found != files.jobs.end()) by(found->second);
  });
}

void Uploads::tick(Duration at_most, const std::stop_token& stop) {
  std::pair<std::string, std::string> file = files_.with([](Files& files) {
    if (files.waiting.empty()) return std::pair<std::string, std::string>();
    std::pair<std::string, std::string> first = std::move(files.waiting.front());
    files.waiting.pop_front();
    return first;
  });
  if (file.first.empty()) {
    arrived_.wait(at_most);
    return;
  }
  const auto& [job, bytes] = file;
  change(job, [](Job& it) { it.state = "running"; });
  MentionReader reader("import");
  Batch batch;
  for (std::size_t at = 0; at < bytes.size() && !stop.stop_requested(); at += kChunk) {
    const std::size_t end = std::min(at + kChunk, bytes.size());
    reader.feed(std::string_view(bytes).substr(at, end - at), end == bytes.size(), batch);
    if ((batch.mentions.size() + batch.rejected.size() >= kBatch || end == bytes.size()) && !deliver(job, end, batch))
      return;
  }
  change(job, [](Job& it) { it.state = it.read == it.bytes ? "done" : "failed"; });
}

// False when the bus did not take it: the job has failed; the same file may be sent again, the store knows what it has.
bool Uploads::deliver(const std::string& job, std::size_t read, Batch& batch) {
  while (!batch.mentions.empty() || !batch.rejected.empty()) {
    Batch part;
    part.source = "import";
    part.ingested = clock_.now();
    part.history = true;
    const auto cut = [](auto& from, auto& to, std::size_t most) {
      const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(most, from.size()));
      to.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(end));
      from.erase(from.begin(), end);
    };
    cut(batch.mentions, part.mentions, kBatch);
    cut(batch.rejected, part.rejected, kBatch);
    const auto accepted = static_cast<std::int64_t>(part.mentions.size());
    std::vector<std::string> reasons;
    for (const Rejected& rejected : part.rejected) reasons.push_back(rejected.reason);
    const Result<void> published = bus_.publish(std::move(part));
    change(job, [&](Job& it) {
      if (published)
        it.accepted += accepted;
      else
        it.state = "failed", reasons.insert(reasons.begin(), published.error().what);
      it.rejected += static_cast<std::int64_t>(published ? reasons.size() : 0);
      for (std::string& reason : reasons) {
        if (it.errors.size() < kMostErrors) it.errors.push_back(std::move(reason));
      }
    });
    if (!published) return false;
  }
  change(job, [&](Job& it) { it.read = read; });
  return true;
}

void Uploads::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { arrived_.notify(); });
  while (!stop.stop_requested()) tick(seconds(1), stop);
}

}  // namespace vigie
