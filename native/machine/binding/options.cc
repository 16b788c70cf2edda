#include "machine/binding/options.h"

namespace cellvisor::binding {

using machine::kIntidLimit;
using machine::kMaxCpus;
using napi::typeError;
using napi::Value;

namespace {

/** The index of a string among those allowed. */
size_t oneOf(const Value& value, const std::vector<std::string>& allowed) {
  const std::string text = value.string();
  std::string list;
  for (size_t index = 0; index < allowed.size(); index++) {
    if (allowed[index] == text) return index;
    list += (index == 0 ? "'" : ", '") + allowed[index] + "'";
  }
  throw typeError(value.name() + " must be one of " + list);
}

machine::UartDescription uartDescription(const Value& value) {
  static const std::vector<std::string> kinds = {"imx", "lpuart", "pl011"};
  machine::UartDescription uart;
  uart.name = value["name"].string();
  uart.kind = static_cast<machine::UartKind>(oneOf(value["kind"], kinds));
  uart.physStart = value["physStart"].bigUnsigned64();
  uart.sizeBytes = value["sizeBytes"].unsigned32();
  uart.intid = value["intid"].unsigned32(kIntidLimit - 1);
  return uart;
}

machine::Traits traits(const Value& value) {
  machine::Traits result;
  const uint32_t version = value["ivshmemVersion"].unsigned32();
  if (version != 1 && version != 2) throw typeError(value.name() + ".ivshmemVersion must be 1 or 2");
  result.ivshmemVersion = version;
  result.newline = static_cast<machine::Newline>(oneOf(value["newline"], {"lf-cr", "cr-lf"}));
  result.dumpsElr = value["dumpsElr"].boolean();
  result.fpEnabledAtReset = value["fpEnabledAtReset"].boolean();
  result.unknownArchCallParks = value["unknownArchCallParks"].boolean();
  result.trustedCallsForwarded = value["trustedCallsForwarded"].boolean();
  result.gicrTyperUpperHalf = value["gicrTyperUpperHalf"].boolean();
  return result;
}

machine::Region region(const Value& value) {
  machine::Region result;
  result.physStart = value["physStart"].bigUnsigned64();
  result.virtStart = value["virtStart"].bigUnsigned64();
  result.sizeBytes = value["sizeBytes"].bigUnsigned64();
  result.flags = value["flags"].unsigned32();
  return result;
}

std::vector<machine::Region> regions(const Value& value) {
  std::vector<machine::Region> result;
  for (const Value& element : value.elements()) result.push_back(region(element));
  return result;
}

machine::PciDeviceConfig pciDevice(const Value& value) {
  machine::PciDeviceConfig device;
  device.bdf = static_cast<uint16_t>(value["bdf"].unsigned32(0xffff));
  const std::vector<Value> masks = value["barMask"].elements();
  if (masks.size() != device.barMask.size()) throw typeError(value.name() + ".barMask must have 6 elements");
  for (size_t index = 0; index < masks.size(); index++) device.barMask[index] = masks[index].unsigned32();
  device.msixVectors = value["msixVectors"].unsigned32(0xffff);
  device.protocol = static_cast<uint16_t>(value["protocol"].unsigned32(0xffff));
  device.regions = regions(value["regions"]);
  device.deviceId = value["deviceId"].unsigned32(0xff);
  device.peers = value["peers"].unsigned32(0xff);
  return device;
}

std::vector<unsigned> numbers(const Value& value, uint32_t maximum) {
  std::vector<unsigned> result;
  for (const Value& element : value.elements()) result.push_back(element.unsigned32(maximum));
  return result;
}

}  // namespace

machine::BoardDescription boardDescription(const Value& options) {
  machine::BoardDescription board;
  for (const Value& cpu : options["cpus"].elements()) {
    board.cpus.push_back({cpu["mpidr"].bigUnsigned64(), cpu["midr"].bigUnsigned64()});
  }
  for (const Value& range : options["ram"].elements()) {
    board.ram.push_back({range["physStart"].bigUnsigned64(), range["sizeBytes"].bigUnsigned64()});
  }
  const Value gic = options["gic"];
  board.gic = {gic["gicdBase"].bigUnsigned64(), gic["gicrBase"].bigUnsigned64(), gic["spiCount"].unsigned32(kIntidLimit)};
  board.counterFrequencyHz = options["counterFrequencyHz"].unsigned32();
  for (const Value& uart : options["uarts"].elements()) board.uarts.push_back(uartDescription(uart));
  board.virtualClock = oneOf(options["clock"], {"real", "virtual"}) == 1;
  return board;
}

machine::CellConfig cellConfig(const Value& cell) {
  machine::CellConfig config;
  config.id = cell["id"].unsigned32();
  config.name = cell["name"].string();
  config.cpus = numbers(cell["cpus"], kMaxCpus - 1);
  config.regions = regions(cell["regions"]);
  config.intids = numbers(cell["intids"], kIntidLimit - 1);
  config.vpciIrqBaseIntid = cell["vpciIrqBaseIntid"].unsigned32();
  for (const Value& device : cell["pciDevices"].elements()) config.pciDevices.push_back(pciDevice(device));
  config.consolePermitted = cell["consolePermitted"].boolean();
  return config;
}

machine::HypervisorConfig hypervisorConfig(const Value& options) {
  machine::HypervisorConfig config;
  config.traits = traits(options["traits"]);
  const Value debugUart = options["debugUart"];
  config.hasDebugUart = !debugUart.isUndefined();
  if (config.hasDebugUart) config.debugUart = debugUart.bigUnsigned64();
  config.virtualConsole = options["virtualConsole"].boolean();
  config.maintenanceIntid = options["maintenanceIntid"].unsigned32(machine::kFirstSpi - 1);
  const Value mmconfig = options["mmconfig"];
  config.hasMmconfig = !mmconfig.isUndefined();
  if (config.hasMmconfig) {
    config.mmconfigBase = mmconfig["base"].bigUnsigned64();
    config.mmconfigEndBus = mmconfig["endBus"].unsigned32(0xff);
  }
  config.rootCell = cellConfig(options["rootCell"]);
  return config;
}

}  // namespace cellvisor::binding
