#include "flat_environment.h"

#include <algorithm>
#include <cstring>

namespace cellvisor::probe {

using machine::Stage2Page;

std::unique_ptr<FlatEnvironment> FlatEnvironment::sharing(const FlatEnvironment& other) {
  auto result = std::make_unique<FlatEnvironment>();
  result->pages_ = other.pages_;
  return result;
}

void FlatEnvironment::broadcastInvalidate(Cpu& cpu, bool translations, bool instructions) {
  for (Cpu* peer : peers_) {
    if (peer != &cpu) peer->requestInvalidate(translations, instructions);
  }
  if (!translations) return;
  for (Cpu* peer : peers_) {
    if (peer != &cpu) peer->awaitInvalidate();
  }
}

void FlatEnvironment::addRam(uint64_t address, uint64_t sizeBytes) {
  for (uint64_t page = address / kPage; page <= (address + sizeBytes - 1) / kPage; page++) {
    auto& slot = (*pages_)[page];
    if (!slot) slot = std::make_unique<Page>();
  }
}

uint8_t* FlatEnvironment::at(uint64_t address) {
  const auto found = pages_->find(address / kPage);
  return found == pages_->end() ? nullptr : found->second->bytes + address % kPage;
}

void FlatEnvironment::write(uint64_t address, const void* data, size_t sizeBytes) {
  for (size_t done = 0; done < sizeBytes;) {
    const size_t part = std::min<size_t>(sizeBytes - done, kPage - (address + done) % kPage);
    std::memcpy(at(address + done), static_cast<const uint8_t*>(data) + done, part);
    done += part;
  }
}

void FlatEnvironment::read(uint64_t address, void* data, size_t sizeBytes) {
  for (size_t done = 0; done < sizeBytes;) {
    const size_t part = std::min<size_t>(sizeBytes - done, kPage - (address + done) % kPage);
    std::memcpy(static_cast<uint8_t*>(data) + done, at(address + done), part);
    done += part;
  }
}

void FlatEnvironment::clear() {
  pages_->clear();
  ending = {};
  register_ = device_ = 0;
}

Trap FlatEnvironment::end(Ending::Kind kind, uint64_t number, const char* what) {
  ending = {kind, number, what};
  return Trap::kParked;
}

Stage2Page FlatEnvironment::stage2(uint64_t address) {
  Stage2Page page;
  if (address / kPage == kDevicePage / kPage) {
    page.kind = Stage2Page::Kind::kDevice;
    page.readable = page.writable = true;
    page.physical = kDevicePage;
  } else if (uint8_t* host = at(address & ~(kPage - 1))) {
    page.kind = Stage2Page::Kind::kRam;
    page.readable = true;
    page.writable = address / kPage != kReadOnlyPage / kPage;
    page.host = host;
  }
  return page;
}

bool FlatEnvironment::deviceRead(uint64_t physical, unsigned sizeBytes, uint64_t& value) {
  if (physical % kPage >= 0x800) return false;
  value = sizeBytes == 8 ? device_ : device_ & ((uint64_t{1} << (8 * sizeBytes)) - 1);
  return true;
}

bool FlatEnvironment::deviceWrite(uint64_t physical, unsigned, uint64_t value) {
  device_ = value;
  return physical % kPage < 0x800;
}

void FlatEnvironment::waitForInterrupt(Cpu& cpu) {
  if (interruptOnWait) {
    cpu.setIrqLine(true);
  } else {
    cpu.requestStop();
  }
}

Trap FlatEnvironment::dataAbort(Cpu& cpu, DataAbort& abort) {
  if (abort.intermediateAddress / kPage != kRegisterPage / kPage || !abort.syndromeValid) {
    return end(Ending::Kind::kDataAbort, abort.intermediateAddress);
  }
  registerAccesses++;
  if (abort.isWrite) {
    register_ = abort.value;
    if (abort.intermediateAddress == kIrqLine) cpu.setIrqLine(abort.value & 1);
    if (console != nullptr && abort.intermediateAddress == kRegisterPage) std::fputc(static_cast<int>(abort.value & 0xff), console);
  } else {
    abort.value = abort.sizeBytes == 8 ? register_ : register_ & ((uint64_t{1} << (8 * abort.sizeBytes)) - 1);
  }
  return Trap::kHandled;
}

Trap FlatEnvironment::instructionAbort(Cpu&, uint64_t, uint64_t intermediateAddress) {
  return end(Ending::Kind::kInstructionAbort, intermediateAddress);
}

Trap FlatEnvironment::hypercall(Cpu&, uint16_t immediate) { return end(Ending::Kind::kHypercall, immediate); }

Trap FlatEnvironment::secureCall(Cpu& cpu, uint16_t immediate) {
  // SMC #0 of SMCCC_VERSION answers; everything else is the end.
  if (immediate == 0 && cpu.state().x[0] == 0x80000000) {
    cpu.state().x[0] = 0x10001;
    return Trap::kHandled;
  }
  return end(Ending::Kind::kSecureCall, immediate);
}

Trap FlatEnvironment::systemRegisterTrap(Cpu&, uint32_t iss, bool, uint64_t) {
  return end(Ending::Kind::kRegisterTrap, iss);
}

Trap FlatEnvironment::unimplemented(Cpu&, uint32_t insn, const char* what) {
  return end(Ending::Kind::kUnimplemented, insn, what);
}

}  // namespace cellvisor::probe
