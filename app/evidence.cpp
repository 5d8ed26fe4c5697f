#include "app/evidence.h"

#include "pipeline/pipeline.h"
#include "pipeline/query_text.h"

namespace vigie {
namespace {

using namespace sentiment;

constexpr int kPage = 1000;
constexpr std::size_t kMostLabels = 50'000;
constexpr std::size_t kCompared = 2000;  // mentions without a label, newest first
constexpr int kMostPages = 20;

AskedText asked(const StoredMention& stored) {
  const Mention& mention = stored.mention;
  return {title_and_text(mention), stored.judgement.lang, std::string(domain_of(mention)), mention.rating};
}

Result<std::vector<LabelledText>> read_labels(Store& store) {
  std::vector<LabelledText> labels;
  for (std::int64_t seq = 0; labels.size() < kMostLabels;) {
    TRY(const std::vector<StoredMention> page, store.labelled_after(seq, kPage));
    for (const StoredMention& stored : page) {
      AskedText text = asked(stored);
      if (!text.text.empty()) labels.push_back({std::move(text), *stored.judgement.human});
    }
    if (page.empty()) break;
    seq = page.back().seq;
  }
  return labels;
}

Result<std::vector<AskedText>> read_unlabelled(Store& store) {
  std::vector<AskedText> found;
  MentionFilter filter;
  filter.limit = kPage;
  for (int page_number = 0; page_number < kMostPages && found.size() < kCompared; ++page_number) {
    TRY(const std::vector<StoredMention> page, store.mentions(filter));
    for (const StoredMention& stored : page) {
      AskedText text = asked(stored);
      if (!stored.judgement.human && stored.original == 0 && !text.text.empty()) found.push_back(std::move(text));
    }
    if (page.empty()) break;
    filter.before = page.back().seq;
  }
  return found;
}

}  // namespace

Result<Evidence> read_evidence(Store& store) {
  TRY(const std::vector<LabelledText> labels, read_labels(store));
  Evidence evidence = split_labels(labels);
  TRY(evidence.stored, read_unlabelled(store));
  TRY(evidence.anchors, anchors());
  return evidence;
}

}  // namespace vigie
