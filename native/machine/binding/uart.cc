#include "machine/binding/machine_object.h"

namespace cellvisor::binding {

using machine::Machine;
using machine::Uart;
using napi::Arguments;

namespace {

napi_value uartLog(napi_env env, Machine& machine, const Arguments& arguments) {
  Uart& uart = machine.uart(arguments.at(0, "uart").string());
  const Uart::LogSlice slice = uart.log(arguments.at(1, "from").safeInteger());
  const napi_value result = napi::makeObject(env);
  napi::set(env, result, "start", napi::makeNumber(env, static_cast<double>(slice.start)));
  napi::set(env, result, "end", napi::makeNumber(env, static_cast<double>(slice.end)));
  napi::set(env, result, "bytes", napi::makeBytes(env, slice.bytes.data(), slice.bytes.size()));
  return result;
}

napi_value uartInput(napi_env env, Machine& machine, const Arguments& arguments) {
  Uart& uart = machine.uart(arguments.at(0, "uart").string());
  const napi::Bytes bytes = arguments.at(1, "bytes").bytes();
  return napi::makeNumber(env, static_cast<double>(uart.receive(bytes.data, bytes.length)));
}

}  // namespace

std::vector<MethodDefinition> uartMethods() {
  return {{"uartLog", machineMethod<uartLog>()}, {"uartInput", machineMethod<uartInput>()}};
}

}  // namespace cellvisor::binding
