#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace cellvisor::machine {

/**
 * What the model asks for is impossible: an unknown cell, an address outside RAM, a CPU that does not exist.
 * Becomes a RangeError in JavaScript.
 */
struct RangeViolation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** A call at the wrong time, such as createCell before enable. Becomes an Error in JavaScript. */
struct BrokenPromise : std::logic_error {
  using std::logic_error::logic_error;
};

constexpr uint64_t kPageSizeBytes = 4096;
/** CPU sets are 64-bit masks. */
constexpr unsigned kMaxCpus = 64;
/** INTIDs 1020..1023 are special (IHI 0069 2.2.1). */
constexpr unsigned kIntidLimit = 1020;
constexpr unsigned kFirstSpi = 32;

// The structures of src/native/machine.ts, checked by binding/options.cc.

struct CpuDescription {
  uint64_t mpidr = 0;
  uint64_t midr = 0;
};

struct RamDescription {
  uint64_t physStart = 0;
  uint64_t sizeBytes = 0;
};

struct GicDescription {
  uint64_t gicdBase = 0;
  uint64_t gicrBase = 0;
  unsigned spiCount = 0;
};

enum class UartKind { kImx, kLpuart, kPl011 };

struct UartDescription {
  std::string name;
  UartKind kind = UartKind::kImx;
  uint64_t physStart = 0;
  uint64_t sizeBytes = 0;
  unsigned intid = 0;
};

struct BoardDescription {
  std::vector<CpuDescription> cpus;
  std::vector<RamDescription> ram;
  GicDescription gic;
  uint64_t counterFrequencyHz = 0;
  std::vector<UartDescription> uarts;
  bool virtualClock = false;
};

enum class Newline { kLfCr, kCrLf };

/** What differs between Jailhouse releases below the seam. */
struct Traits {
  unsigned ivshmemVersion = 1;
  Newline newline = Newline::kLfCr;
  bool dumpsElr = false;
  bool fpEnabledAtReset = false;
  bool unknownArchCallParks = false;
  bool trustedCallsForwarded = true;
  bool gicrTyperUpperHalf = false;
};

/** JAILHOUSE_MEM_* in the numbering of config revision 12 and later (jailhouse-abi reference 3.8). */
namespace region_flags {
constexpr uint32_t kRead = 0x1, kWrite = 0x2, kCommRegion = 0x20, kIoUnaligned = 0x8000, kIo8 = 0x10000;
}

struct Region {
  uint64_t physStart = 0;
  uint64_t virtStart = 0;
  uint64_t sizeBytes = 0;
  uint32_t flags = 0;

  bool isSubPage() const { return ((virtStart | sizeBytes) & (kPageSizeBytes - 1)) != 0; }
};

struct PciDeviceConfig {
  uint16_t bdf = 0;
  std::array<uint32_t, 6> barMask{};
  unsigned msixVectors = 0;
  uint16_t protocol = 0;
  std::vector<Region> regions;
  unsigned deviceId = 0;
  unsigned peers = 0;
};

struct CellConfig {
  uint32_t id = 0;
  std::string name;
  std::vector<unsigned> cpus;
  std::vector<Region> regions;
  std::vector<unsigned> intids;
  unsigned vpciIrqBaseIntid = 0;
  std::vector<PciDeviceConfig> pciDevices;
  bool consolePermitted = false;
};

struct HypervisorConfig {
  Traits traits;
  bool hasDebugUart = false;
  uint64_t debugUart = 0;
  bool virtualConsole = false;
  unsigned maintenanceIntid = 0;
  bool hasMmconfig = false;
  uint64_t mmconfigBase = 0;
  unsigned mmconfigEndBus = 0;
  CellConfig rootCell;
};

}  // namespace cellvisor::machine
