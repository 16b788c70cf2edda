import { KernelError } from '../errors';
import { findBoard } from '../boards';
import { CellDebugger } from './cell-debugger';
import { fileSystem } from './driver/filesystem';
import { JailhouseModule } from './driver/jailhouse/jailhouse-module';
import { formatConsoleLine } from './driver/linux/kernel-log';
import { Linux } from './driver/linux/linux';
import { lookUp } from './driver/vfs/node';
import { OpenDescription } from './driver/vfs/open-description';
import { SnapshotFile } from './driver/vfs/snapshot-file';
import { DEFAULT_RELEASE, findRelease } from './releases';
import type { CellStateName } from '../abi/jailhouse';
import type { BoardDescription } from '../boards';
import type { FileOperations } from './driver/vfs/open-description';
import type { DirectoryNode } from './driver/vfs/node';
import type { Machine, MachineConstructor, MachineEvent } from './machine';
import type { Release } from './releases';
import type { FileStatus, OpenFile, OpenFileFlags, SystemCalls } from './syscalls';

export interface BoardOptions {
  /** One of BOARDS: `imx8mm-evk`. */
  readonly board: string;
  /** One of RELEASES; default: the guide's. */
  readonly release?: string | undefined;
  /** Default: `real`. */
  readonly clock?: 'real' | 'virtual' | undefined;
  readonly Machine: MachineConstructor;
  /** Whether /lib/firmware/jailhouse.bin exists; default: yes. */
  readonly hasFirmware?: boolean | undefined;
  /** Called after the board has dealt with what happened in the machine. */
  readonly onEvents?: ((events: readonly MachineEvent[]) => void) | undefined;
  /** Called with each line of the kernel's log, as its console shows it, without a newline. */
  readonly onKernelLine?: ((line: string) => void) | undefined;
}

/**
 * An emulated board in process: the machine, and a Linux whose drivers answer system calls. Power is on from construction
 * to `close`.
 */
export class Board implements SystemCalls {
  readonly description: BoardDescription;
  readonly release: Release;
  readonly clock: 'real' | 'virtual';
  readonly machine: Machine;
  private readonly module: JailhouseModule;
  private readonly root: DirectoryNode;
  private readonly openFiles = new Set<OpenFile>();
  /** By cell. One that is gone stays until the next one comes. */
  private readonly debuggers = new Map<number, CellDebugger>();
  private isClosed = false;

  /** @throws CellvisorError `E_BOARD_UNKNOWN`, `E_RELEASE_UNKNOWN` */
  constructor(options: BoardOptions) {
    this.description = findBoard(options.board);
    this.release = findRelease(options.release ?? DEFAULT_RELEASE);
    this.clock = options.clock ?? 'real';
    const { cpus, ram, gic, counterFrequencyHz, uarts } = this.description;
    this.machine = new options.Machine({
      cpus,
      ram,
      gic,
      counterFrequencyHz,
      uarts,
      clock: this.clock,
      onEvents: (events) => {
        events.forEach((event) => this.handle(event));
        options.onEvents?.(events);
      },
    });
    const linux = new Linux(this.machine, this.description, this.release);
    linux.log.onRecord = (record) => options.onKernelLine?.(formatConsoleLine(record));
    this.module = new JailhouseModule(linux, options.hasFirmware ?? true);
    this.root = fileSystem(this.module);
  }

  open(path: string, flags: OpenFileFlags): OpenFile {
    const node = lookUp(this.root, path, `open ${path}`);
    switch (node.kind) {
      case 'directory':
        throw new KernelError(`open ${path}`, 'EISDIR');
      case 'device':
        return this.opened(path, flags, (own) => node.open(own));
      case 'file':
        if (flags.access !== 'read') {
          throw new KernelError(`open ${path}`, 'EACCES');
        }
        return this.opened(path, flags, () => new SnapshotFile(node));
    }
  }

  readFile(path: string): Uint8Array {
    const operation = `read ${path}`;
    const node = lookUp(this.root, path, operation);
    switch (node.kind) {
      case 'directory':
        throw new KernelError(operation, 'EISDIR');
      case 'device':
        if (!node.content) {
          throw new KernelError(operation, 'EINVAL');
        }
        return node.content();
      case 'file':
        return node.read();
    }
  }

  readDirectory(path: string): string[] {
    const node = lookUp(this.root, path, `read ${path}`);
    if (node.kind !== 'directory') {
      throw new KernelError(`read ${path}`, 'ENOTDIR');
    }
    return Object.keys(node.entries());
  }

  stat(path: string): FileStatus {
    const node = lookUp(this.root, path, `stat ${path}`);
    return { kind: node.kind, sizeBytes: node.kind === 'file' ? node.sizeBytes : 0 };
  }

  /** The kernel's log as its console shows it, oldest line first. */
  kernelLines(): string[] {
    return this.module.linux.log.all().map(formatConsoleLine);
  }

  /** The cells, root first; none while the hypervisor is not enabled. Looking does not count as an exit. */
  cells(): { readonly id: number; readonly name: string; readonly state: CellStateName }[] {
    return this.module.enabled?.hypervisor.describeCells() ?? [];
  }

  /**
   * A debugger at a cell. It may be loaded, or running, or failed.
   * @throws KernelError ENOENT for a cell that does not exist, EPERM for the root cell, EBUSY when it has a debugger
   */
  debugCell(name: string): CellDebugger {
    const cell = this.module.enabled?.hypervisor.findCell(name);
    if (!cell) throw new KernelError(`debug cell ${name}`, 'ENOENT');
    const attached = CellDebugger.attach(this.machine, cell.id, cell.cpus);
    this.debuggers.get(cell.id)?.end();
    this.debuggers.set(cell.id, attached);
    return attached;
  }

  /** Switches power off: open files end, CPUs stop. */
  close(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      for (const one of this.debuggers.values()) one.end();
      for (const file of this.openFiles) {
        file.close();
      }
      this.machine.close();
    }
  }

  private opened(path: string, flags: OpenFileFlags, open: (flags: OpenFileFlags) => FileOperations): OpenFile {
    const own = { ...flags };
    const file = new OpenDescription(path, open(own), own, () => this.openFiles.delete(file));
    this.openFiles.add(file);
    return file;
  }

  private handle(event: MachineEvent): void {
    switch (event.type) {
      case 'console':
        this.module.consoleChanged.notify();
        break;
      case 'rootInterrupt':
        this.module.linux.interrupts.deliver(event.intid, event.cpu, event.count);
        break;
      case 'cellHeld':
        this.debuggers.get(event.cellId)?.changed();
        break;
      case 'uart':
      case 'cpuFailed':
      case 'cellChanged':
        break;
    }
  }
}
