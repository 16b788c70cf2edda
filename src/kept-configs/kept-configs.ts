import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeConfig } from '../abi/jailhouse/config/decode';
import { readCell, readCellIds } from '../jailhouse/cell';
import { readKernelLog } from '../jailhouse/kernel-log';
import { createPrivateFolder, isPrivateFolder } from '../paths';
import type { Cell } from '../jailhouse/cell';
import type { ConfigKeeper } from '../jailhouse/jailhouse';
import type { Kernel } from '../kernel/kernel';

/** What a running cell was created from, by our own copy: the driver and the hypervisor do not give it back. */
export interface KeptConfig {
  readonly cell: Cell;
  /** The copy, a whole .cell file; of the root cell the system config. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The copies, wherever they are. */
export interface ConfigCopies extends ConfigKeeper {
  /** The copy for a cell that runs; undefined where there is none that surely is its. */
  find(cell: Cell): Promise<KeptConfig | undefined>;
  /** The copies for all cells that run, as far as there are any. The root cell's is first. */
  all(): Promise<KeptConfig[]>;
}

/** What tells that a copy is that of the cell that runs now. */
interface Label {
  readonly bootId: string;
  readonly id: number;
  readonly name: string;
  /** Absent for the root cell, whose CPUs come and go. */
  readonly cpus?: readonly number[];
  /** Number of the kernel's message that the cell was created; absent where there was none. */
  readonly createdMessage?: number;
  readonly sha256: string;
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const ROOT_CELL_ID = 0;

/**
 * Copies of the configs of cells that exist, a .cell and a .json file each, in a folder that nobody else can enter. A copy
 * counts only while its cell exists: same start of the system, same id, name and CPUs, and not created anew since.
 */
export class KeptConfigs implements ConfigCopies {
  /** @param directory where; it need not exist */
  constructor(
    private readonly kernel: Kernel,
    private readonly directory: string,
  ) {}

  async created(config: Uint8Array): Promise<void> {
    try {
      const bootId = await this.bootId();
      const name = nameIn(config);
      const cells = await this.cells();
      const cell = cells.find((one) => one.name === name);
      if (bootId === undefined || !cell) {
        return;
      }
      this.createDirectory();
      this.prune(cells, bootId);
      const createdMessage = await this.creationOf(cell);
      this.write({
        label: {
          bootId,
          id: cell.id,
          name,
          ...(cell.id === ROOT_CELL_ID ? {} : { cpus: cell.assignedCpus }),
          ...(createdMessage === undefined ? {} : { createdMessage }),
          sha256: digest(config),
        },
        config,
      });
    } catch {
      // The cell was created all the same; that there is no copy is said to whoever asks for it.
    }
  }

  async gone(): Promise<void> {
    try {
      this.prune(await this.cells(), await this.bootId());
    } catch {
      // A copy that outlives its cell is recognized when it is looked at.
    }
  }

  async find(cell: Cell): Promise<KeptConfig | undefined> {
    try {
      const bootId = await this.bootId();
      if (bootId === undefined || !this.isPrivate()) {
        return undefined;
      }
      const label = this.readLabel(cell.id);
      const path = this.file(cell.id, 'cell');
      const bytes = readFileSync(path);
      const fits = label && isLabelOf(label, cell, bootId) && label.sha256 === digest(bytes);
      return fits && (await this.isLatest(label, cell)) ? { cell, path, bytes } : undefined;
    } catch {
      return undefined;
    }
  }

  async all(): Promise<KeptConfig[]> {
    const found = await Promise.all((await this.cells()).map((cell) => this.find(cell)));
    return found.filter((one) => one !== undefined).sort((a, b) => a.cell.id - b.cell.id);
  }

  private async cells(): Promise<Cell[]> {
    return Promise.all((await readCellIds(this.kernel)).map((id) => readCell(this.kernel, id)));
  }

  private async bootId(): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await this.kernel.readFile(BOOT_ID)).trim() || undefined;
    } catch {
      return undefined;
    }
  }

  /** A cell that another tool destroyed and created anew has the same id and name, but another message. */
  private async isLatest({ createdMessage }: Label, cell: Cell): Promise<boolean> {
    const latest = createdMessage === undefined ? undefined : await this.creationOf(cell);
    return latest === undefined || latest === createdMessage;
  }

  private async creationOf({ id, name }: Cell): Promise<number | undefined> {
    const text = id === ROOT_CELL_ID ? 'The Jailhouse is opening.' : `Created Jailhouse cell "${name}"`;
    return (await readKernelLog(this.kernel)).findLast((message) => message.text.endsWith(text))?.sequence;
  }

  private createDirectory(): void {
    createPrivateFolder(dirname(dirname(this.directory)));
    createPrivateFolder(dirname(this.directory));
    createPrivateFolder(this.directory);
  }

  /** Whoever can put files there could make us show anything. */
  private isPrivate(): boolean {
    return [dirname(dirname(this.directory)), dirname(this.directory), this.directory].every(isPrivateFolder);
  }

  private write({ label, config }: { label: Label; config: Uint8Array }): void {
    replace(this.file(label.id, 'cell'), config);
    replace(this.file(label.id, 'json'), `${JSON.stringify(label)}\n`);
  }

  private readLabel(id: number): Label | undefined {
    try {
      return JSON.parse(readFileSync(this.file(id, 'json'), 'utf8')) as Label;
    } catch {
      return undefined;
    }
  }

  /** Removes the copies of cells that are no more. */
  private prune(cells: readonly Cell[], bootId: string | undefined): void {
    if (!this.isPrivate()) {
      return;
    }
    for (const file of readdirSync(this.directory)) {
      const id = Number(/^(\d+)\.(?:cell|json)$/.exec(file)?.[1]);
      const cell = cells.find((one) => one.id === id);
      const label = cell && this.readLabel(id);
      if (!cell || !label || bootId === undefined || !isLabelOf(label, cell, bootId)) {
        rmSync(join(this.directory, file), { force: true });
      }
    }
  }

  private file(id: number, ending: 'cell' | 'json'): string {
    return join(this.directory, `${id}.${ending}`);
  }
}

function isLabelOf(label: Label, cell: Cell, bootId: string): boolean {
  const sameCpus = cell.id === ROOT_CELL_ID || label.cpus?.join() === cell.assignedCpus.join();
  return label.bootId === bootId && label.id === cell.id && label.name === cell.name && sameCpus;
}

function nameIn(config: Uint8Array): string {
  const decoded = decodeConfig(config, { trailing: 'ignore' });
  return decoded.kind === 'system' ? decoded.config.rootCell.name : decoded.config.name;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** At once: a reader sees the old file or the new one. */
function replace(path: string, data: Uint8Array | string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, data, { mode: 0o600 });
  renameSync(draft, path);
}
