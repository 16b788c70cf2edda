import { Mutex } from '../linux/mutex';
import { Notifier } from '../../notifier';
import { UioCore } from '../uio/uio-device';
import type { SystemConfig } from '../../../abi/jailhouse';
import type { Hypervisor } from '../../hypervisor/hypervisor';
import type { Linux } from '../linux/linux';
import type { VirtualPciHost } from '../pci/virtual-host';
import type { CellObject } from './cell-object';

/** The end of the console of a hypervisor that is gone (jailhouse-abi reference 1.9). */
export interface LastConsole {
  readonly id: number;
  readonly tail: number;
  readonly content: Uint8Array;
}

/** What exists between ENABLE and DISABLE. */
export interface EnabledJailhouse {
  readonly hypervisor: Hypervisor;
  readonly system: SystemConfig;
  readonly rootCell: CellObject;
  readonly pciHost: VirtualPciHost | undefined;
}

/** The image in memory: from an ENABLE that copied it until the next one. */
export interface CoreImage {
  readonly physStart: bigint;
  readonly release: () => void;
}

/** State of jailhouse.ko, shared by its ioctls, one file each, and its sysfs files. */
export class JailhouseModule {
  readonly mutex = new Mutex();
  /** Notified whenever a console reader may find something else than before. */
  readonly consoleChanged = new Notifier();
  readonly uio = new UioCore();
  enabled: EnabledJailhouse | undefined;
  core: CoreImage | undefined;
  /** Root first; a cell is here from before its creation is tried until after its destruction. */
  readonly cells: CellObject[] = [];
  openFiles = 0;
  private lastConsoleId = 0;
  private lastConsoleValue: LastConsole | undefined;

  constructor(
    readonly linux: Linux,
    /** /lib/firmware/jailhouse.bin exists. */
    readonly hasFirmware: boolean,
  ) {}

  get lastConsole(): LastConsole | undefined {
    return this.lastConsoleValue;
  }

  /** Keeps what the console holds now, for readers after the hypervisor is gone. */
  saveConsole(): void {
    const { tail, content } = this.linux.machine.consoleSnapshot();
    this.lastConsoleValue = { id: ++this.lastConsoleId, tail, content };
    this.consoleChanged.notify();
  }

  forgetLastConsole(): void {
    this.lastConsoleValue = undefined;
  }

  /** The smallest id that no cell has. */
  freeId(): number {
    let id = 0;
    while (this.cells.some((cell) => cell.id === id)) {
      id++;
    }
    return id;
  }
}
