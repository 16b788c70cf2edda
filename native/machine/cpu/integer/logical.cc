#include <array>
#include <utility>

#include "flags.h"
#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

enum : unsigned { kAnd, kOrr, kEor, kAnds };

template <class W, unsigned kOpc, bool kInvert, Operand kOperand>
void execute(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W a = static_cast<W>(state.x[op->rn]);
  W b = secondOperand<W, kOperand>(state, op);
  if constexpr (kInvert) b = static_cast<W>(~b);
  const W result = kOpc == kOrr ? a | b : kOpc == kEor ? a ^ b : a & b;
  if constexpr (kOpc == kAnds) {
    setSignAndZero(state, result);
    state.flagC = 0;
    state.flagV = 0;
  }
  state.x[op->rd] = result;
  return next(cpu, op);
}

template <class W, unsigned kOpc, bool kInvert, size_t... kOperand>
constexpr std::array<Handler, kLogicalOperands> forms(std::index_sequence<kOperand...>) {
  return {execute<W, kOpc, kInvert, static_cast<Operand>(kOperand)>...};
}

template <class W>
Handler pick(unsigned opc, bool invert, Operand operand) {
  constexpr auto kAll = std::make_index_sequence<kLogicalOperands>{};
  static constexpr std::array<Handler, kLogicalOperands> kForms[4][2] = {
      {forms<W, kAnd, false>(kAll), forms<W, kAnd, true>(kAll)},
      {forms<W, kOrr, false>(kAll), forms<W, kOrr, true>(kAll)},
      {forms<W, kEor, false>(kAll), forms<W, kEor, true>(kAll)},
      {forms<W, kAnds, false>(kAll), forms<W, kAnds, true>(kAll)},
  };
  return kForms[opc][invert][static_cast<unsigned>(operand)];
}

}  // namespace

Handler logical(bool is64, unsigned opc, bool invert, Operand operand) {
  return is64 ? pick<uint64_t>(opc, invert, operand) : pick<uint32_t>(opc, invert, operand);
}

}  // namespace cellvisor::machine::integer
