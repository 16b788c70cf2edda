import {
  V1_REG_DOORBELL,
  V1_REG_IVPOSITION,
  V2_REG_DOORBELL,
  V2_REG_ID,
  V2_REG_INT_CTRL,
  V2_REG_MAX_PEERS,
  v2Doorbell,
} from '../abi/jailhouse/ivshmem';
import type { IvshmemVersion } from '../abi/jailhouse/ivshmem';
import type { RegisterWindow } from '../kernel/kernel';

/** The registers of an ivshmem device, as far as both of its generations have them. */
export interface Ivshmem {
  readonly version: IvshmemVersion;
  /** Which end of the link this is. */
  position(): Promise<number>;
  /** How many ends the link has. */
  peers(): Promise<number>;
  ring(peer: number, vector: number): Promise<void>;
  /** Lets the next interrupt through. */
  arm(): Promise<void>;
}

/** Two ends. The doorbell rings at the other one, whatever is written; the driver enables interrupts once and for all. */
export function ivshmemV1(registers: RegisterWindow): Ivshmem {
  return {
    version: 1,
    position: () => registers.read32(V1_REG_IVPOSITION),
    peers: () => Promise.resolve(2),
    ring: (peer, vector) => registers.write32(V1_REG_DOORBELL, v2Doorbell(peer, vector)),
    arm: () => Promise.resolve(),
  };
}

/** Up to twelve ends. In one-shot mode, which the driver sets, every interrupt has to be allowed anew. */
export function ivshmemV2(registers: RegisterWindow): Ivshmem {
  return {
    version: 2,
    position: () => registers.read32(V2_REG_ID),
    peers: () => registers.read32(V2_REG_MAX_PEERS),
    ring: (peer, vector) => registers.write32(V2_REG_DOORBELL, v2Doorbell(peer, vector)),
    arm: () => registers.write32(V2_REG_INT_CTRL, 1),
  };
}
