import { statSync } from 'node:fs';
import { KernelError } from '../../src/errors';
import { HardwareKernel } from '../../src/kernel/hardware/kernel';
import type { ErrnoName } from '../../src/errno';
import type {
  IoctlArgument,
  Kernel,
  KernelFile,
  OpenFlags,
  RegisterWindow,
  SharedMemory,
} from '../../src/kernel/kernel';

/** A device file whose calls a test answers itself. What is missing is answered as a kernel would: ENOTTY, EINVAL, ENODEV. */
export interface FakeDevice {
  readonly openFails?: ErrnoName;
  ioctl?(request: number, argument: IoctlArgument | undefined): ErrnoName | 0;
  /** One value a call; the last one is repeated. */
  readonly reads?: readonly (string | Uint8Array | ErrnoName)[];
  /** How many bytes are taken. */
  write?(bytes: Uint8Array): number;
  /** Register values by offset; writes are remembered in `FakeKernel.writes`. */
  readonly registers?: Record<number, number>;
  readonly memory?: Uint8Array;
}

/** The seam in memory: files are texts by path, folders follow from them. */
export class FakeKernel implements Kernel {
  readonly backend = 'emulated';
  /** An ErrnoName prefixed with `!` makes reading the file fail. */
  readonly files = new Map<string, string>();
  readonly devices = new Map<string, FakeDevice>();
  /** Everything that was opened, read or listed, in order. */
  readonly calls: string[] = [];
  readonly requests: { request: number; argument: IoctlArgument | undefined }[] = [];
  readonly writes: { offset: number; value: number }[] = [];
  readonly opened: (OpenFlags & { path: string })[] = [];
  openFiles = 0;
  /** Sockets are real: a test has one at a path that it made. */
  private readonly sockets = new HardwareKernel();

  constructor(files: Record<string, string> = {}, devices: Record<string, FakeDevice> = {}) {
    this.addFiles(files);
    Object.entries(devices).forEach(([path, device]) => this.devices.set(path, device));
  }

  addFiles(files: Record<string, string>): void {
    Object.entries(files).forEach(([path, text]) => this.files.set(path, text));
  }

  async open(path: string, flags: OpenFlags): Promise<KernelFile> {
    this.calls.push(`open ${path}`);
    this.opened.push({ path, ...flags });
    const device = this.devices.get(path);
    if (!device && statSync(path, { throwIfNoEntry: false })?.isSocket()) return this.sockets.open(path, flags);
    if (!device || device.openFails) {
      throw new KernelError(`open ${path}`, device?.openFails ?? 'ENOENT');
    }
    this.openFiles++;
    return this.file(path, device);
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.calls.push(`read ${path}`);
    const text = this.files.get(path);
    if (text === undefined || text.startsWith('!')) {
      throw new KernelError(`read ${path}`, text === undefined ? 'ENOENT' : (text.slice(1) as ErrnoName));
    }
    return new TextEncoder().encode(text);
  }

  readFiles(paths: readonly string[]): ReturnType<Kernel['readFiles']> {
    return Promise.all(paths.map((path) => this.readFile(path).catch((error: KernelError) => error)));
  }

  async readDirectory(path: string): Promise<string[]> {
    this.calls.push(`list ${path}`);
    if (this.files.get(path)?.startsWith('!')) {
      throw new KernelError(`readdir ${path}`, this.files.get(path)?.slice(1) as ErrnoName);
    }
    const below = [...this.files.keys()].filter((one) => one.startsWith(`${path}/`));
    if (below.length === 0) {
      throw new KernelError(`readdir ${path}`, 'ENOENT');
    }
    // A trailing slash makes an empty folder.
    return [...new Set(below.map((one) => one.slice(path.length + 1).split('/')[0] as string))].filter(
      (one) => one !== '',
    );
  }

  async allocateLocked(lengthBytes: number): Promise<SharedMemory> {
    throw new KernelError(`locking ${lengthBytes} bytes in memory`, 'ENOSYS');
  }

  async stat(path: string): ReturnType<Kernel['stat']> {
    const text = this.files.get(path);
    if (text === undefined) {
      const isFolder = [...this.files.keys()].some((one) => one.startsWith(`${path}/`));
      if (isFolder) return { kind: 'directory', sizeBytes: 0 };
      throw new KernelError(`stat ${path}`, 'ENOENT');
    }
    return { kind: 'file', sizeBytes: text.length };
  }

  close(): Promise<void> {
    return this.sockets.close();
  }

  private file(path: string, device: FakeDevice): KernelFile {
    let reads = 0;
    let isOpen = true;
    return {
      ioctl: async (request, argument) => {
        this.requests.push({ request, argument });
        const result = device.ioctl ? device.ioctl(request, argument) : 'ENOTTY';
        if (result !== 0) {
          throw new KernelError(`ioctl on ${path}`, result);
        }
        return 0;
      },
      read: async (lengthBytes) => {
        const answers = device.reads ?? ['EINVAL'];
        const answer = answers[Math.min(reads++, answers.length - 1)] as string | Uint8Array;
        if (typeof answer === 'string' && /^E[A-Z]+$/.test(answer)) {
          throw new KernelError(`read of ${path}`, answer as ErrnoName);
        }
        return (typeof answer === 'string' ? new TextEncoder().encode(answer) : answer).subarray(0, lengthBytes);
      },
      write: async (bytes) => {
        if (device.write === undefined) throw new KernelError(`write to ${path}`, 'EINVAL');
        return device.write(bytes);
      },
      mapMemory: async (_offset, lengthBytes): Promise<SharedMemory> => {
        if (!device.memory) {
          throw new KernelError(`mmap of ${path}`, 'ENODEV');
        }
        return { bytes: device.memory.subarray(0, lengthBytes), unmap: () => undefined };
      },
      mapRegisters: async (_offset, lengthBytes): Promise<RegisterWindow> => {
        const { registers } = device;
        if (!registers) {
          throw new KernelError(`mmap of ${path}`, 'ENODEV');
        }
        return {
          lengthBytes,
          read32: async (offset) => registers[offset] ?? 0,
          write32: async (offset, value) => void this.writes.push({ offset, value }),
          unmap: () => undefined,
        };
      },
      close: async () => {
        this.openFiles -= isOpen ? 1 : 0;
        isOpen = false;
      },
    };
  }
}

/** The sysfs tree of an enabled driver with these cells, the first one being the root cell. */
export function sysfsOf(
  cells: readonly { id: number; name: string; state?: string; cpus: string; failed?: string }[],
): Record<string, string> {
  const files: Record<string, string> = {
    '/sys/devices/jailhouse/enabled': cells.length > 0 ? '1\n' : '0\n',
    '/sys/devices/jailhouse/cells/': '',
    '/sys/devices/jailhouse/mem_pool_size': '994\n',
    '/sys/devices/jailhouse/mem_pool_used': '58\n',
    '/sys/devices/jailhouse/remap_pool_size': '131072\n',
    '/sys/devices/jailhouse/remap_pool_used': '144\n',
    '/sys/module/jailhouse/version': 'v0.10\n',
  };
  for (const { id, name, state = 'running', cpus, failed = '' } of cells) {
    const folder = `/sys/devices/jailhouse/cells/${id}`;
    files[`${folder}/name`] = `${name}\n`;
    files[`${folder}/state`] = `${state}\n`;
    files[`${folder}/cpus_assigned_list`] = `${cpus}\n`;
    files[`${folder}/cpus_failed_list`] = `${failed}\n`;
  }
  return files;
}

/** A kernel log that /dev/kmsg gives record by record, all of it written just now. */
export function kernelLog(
  lines: readonly string[],
  ageSeconds = 0,
): { files: Record<string, string>; kmsg: FakeDevice } {
  const uptimeSeconds = 1000;
  const records = lines.map((line, index) => `6,${index},${(uptimeSeconds - ageSeconds) * 1e6},-;${line}\n`);
  return { files: { '/proc/uptime': `${uptimeSeconds}.00 900.00\n` }, kmsg: { reads: [...records, 'EAGAIN'] } };
}
