#include "machine/binding/machine_object.h"
#include "machine/memory/guest_copy.h"

namespace cellvisor::binding {

using machine::Machine;
using napi::Arguments;

namespace {

uint8_t* ramAt(Machine& machine, uint64_t address, uint64_t sizeBytes) {
  uint8_t* host = machine.ram().find(address, sizeBytes);
  if (host == nullptr) throw napi::rangeError("address is outside RAM");
  return host;
}

napi_value readPhysical(napi_env env, Machine& machine, const Arguments& arguments) {
  const uint64_t address = arguments.at(0, "address").bigUnsigned64();
  const uint32_t length = arguments.at(1, "lengthBytes").unsigned32();
  const uint8_t* host = ramAt(machine, address, length);
  std::vector<uint8_t> bytes(length);
  machine::copyFromGuest(bytes.data(), host, length);
  return napi::makeBytes(env, bytes.data(), bytes.size());
}

napi_value writePhysical(napi_env, Machine& machine, const Arguments& arguments) {
  const uint64_t address = arguments.at(0, "address").bigUnsigned64();
  const napi::Bytes bytes = arguments.at(1, "bytes").bytes();
  machine::copyToGuest(ramAt(machine, address, bytes.length), bytes.data, bytes.length);
  return nullptr;
}

napi_value shareRam(napi_env env, Machine& machine, const Arguments& arguments) {
  const uint64_t address = arguments.at(0, "address").bigUnsigned64();
  const uint64_t sizeBytes = arguments.at(1, "sizeBytes").bigUnsigned64();
  uint64_t offset = 0;
  if (!machine.ram().locate(address, sizeBytes, offset)) throw napi::rangeError("address is outside RAM");
  const napi_value result = napi::makeObject(env);
  napi::set(env, result, "path", napi::makeString(env, machine.ram().path()));
  napi::set(env, result, "offset", napi::makeBigint(env, offset));
  return result;
}

}  // namespace

std::vector<MethodDefinition> memoryMethods() {
  return {{"readPhysical", machineMethod<readPhysical>()},
          {"writePhysical", machineMethod<writePhysical>()},
          {"shareRam", machineMethod<shareRam>()}};
}

}  // namespace cellvisor::binding
