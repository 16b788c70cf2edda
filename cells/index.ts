import * as imx8mm from './imx8mm';
import * as imx8mmFaultDemo from './imx8mm-fault-demo';
import * as imx8mmGicDemo from './imx8mm-gic-demo';
import * as imx8mmIvshmemDemo from './imx8mm-ivshmem-demo';
import * as imx8mmUartDemo from './imx8mm-uart-demo';
import * as imx8mmVeth from './imx8mm-veth';
import * as imx8mq from './imx8mq';
import * as imx8mqFaultDemo from './imx8mq-fault-demo';
import * as imx8mqGicDemo from './imx8mq-gic-demo';
import * as imx8mqIvshmemDemo from './imx8mq-ivshmem-demo';
import * as imx8mqUartDemo from './imx8mq-uart-demo';
import * as imx8mqVeth from './imx8mq-veth';
import * as qemuArm64 from './qemu-arm64';
import * as qemuArm64InmateDemo from './qemu-arm64-inmate-demo';
import type { CellModule } from '../src/config/builder';

/** Every cell of this folder, by the name of its file. */
export const cells: Readonly<Record<string, CellModule>> = {
  imx8mm,
  'imx8mm-fault-demo': imx8mmFaultDemo,
  'imx8mm-gic-demo': imx8mmGicDemo,
  'imx8mm-ivshmem-demo': imx8mmIvshmemDemo,
  'imx8mm-uart-demo': imx8mmUartDemo,
  'imx8mm-veth': imx8mmVeth,
  imx8mq,
  'imx8mq-fault-demo': imx8mqFaultDemo,
  'imx8mq-gic-demo': imx8mqGicDemo,
  'imx8mq-ivshmem-demo': imx8mqIvshmemDemo,
  'imx8mq-uart-demo': imx8mqUartDemo,
  'imx8mq-veth': imx8mqVeth,
  'qemu-arm64': qemuArm64,
  'qemu-arm64-inmate-demo': qemuArm64InmateDemo,
};
