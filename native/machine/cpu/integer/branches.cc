#include <array>
#include <utility>

#include "flags.h"
#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

void direct(Cpu& cpu, const Op* op) { return cpu.follow(op); }

void directWithLink(Cpu& cpu, const Op* op) {
  cpu.state().x[kLinkRegister] = cpu.pcOf(op) + 4;
  return cpu.follow(op);
}

template <unsigned kCondition>
void conditional(Cpu& cpu, const Op* op) {
  if (holds<kCondition>(cpu.state())) return cpu.leave(op);
  return next(cpu, op);
}

template <size_t... kCondition>
constexpr std::array<Handler, 16> conditions(std::index_sequence<kCondition...>) {
  return {conditional<kCondition>...};
}

template <class W, bool kIfNotZero>
void compare(Cpu& cpu, const Op* op) {
  if ((static_cast<W>(cpu.state().x[op->rd]) != 0) == kIfNotZero) return cpu.leave(op);
  return next(cpu, op);
}

template <bool kIfNotZero>
void test(Cpu& cpu, const Op* op) {
  if (((cpu.state().x[op->rd] >> op->rm) & 1) == kIfNotZero) return cpu.leave(op);
  return next(cpu, op);
}

template <bool kWithLink>
void indirect(Cpu& cpu, const Op* op) {
  const uint64_t target = cpu.state().x[op->rn];
  if constexpr (kWithLink) cpu.state().x[kLinkRegister] = cpu.pcOf(op) + 4;
  return cpu.jump(target);
}

}  // namespace

Handler branch(bool withLink) { return withLink ? directWithLink : direct; }

Handler branchConditional(unsigned condition) {
  static constexpr std::array<Handler, 16> kConditions = conditions(std::make_index_sequence<16>{});
  return kConditions[condition];
}

Handler compareAndBranch(bool is64, bool ifNotZero) {
  if (is64) return ifNotZero ? compare<uint64_t, true> : compare<uint64_t, false>;
  return ifNotZero ? compare<uint32_t, true> : compare<uint32_t, false>;
}

Handler testAndBranch(bool ifNotZero) { return ifNotZero ? test<true> : test<false>; }

Handler branchRegister(bool withLink) { return withLink ? indirect<true> : indirect<false>; }

}  // namespace cellvisor::machine::integer
