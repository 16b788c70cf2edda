#include "machine/gic/cpu_interface.h"

#include <algorithm>

namespace cellvisor::machine::gic {

namespace {
constexpr uint8_t kPriorityBits = 0xf8;
constexpr unsigned kPriorityShift = 3;
// ICC_CTLR_EL1 (IHI 0069 12.2.6): five priority bits, 16 INTID bits, Affinity 3 supported.
constexpr uint64_t kCtlrCbpr = 1u << 0, kCtlrEoiMode = 1u << 1, kCtlrFixed = (4u << 8) | (1u << 15);
constexpr uint64_t kSystemRegisterInterfaceOnly = 0x7;
}  // namespace

void CpuInterface::reset() { *this = CpuInterface(); }

CpuInterface::Injection CpuInterface::inject(unsigned intid, uint8_t priority, bool hardware) {
  ListRegister* empty = nullptr;
  for (ListRegister& entry : list_) {
    if (!entry.valid()) {
      if (empty == nullptr) empty = &entry;
    } else if (entry.intid == intid) {
      return Injection::kAlreadyListed;
    }
  }
  if (empty == nullptr) return Injection::kFull;
  *empty = {intid, static_cast<uint8_t>(priority & kPriorityBits), true, false, hardware};
  return Injection::kDone;
}

bool CpuInterface::hasPending() const {
  return std::any_of(list_.begin(), list_.end(), [](const ListRegister& entry) { return entry.pending; });
}

unsigned CpuInterface::listedCount() const {
  return static_cast<unsigned>(
      std::count_if(list_.begin(), list_.end(), [](const ListRegister& entry) { return entry.valid(); }));
}

const CpuInterface::ListRegister* CpuInterface::highestPending() const {
  const ListRegister* best = nullptr;
  for (const ListRegister& entry : list_) {
    if (entry.pending && (best == nullptr || entry.priority < best->priority)) best = &entry;
  }
  return best;
}

uint8_t CpuInterface::groupPriority(uint8_t priority) const {
  // Group 1 compares bits 7..BPR1; with CBPR it uses BPR0 + 1 (IHI 0069 4.8.4).
  const unsigned lowest = commonBinaryPoint_ ? binaryPoint0_ + 1u : binaryPoint1_;
  return lowest > 7 ? 0 : static_cast<uint8_t>(priority & (0xff << lowest));
}

unsigned CpuInterface::runningPriority() const {
  const uint32_t active = activePriorities1_ | activePriorities0_;
  return active == 0 ? kNoPriority : static_cast<unsigned>(__builtin_ctz(active)) << kPriorityShift;
}

bool CpuInterface::preempts(const ListRegister& entry) const {
  return group1Enabled_ && entry.priority < priorityMask_ && groupPriority(entry.priority) < runningPriority();
}

bool CpuInterface::irqAsserted() const {
  const ListRegister* entry = highestPending();
  return entry != nullptr && preempts(*entry);
}

unsigned CpuInterface::acknowledge() {
  const ListRegister* best = highestPending();
  if (best == nullptr || !preempts(*best)) return kSpurious;
  ListRegister& entry = list_[static_cast<size_t>(best - list_.data())];
  entry.pending = false;
  entry.active = true;
  activePriorities1_ |= 1u << (groupPriority(entry.priority) >> kPriorityShift);
  return entry.intid;
}

unsigned CpuInterface::deactivate(unsigned intid) {
  for (ListRegister& entry : list_) {
    if (!entry.active || entry.intid != intid) continue;
    entry.active = false;
    return entry.hardware ? intid : kSpurious;
  }
  return kSpurious;
}

uint64_t CpuInterface::read(IccRegister reg) {
  switch (reg) {
    case IccRegister::kIar1: return acknowledge();
    case IccRegister::kHppir1: {
      const ListRegister* entry = highestPending();
      return entry != nullptr && group1Enabled_ ? entry->intid : kSpurious;
    }
    case IccRegister::kPmr: return priorityMask_;
    case IccRegister::kBpr1: return commonBinaryPoint_ ? std::min(binaryPoint0_ + 1, 7) : binaryPoint1_;
    case IccRegister::kCtlr:
      return kCtlrFixed | (eoiMode_ ? kCtlrEoiMode : 0) | (commonBinaryPoint_ ? kCtlrCbpr : 0);
    case IccRegister::kIgrpen1: return group1Enabled_;
    case IccRegister::kRpr: return std::min(runningPriority(), 0xffu);
    case IccRegister::kSre: return kSystemRegisterInterfaceOnly;
    case IccRegister::kAp1r0: return activePriorities1_;
    // The hypervisor lists group 1 interrupts only, so group 0 never has one to offer.
    case IccRegister::kIar0: case IccRegister::kHppir0: return kSpurious;
    case IccRegister::kBpr0: return binaryPoint0_;
    case IccRegister::kIgrpen0: return group0Enabled_;
    case IccRegister::kAp0r0: return activePriorities0_;
    // Write only, or active priority words that five priority bits do not fill.
    case IccRegister::kEoir1: case IccRegister::kDir: case IccRegister::kEoir0: case IccRegister::kAp1r1:
    case IccRegister::kAp1r2: case IccRegister::kAp1r3:
      return 0;
  }
  return 0;
}

unsigned CpuInterface::write(IccRegister reg, uint64_t value) {
  const unsigned intid = static_cast<unsigned>(value & 0xffffff);
  switch (reg) {
    case IccRegister::kEoir1:
      if (intid >= 1020) break;
      activePriorities1_ &= activePriorities1_ - 1;
      if (!eoiMode_) return deactivate(intid);
      break;
    case IccRegister::kDir:
      if (eoiMode_ && intid < 1020) return deactivate(intid);
      break;
    case IccRegister::kPmr: priorityMask_ = static_cast<uint8_t>(value) & kPriorityBits; break;
    case IccRegister::kBpr1:
      if (!commonBinaryPoint_) binaryPoint1_ = std::max(static_cast<uint8_t>(value & 7), kMinBinaryPoint1);
      break;
    case IccRegister::kCtlr:
      eoiMode_ = (value & kCtlrEoiMode) != 0;
      commonBinaryPoint_ = (value & kCtlrCbpr) != 0;
      break;
    case IccRegister::kIgrpen1: group1Enabled_ = (value & 1) != 0; break;
    case IccRegister::kAp1r0: activePriorities1_ = static_cast<uint32_t>(value); break;
    case IccRegister::kBpr0: binaryPoint0_ = std::max(static_cast<uint8_t>(value & 7), kMinBinaryPoint0); break;
    case IccRegister::kIgrpen0: group0Enabled_ = (value & 1) != 0; break;
    case IccRegister::kAp0r0: activePriorities0_ = static_cast<uint32_t>(value); break;
    // Read only or fixed; nothing of group 0 can be active.
    case IccRegister::kIar1: case IccRegister::kHppir1: case IccRegister::kRpr: case IccRegister::kSre:
    case IccRegister::kAp1r1: case IccRegister::kAp1r2: case IccRegister::kAp1r3: case IccRegister::kIar0:
    case IccRegister::kEoir0: case IccRegister::kHppir0:
      break;
  }
  return kSpurious;
}

}  // namespace cellvisor::machine::gic
