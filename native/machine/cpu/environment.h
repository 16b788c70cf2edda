#pragma once

#include <cstdint>

namespace cellvisor::machine {

class Cpu;

/** What stage 2 says about one 4 KiB page of intermediate physical addresses. */
struct Stage2Page {
  enum class Kind {
    kFault,   ///< nothing mapped (or a sub-page region): every access traps to the hypervisor
    kRam,     ///< `host` points at the 4096 bytes
    kDevice,  ///< passed-through device at `physical`: Environment::deviceRead/deviceWrite, no VM exit
  };
  Kind kind = Kind::kFault;
  bool readable = false;
  bool writable = false;
  uint8_t* host = nullptr;
  uint64_t physical = 0;
};

/** A data abort taken to EL2 (stage 2): ESR_EL2.ISS in words (Arm ARM D17.2.37). */
struct DataAbort {
  uint64_t virtualAddress = 0;
  uint64_t intermediateAddress = 0;
  bool isWrite = false;
  /** False for forms without a syndrome: pairs, write-back, SIMD, exclusives, atomics ... */
  bool syndromeValid = false;
  /** Abort while walking the stage-1 tables. */
  bool duringTableWalk = false;
  bool cacheMaintenance = false;
  /** True when stage 2 maps the page but does not permit this access; false when nothing is mapped. */
  bool permissionFault = false;
  unsigned sizeBytes = 0;
  bool signExtend = false;
  /** True if the register is 64 bits wide (SF). */
  bool is64 = false;
  /** Register number 0..31 of the instruction (31 is ZR), SRT. */
  unsigned registerNumber = 0;
  /** What is written, zero-extended. */
  uint64_t value = 0;
};

/** What becomes of the CPU after a trap to EL2. */
enum class Trap {
  kHandled,  ///< go on with the next instruction
  kParked,   ///< the hypervisor parked the CPU: leave Cpu::run
  kOff,      ///< PSCI CPU_OFF: leave Cpu::run
};

/** GIC CPU interface registers that do not trap (virtual ICC_*_EL1, IHI 0069 chapter 12.2). */
enum class IccRegister { kIar1, kEoir1, kDir, kHppir1, kPmr, kBpr1, kCtlr, kIgrpen1, kRpr, kSre, kAp1r0, kAp1r1, kAp1r2, kAp1r3,
                         kIar0, kEoir0, kHppir0, kBpr0, kIgrpen0, kAp0r0 };

/** Generic timer registers of EL1/EL0 (Arm ARM D11). */
enum class TimerRegister { kPhysicalControl, kPhysicalCompare, kPhysicalValue, kVirtualControl, kVirtualCompare, kVirtualValue };

/** Everything a CPU core asks of the world around it. One object per vCPU; called on the vCPU's thread only. */
class Environment {
 public:
  virtual ~Environment() = default;

  virtual Stage2Page stage2(uint64_t intermediateAddress) = 0;

  /** Passed-through device access. False: external abort (nothing answers at that physical address). */
  virtual bool deviceRead(uint64_t physical, unsigned sizeBytes, uint64_t& value) = 0;
  virtual bool deviceWrite(uint64_t physical, unsigned sizeBytes, uint64_t value) = 0;

  /** A read's result goes to `abort.value`, zero-extended from the access size; the core sign-extends and writes the register. */
  virtual Trap dataAbort(Cpu& cpu, DataAbort& abort) = 0;
  virtual Trap instructionAbort(Cpu& cpu, uint64_t virtualAddress, uint64_t intermediateAddress) = 0;
  /** HVC #immediate. PC already points behind it. Arguments and results in x0... of `cpu`. */
  virtual Trap hypercall(Cpu& cpu, uint16_t immediate) = 0;
  /** SMC #immediate. The core advances PC when the result is kHandled. */
  virtual Trap secureCall(Cpu& cpu, uint16_t immediate) = 0;
  /**
   * An MSR/MRS that traps to EL2 (ICC_SGI1R_EL1 and its kin, ACTLR_EL1, ...). `encoding` is op0:op1:CRn:CRm:op2 as in
   * ISS bits of EC 0x18 (21:10 and 20..1 layout is the core's `systemRegisterIss`).
   */
  virtual Trap systemRegisterTrap(Cpu& cpu, uint32_t iss, bool isWrite, uint64_t value) = 0;
  /** An instruction or register that the emulator does not implement: the cell stops, with a report. Never returns kHandled. */
  virtual Trap unimplemented(Cpu& cpu, uint32_t insn, const char* what) = 0;

  virtual uint64_t readIcc(IccRegister reg) = 0;
  virtual void writeIcc(IccRegister reg, uint64_t value) = 0;

  /** CNTPCT_EL0 and CNTVCT_EL0 (the offset is 0 under Jailhouse). */
  virtual uint64_t counter() = 0;
  virtual uint64_t readTimer(TimerRegister reg) = 0;
  virtual void writeTimer(TimerRegister reg, uint64_t value) = 0;

  /** Sleeps until an interrupt is pending for this CPU or its attention flag is raised. */
  virtual void waitForInterrupt(Cpu& cpu) = 0;
  /**
   * WFE without an event: sleeps as waitForInterrupt does, but not for more than some tens of microseconds, since what
   * the guest waits for may come without a sign.
   */
  virtual void waitForEvent(Cpu& cpu) = 0;
  /**
   * Maintenance that other CPUs of the cell must see: TLBI ...IS, IC IALLUIS/IVAU. Cpu::requestInvalidate for each of
   * them, and for translations Cpu::awaitInvalidate for each after that.
   */
  virtual void broadcastInvalidate(Cpu& cpu, bool translations, bool instructions) = 0;
};

}  // namespace cellvisor::machine
