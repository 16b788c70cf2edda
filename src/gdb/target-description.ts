import { REGISTERS } from './registers';
import type { Register } from './registers';

/** Ways to look at a vector register (GDB manual, "Target Description Format", "Predefined Target Types"). */
const VECTOR_TYPES = `
    <vector id="v2d" type="ieee_double" count="2"/>
    <vector id="v2u" type="uint64" count="2"/>
    <vector id="v4f" type="ieee_single" count="4"/>
    <vector id="v4u" type="uint32" count="4"/>
    <vector id="v8u" type="uint16" count="8"/>
    <vector id="v16u" type="uint8" count="16"/>
    <union id="vector">
      <field name="f64" type="v2d"/>
      <field name="u64" type="v2u"/>
      <field name="f32" type="v4f"/>
      <field name="u32" type="v4u"/>
      <field name="u16" type="v8u"/>
      <field name="u8" type="v16u"/>
      <field name="u128" type="uint128"/>
    </union>`;

/** SPSR_EL1 as AArch64 has it (Arm ARM C5.2.18). */
const CPSR_FLAGS = `
    <flags id="cpsr_flags" size="4">
      <field name="SP" start="0" end="0"/>
      <field name="EL" start="2" end="3"/>
      <field name="nRW" start="4" end="4"/>
      <field name="F" start="6" end="6"/>
      <field name="I" start="7" end="7"/>
      <field name="A" start="8" end="8"/>
      <field name="D" start="9" end="9"/>
      <field name="IL" start="20" end="20"/>
      <field name="V" start="28" end="28"/>
      <field name="C" start="29" end="29"/>
      <field name="Z" start="30" end="30"/>
      <field name="N" start="31" end="31"/>
    </flags>`;

const FEATURES = [
  { name: 'core', id: 'org.gnu.gdb.aarch64.core', types: CPSR_FLAGS },
  { name: 'fpu', id: 'org.gnu.gdb.aarch64.fpu', types: VECTOR_TYPES },
  { name: 'system', id: 'org.cellvisor.aarch64.system', types: '' },
] as const;

/** What GDB asks for as target.xml: the registers of a cell's CPU. */
export const TARGET_DESCRIPTION = `<?xml version="1.0"?>
<!DOCTYPE target SYSTEM "gdb-target.dtd">
<target version="1.0">
  <architecture>aarch64</architecture>
${FEATURES.map(feature).join('\n')}
</target>
`;

function feature({ name, id, types }: (typeof FEATURES)[number]): string {
  const registers = REGISTERS.filter((one) => one.feature === name).map(register);
  return `  <feature name="${id}">${types}\n${registers.join('\n')}\n  </feature>`;
}

function register({ name, feature: of, sizeBytes, type }: Register): string {
  // A group of its own keeps them out of "info registers".
  const group = of === 'system' ? ' group="system"' : '';
  return `    <reg name="${name}" bitsize="${sizeBytes * 8}" type="${type}"${group}/>`;
}
