#include "machine/debug/guest_memory.h"

#include <algorithm>

#include "machine/cpu/mmu.h"
#include "machine/memory/guest_copy.h"
#include "machine/vcpu.h"

namespace cellvisor::machine {

namespace {

/** A piece of guest memory within one page. */
struct Piece {
  uint8_t* host = nullptr;
  size_t length = 0;
};

/** `host` is null where there is no such memory. */
Piece pieceAt(Vcpu& vcpu, uint64_t address, size_t length, bool forWriting) {
  constexpr unsigned kPrivileged = 1;
  const uint64_t offset = address % kPageSize;
  Piece piece{nullptr, std::min<size_t>(length, kPageSize - offset)};
  const Stage1 page = walkStage1(vcpu.cpu().systemRegisters(), vcpu, address, kPrivileged);
  if (page.result != Stage1::Result::kPage) return piece;
  const Stage2Page memory = vcpu.stage2(page.intermediateAddress);
  const bool permitted = forWriting ? memory.writable : memory.readable;
  if (memory.kind == Stage2Page::Kind::kRam && permitted) piece.host = memory.host + offset;
  return piece;
}

}  // namespace

std::vector<uint8_t> readGuest(Vcpu& vcpu, uint64_t address, size_t length) {
  std::vector<uint8_t> bytes;
  bytes.reserve(length);
  while (bytes.size() < length) {
    const Piece piece = pieceAt(vcpu, address + bytes.size(), length - bytes.size(), false);
    if (piece.host == nullptr) break;
    const size_t done = bytes.size();
    bytes.resize(done + piece.length);
    copyFromGuest(bytes.data() + done, piece.host, piece.length);
  }
  return bytes;
}

bool writeGuest(Vcpu& vcpu, uint64_t address, const uint8_t* bytes, size_t length) {
  std::vector<Piece> pieces;
  for (size_t done = 0; done < length; done += pieces.back().length) {
    pieces.push_back(pieceAt(vcpu, address + done, length - done, true));
    if (pieces.back().host == nullptr) return false;
  }
  for (const Piece& piece : pieces) {
    copyToGuest(piece.host, bytes, piece.length);
    bytes += piece.length;
  }
  return true;
}

}  // namespace cellvisor::machine
