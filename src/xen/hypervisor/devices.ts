import { encodeText } from '../../abi/text';
import { decodeDomctl } from '../../abi/xen/domctl/command';
import * as abi from '../../abi/xen/domctl/devices';
import { iomemPermission, memoryMapping } from '../../abi/xen/domctl/memory';
import { CellvisorError, KernelError } from '../../errors';
import type { HypercallPort } from './port';

/** Devices of the host that a domain may use (xen-abi reference 17). Interrupts are INTIDs, an SPI is 32 or more. */
export class Devices {
  constructor(private readonly port: HypercallPort) {}

  async allowMemory(domain: number, firstFrame: bigint, frameCount: bigint, isAllowed = true): Promise<void> {
    await this.port.domctl(iomemPermission, domain, { firstFrame, frameCount, isAllowed: isAllowed ? 1 : 0 });
  }

  /**
   * Maps frames of the host into the domain.
   *
   * @throws KernelError EPERM for frames that it was not allowed, EBUSY, ENOMEM
   */
  async mapMemory(domain: number, firstGuestFrame: bigint, firstFrame: bigint, frameCount: bigint): Promise<void> {
    await this.changeMapping(domain, firstGuestFrame, firstFrame, frameCount, 1);
  }

  async unmapMemory(domain: number, firstGuestFrame: bigint, firstFrame: bigint, frameCount: bigint): Promise<void> {
    await this.changeMapping(domain, firstGuestFrame, firstFrame, frameCount, 0);
  }

  /** @throws CellvisorError `E_XEN_IRQ` where the release has only a byte for its number */
  async allowInterrupt(domain: number, intid: number, isAllowed = true): Promise<void> {
    const layout = this.port.dialect.irqPermission;
    const operation = `domctl irq_permission of domain ${domain}`;
    if (intid >= 2 ** (8 * layout.sizeOf('irq'))) {
      throw new CellvisorError(`${operation}: Xen ${this.port.dialect.name} cannot give away interrupt ${intid}`, {
        code: 'E_XEN_IRQ',
        operation,
        hint: 'interrupts above 255 need a newer Xen',
      });
    }
    const command = { name: 'irq_permission', number: abi.IRQ_PERMISSION, layout };
    await this.port.domctl(command, domain, { irq: intid, isAllowed: isAllowed ? 1 : 0 });
  }

  /** Routes an SPI to the domain, under the same number. @throws KernelError EBUSY while another domain has it */
  async bindInterrupt(domain: number, intid: number): Promise<void> {
    await this.port.domctl(abi.bindIrq, domain, { machineIrq: intid, type: abi.IRQ_TYPE_SPI, spi: intid });
  }

  async unbindInterrupt(domain: number, intid: number): Promise<void> {
    await this.port.domctl(abi.unbindIrq, domain, { machineIrq: intid, type: abi.IRQ_TYPE_SPI, spi: intid });
  }

  /**
   * Gives the domain a device behind an IOMMU, by its path in the host's device tree.
   *
   * @throws KernelError: ENODEV or ENOSYS without an IOMMU, EBUSY while another domain has it, ENOENT, EINVAL
   */
  async assign(domain: number, path: string): Promise<void> {
    await this.withPath(abi.assignDevice, domain, path);
  }

  async deassign(domain: number, path: string): Promise<void> {
    await this.withPath(abi.deassignDevice, domain, path);
  }

  /** Makes the virtual UART (vpl011). @returns the event channel's port for the one who serves its console */
  async makeVuart(domain: number, frame: bigint, consoleDomain: number): Promise<number> {
    const answer = await this.port.domctl(abi.vuart, domain, { command: 0, type: 0, frame, consoleDomain });
    return decodeDomctl(abi.vuart.layout, answer).port;
  }

  /** NXP's Xen: the virtual clock vpl031. @throws CellvisorError `E_XEN_TARGET` on others */
  async makeVrtc(domain: number): Promise<void> {
    this.requireNxp('vrtc');
    await this.port.domctl(abi.nxpVrtc, domain, { command: 0, type: 0 });
  }

  /** NXP's Xen 4.11: the mediator of the secure world. @throws CellvisorError `E_XEN_TARGET` on others */
  async enableNxpTee(domain: number): Promise<void> {
    this.requireNxp('tee');
    await this.port.domctl(abi.nxpTee, domain, { command: 0 });
  }

  /** Xen says E2BIG for more frames than it maps at once, a number that differs. */
  private async changeMapping(
    domain: number,
    firstGuestFrame: bigint,
    firstFrame: bigint,
    frameCount: bigint,
    isAdded: 0 | 1,
  ): Promise<void> {
    let limit = frameCount;
    for (let done = 0n; done < frameCount;) {
      const left = frameCount - done;
      const count = left < limit ? left : limit;
      const fields = {
        firstGuestFrame: firstGuestFrame + done,
        firstFrame: firstFrame + done,
        frameCount: count,
        isAdded,
      };
      try {
        await this.port.domctl(memoryMapping, domain, fields, {}, { isLong: true });
        done += count;
      } catch (error) {
        if (!(error instanceof KernelError) || error.errno !== 'E2BIG' || count === 1n) throw error;
        limit = count / 2n;
      }
    }
  }

  private async withPath(command: typeof abi.assignDevice, domain: number, path: string): Promise<void> {
    const bytes = encodeText(path);
    const fields = { kind: abi.DEVICE_TREE_DEVICE, flags: 0, pathBytes: bytes.length };
    await this.port.domctl(command, domain, fields, { pathAddress: bytes });
  }

  private requireNxp(what: string): void {
    if (this.port.dialect.isNxp) return;
    throw new CellvisorError(`${what} is for NXP's Xen, this is ${this.port.dialect.name}`, {
      code: 'E_XEN_TARGET',
      operation: `make ${what}`,
    });
  }
}
