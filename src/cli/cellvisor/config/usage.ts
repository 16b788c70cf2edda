import { DIALECTS } from '../../../abi/jailhouse/dialect';

export const USAGE = `Usage: cellvisor config show FILE [--json | --yaml | --c | --ts]
       cellvisor config show --running NAME [--json | --yaml | --c | --ts]
       cellvisor config diff FILE FILE [--json]
       cellvisor config convert --dialect DIALECT FILE -o FILE
       cellvisor config dts SYSCONFIG [CELLCONFIG ...] [-o FILE.dts] [--dtbo FILE.dtbo]

   show       every field by its name in C, and what it means; or as JSON, YAML, C source or TypeScript source
              --running: what a cell was created from, by the copy that jailhouse cell create kept
   diff       what two configs do not have in common; exit code 0: nothing, 1: something, 2: trouble
   convert    says the same in the layout of another release
   dts        a device tree overlay that keeps Linux away from the memory of hypervisor and cells

A FILE is a .cell file of any release: its layout is found out. --from DIALECT says it instead.
DIALECT is one of ${DIALECTS.join(', ')}.
`;
