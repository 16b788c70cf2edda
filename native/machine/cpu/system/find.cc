#include <unordered_map>

#include "register.h"

namespace cellvisor::machine::system {
namespace {

template <class T>
using Map = std::unordered_map<uint16_t, const T*>;

template <class T>
void add(Map<T>& map, Table<T> table) {
  for (const T& entry : table) map.emplace(entry.key, &entry);
}

Map<SystemRegister> allRegisters() {
  Map<SystemRegister> map;
  add(map, specialRegisters());
  add(map, memoryRegisters());
  add(map, exceptionRegisters());
  add(map, identificationRegisters());
  add(map, timerRegisters());
  add(map, interruptRegisters());
  add(map, debugRegisters());
  add(map, performanceRegisters());
  return map;
}

Map<SystemInstruction> allInstructions() {
  Map<SystemInstruction> map;
  add(map, cacheInstructions());
  add(map, translationInstructions());
  return map;
}

template <class T>
const T* findIn(const Map<T>& map, uint16_t key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

const SystemRegister* findRegister(uint16_t key) {
  static const Map<SystemRegister> kMap = allRegisters();
  return findIn(kMap, key);
}

const SystemInstruction* findInstruction(uint16_t key) {
  static const Map<SystemInstruction> kMap = allInstructions();
  return findIn(kMap, key);
}

}  // namespace cellvisor::machine::system
