import * as imx8GicDemo from './imx8-gic-demo';
import * as imx8mm from './imx8mm';
import * as imx8mmFaultDemo from './imx8mm-fault-demo';
import * as imx8mmGicDemo from './imx8mm-gic-demo';
import * as imx8mmIvshmemDemo from './imx8mm-ivshmem-demo';
import * as imx8mmLinuxDemo from './imx8mm-linux-demo';
import * as imx8mmUartDemo from './imx8mm-uart-demo';
import * as imx8mmVeth from './imx8mm-veth';
import * as imx8mq from './imx8mq';
import * as imx8mqFaultDemo from './imx8mq-fault-demo';
import * as imx8mqGicDemo from './imx8mq-gic-demo';
import * as imx8mqIvshmemDemo from './imx8mq-ivshmem-demo';
import * as imx8mqLinuxDemo from './imx8mq-linux-demo';
import * as imx8mqUartDemo from './imx8mq-uart-demo';
import * as imx8mqVeth from './imx8mq-veth';
import * as imx8qm from './imx8qm';
import * as imx8qmGicDemo from './imx8qm-gic-demo';
import * as imx8qmIvshmemDemo from './imx8qm-ivshmem-demo';
import * as imx8qmLinuxDemo from './imx8qm-linux-demo';
import * as imx8qmVeth from './imx8qm-veth';
import * as imx8qxp from './imx8qxp';
import * as imx8qxpGicDemo from './imx8qxp-gic-demo';
import * as imx8qxpIvshmemDemo from './imx8qxp-ivshmem-demo';
import * as imx8qxpLinuxDemo from './imx8qxp-linux-demo';
import * as imx8qxpVeth from './imx8qxp-veth';
import * as qemuArm64 from './qemu-arm64';
import * as qemuArm64InmateDemo from './qemu-arm64-inmate-demo';
import * as qemuArm64LinuxDemo from './qemu-arm64-linux-demo';
import type { CellModule } from '../src/config/builder';

/** Every cell of this folder, by the name of its file. */
export const cells: Readonly<Record<string, CellModule>> = {
  'imx8-gic-demo': imx8GicDemo,
  imx8mm,
  'imx8mm-fault-demo': imx8mmFaultDemo,
  'imx8mm-gic-demo': imx8mmGicDemo,
  'imx8mm-ivshmem-demo': imx8mmIvshmemDemo,
  'imx8mm-linux-demo': imx8mmLinuxDemo,
  'imx8mm-uart-demo': imx8mmUartDemo,
  'imx8mm-veth': imx8mmVeth,
  imx8mq,
  'imx8mq-fault-demo': imx8mqFaultDemo,
  'imx8mq-gic-demo': imx8mqGicDemo,
  'imx8mq-ivshmem-demo': imx8mqIvshmemDemo,
  'imx8mq-linux-demo': imx8mqLinuxDemo,
  'imx8mq-uart-demo': imx8mqUartDemo,
  'imx8mq-veth': imx8mqVeth,
  imx8qm,
  'imx8qm-gic-demo': imx8qmGicDemo,
  'imx8qm-ivshmem-demo': imx8qmIvshmemDemo,
  'imx8qm-linux-demo': imx8qmLinuxDemo,
  'imx8qm-veth': imx8qmVeth,
  imx8qxp,
  'imx8qxp-gic-demo': imx8qxpGicDemo,
  'imx8qxp-ivshmem-demo': imx8qxpIvshmemDemo,
  'imx8qxp-linux-demo': imx8qxpLinuxDemo,
  'imx8qxp-veth': imx8qxpVeth,
  'qemu-arm64': qemuArm64,
  'qemu-arm64-inmate-demo': qemuArm64InmateDemo,
  'qemu-arm64-linux-demo': qemuArm64LinuxDemo,
};
