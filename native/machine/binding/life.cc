#include "machine/binding/machine_object.h"
#include "machine/binding/options.h"

namespace cellvisor::binding {

using machine::Machine;
using napi::Arguments;

namespace {

napi_value enable(napi_env, Machine& machine, const Arguments& arguments) {
  machine.enable(hypervisorConfig(arguments.at(0, "options")));
  return nullptr;
}

napi_value disable(napi_env, Machine& machine, const Arguments&) {
  machine.disable();
  return nullptr;
}

napi_value createCell(napi_env, Machine& machine, const Arguments& arguments) {
  machine.createCell(cellConfig(arguments.at(0, "cell")));
  return nullptr;
}

napi_value parkCell(napi_env, Machine& machine, const Arguments& arguments) {
  machine.parkCell(arguments.at(0, "cellId").unsigned32());
  return nullptr;
}

napi_value startCell(napi_env, Machine& machine, const Arguments& arguments) {
  const uint32_t cellId = arguments.at(0, "cellId").unsigned32();
  const napi::Value start = arguments.at(1, "start");
  const uint64_t entry = start["entry"].bigUnsigned64();
  const napi::Bytes commRegion = start["commRegion"].bytes();
  machine.startCell(cellId, entry, commRegion.data, commRegion.length);
  return nullptr;
}

napi_value destroyCell(napi_env, Machine& machine, const Arguments& arguments) {
  machine.destroyCell(arguments.at(0, "cellId").unsigned32());
  return nullptr;
}

uint32_t commOffset(const Arguments& arguments) {
  const uint32_t offset = arguments.at(1, "offset").unsigned32();
  if (offset % 4 != 0 || offset >= machine::kPageSizeBytes) throw napi::rangeError("offset is not that of a word in the page");
  return offset;
}

napi_value readCommWord(napi_env env, Machine& machine, const Arguments& arguments) {
  const uint32_t offset = commOffset(arguments);
  return napi::makeNumber(env, machine.cell(arguments.at(0, "cellId").unsigned32()).comm.word(offset));
}

napi_value writeCommWord(napi_env, Machine& machine, const Arguments& arguments) {
  const uint32_t offset = commOffset(arguments);
  const uint32_t value = arguments.at(2, "value").unsigned32();
  machine.cell(arguments.at(0, "cellId").unsigned32()).comm.setWord(offset, value);
  return nullptr;
}

napi_value setHypervisorInfo(napi_env, Machine& machine, const Arguments& arguments) {
  std::vector<uint32_t> values;
  for (const napi::Value& value : arguments.at(0, "values").elements()) values.push_back(value.unsigned32());
  machine.setHypervisorInfo(values);
  return nullptr;
}

}  // namespace

std::vector<MethodDefinition> lifeMethods() {
  return {{"enable", machineMethod<enable>()},
          {"disable", machineMethod<disable>()},
          {"createCell", machineMethod<createCell>()},
          {"parkCell", machineMethod<parkCell>()},
          {"startCell", machineMethod<startCell>()},
          {"destroyCell", machineMethod<destroyCell>()},
          {"readCommWord", machineMethod<readCommWord>()},
          {"writeCommWord", machineMethod<writeCommWord>()},
          {"setHypervisorInfo", machineMethod<setHypervisorInfo>()}};
}

}  // namespace cellvisor::binding
