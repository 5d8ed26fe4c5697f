// Every cap on what the outside may send, in one place.

#pragma once

#include <cstddef>

#include "base/time.h"

namespace vigie::limits {

inline constexpr std::size_t kJsonDepth = 64;
inline constexpr std::size_t kFeedBytes = 16u << 20;        // decoded
inline constexpr std::size_t kBodyBytes = 32u << 20;        // decoded, API answers
inline constexpr std::size_t kCompressionRatio = 100;       // decoded bytes per byte received, past the first 1 MiB
inline constexpr std::size_t kHeaderBytes = 64u << 10;
inline constexpr std::size_t kMailBytes = 1u << 20;         // of one mail; the rest, attachments, is not asked for
inline constexpr std::size_t kFrameBytes = 1u << 20;        // of one message of a stream
inline constexpr int kRedirects = 5;
inline constexpr Duration kConnect = seconds(10);
inline constexpr Duration kFetch = seconds(60);
inline constexpr Duration kNotification = seconds(30);
inline constexpr Duration kRequest = seconds(15);           // a visitor's request, from first byte to last
inline constexpr std::size_t kRequestBody = 1u << 20;
inline constexpr std::size_t kConnections = 512;
inline constexpr std::size_t kWallPageBytes = 60u << 10;
inline constexpr std::size_t kReviewCodePoints = 5000;
inline constexpr std::size_t kImportLine = 4u << 20;

}  // namespace vigie::limits
