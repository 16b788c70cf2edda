#include <array>
#include <utility>

#include "flags.h"
#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

template <class W, bool kSubtract, bool kFlags, Operand kOperand>
void execute(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W a = static_cast<W>(state.x[op->rn]);
  const W b = secondOperand<W, kOperand>(state, op);
  if constexpr (kFlags) {
    state.x[op->rd] = kSubtract ? subtractSettingFlags(state, a, b) : addSettingFlags(state, a, b);
  } else {
    state.x[op->rd] = static_cast<W>(kSubtract ? a - b : a + b);
  }
  return next(cpu, op);
}

template <class W, bool kSubtract, bool kFlags, size_t... kOperand>
constexpr std::array<Handler, kOperands> forms(std::index_sequence<kOperand...>) {
  return {execute<W, kSubtract, kFlags, static_cast<Operand>(kOperand)>...};
}

template <class W>
Handler pick(bool subtract, bool setFlags, Operand operand) {
  constexpr auto kAll = std::make_index_sequence<kOperands>{};
  static constexpr std::array<Handler, kOperands> kForms[2][2] = {
      {forms<W, false, false>(kAll), forms<W, false, true>(kAll)},
      {forms<W, true, false>(kAll), forms<W, true, true>(kAll)},
  };
  return kForms[subtract][setFlags][static_cast<unsigned>(operand)];
}

template <class W, bool kSubtract, bool kFlags>
void executeWithCarry(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W a = static_cast<W>(state.x[op->rn]);
  const W m = static_cast<W>(state.x[op->rm]);
  const W b = kSubtract ? static_cast<W>(~m) : m;
  const W carryIn = static_cast<W>(state.flagC);
  const W partial = static_cast<W>(a + b);
  const W result = static_cast<W>(partial + carryIn);
  if constexpr (kFlags) setAddFlags(state, a, b, result, partial < a || result < partial);
  state.x[op->rd] = result;
  return next(cpu, op);
}

template <class W>
Handler pickWithCarry(bool subtract, bool setFlags) {
  if (subtract) return setFlags ? executeWithCarry<W, true, true> : executeWithCarry<W, true, false>;
  return setFlags ? executeWithCarry<W, false, true> : executeWithCarry<W, false, false>;
}

template <class W, bool kSubtract, bool kImmediate>
void compareIf(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  if (state.holds(bits(op->insn, 15, 12))) {
    const W a = static_cast<W>(state.x[op->rn]);
    const W b = static_cast<W>(kImmediate ? op->imm : state.x[op->rm]);
    if constexpr (kSubtract) {
      subtractSettingFlags(state, a, b);
    } else {
      addSettingFlags(state, a, b);
    }
  } else {
    state.setNzcv(static_cast<uint32_t>(op->ra) << 28);
  }
  return next(cpu, op);
}

template <class W>
Handler pickCompare(bool subtract, bool immediate) {
  if (subtract) return immediate ? compareIf<W, true, true> : compareIf<W, true, false>;
  return immediate ? compareIf<W, false, true> : compareIf<W, false, false>;
}

}  // namespace

Handler addSubtract(bool is64, bool subtract, bool setFlags, Operand operand) {
  return is64 ? pick<uint64_t>(subtract, setFlags, operand) : pick<uint32_t>(subtract, setFlags, operand);
}

Handler addSubtractWithCarry(bool is64, bool subtract, bool setFlags) {
  return is64 ? pickWithCarry<uint64_t>(subtract, setFlags) : pickWithCarry<uint32_t>(subtract, setFlags);
}

Handler conditionalCompare(bool is64, bool subtract, bool immediate) {
  return is64 ? pickCompare<uint64_t>(subtract, immediate) : pickCompare<uint32_t>(subtract, immediate);
}

}  // namespace cellvisor::machine::integer
