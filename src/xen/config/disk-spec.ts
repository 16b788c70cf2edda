import { XlConfigError } from './xl-config-error';

export type DiskFormat = 'raw' | 'qcow' | 'qcow2' | 'vhd' | 'qed' | 'empty';
export type DiskBackend = 'phy' | 'tap' | 'qdisk' | 'standalone';

/** One disk, as xl-disk-configuration(5) describes it. */
export interface DiskSpec {
  /** A block device or a file in the backend's domain; empty for a drive without a medium. */
  readonly target: string;
  readonly format: DiskFormat;
  /** The guest's name for it, such as `xvda`, `sda3`, `d5p2` or a number. */
  readonly virtualDevice: string;
  readonly isWritable: boolean;
  readonly isCdrom: boolean;
  /** Chosen by what the target is when absent. */
  readonly backendType?: DiskBackend | undefined;
  /** Name or number of the domain that serves it; Domain-0 when absent. */
  readonly backendDomain?: string | undefined;
  /** The hotplug script; `block` when absent. */
  readonly script?: string | undefined;
  readonly discardEnabled?: boolean | undefined;
  readonly directIoSafe?: boolean | undefined;
  readonly specification?: 'xen' | 'virtio' | undefined;
  readonly isTrusted?: boolean | undefined;
}

type Draft = { -readonly [Key in keyof DiskSpec]?: DiskSpec[Key] | undefined };

const FORMATS: readonly DiskFormat[] = ['raw', 'qcow', 'qcow2', 'vhd', 'qed', 'empty'];
const BACKENDS: readonly DiskBackend[] = ['phy', 'tap', 'qdisk', 'standalone'];
const SPECIFICATIONS = ['xen', 'virtio'] as const;
const ACCESS: Readonly<Record<string, boolean>> = { r: false, ro: false, w: true, rw: true, '': true };
/** Old prefixes that only say where the target is. */
const PLAIN_PREFIX = /^(?:phy|file|tap2?|aio|ioemu|raw|qcow2?|vhd):/;
/** Old prefixes that stand for a hotplug script. */
const SCRIPT_PREFIX = /^(iscsi|nbd|drbd|enbd|dmmd):/;

/**
 * A disk specification: `target,format,vdev,access`, key=value pairs, or the first followed by the second.
 * @param file names the configuration in errors
 * @throws XlConfigError `E_XLCFG_VALUE` in the C tool's words
 */
export function parseDiskSpec(text: string, file: string): DiskSpec {
  return new DiskReader(text, file).read();
}

class DiskReader {
  private readonly draft: Draft = {};
  private hasPrefix = false;
  private access: boolean | undefined;

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  read(): DiskSpec {
    let rest = this.text;
    while (rest !== '') {
      rest = rest.trimStart();
      const target = /^target=(.*?),?$/s.exec(rest);
      if (target) {
        // Whatever follows belongs to the target: its name may have commas.
        this.target(target[1] ?? '');
        break;
      }
      const comma = rest.indexOf(',');
      this.item((comma < 0 ? rest : rest.slice(0, comma)).trimEnd());
      rest = comma < 0 ? '' : rest.slice(comma + 1);
    }
    return this.finish();
  }

  private item(item: string): void {
    const assignment = /^([a-z][-a-z]*)=(.*)$/s.exec(item);
    if (assignment) this.keyValue(assignment[1] ?? '', assignment[2] ?? '');
    else if (!this.flag(item)) this.positional(item);
  }

  private flag(item: string): boolean {
    switch (item) {
      case 'cdrom':
        this.draft.isCdrom = true;
        return true;
      case 'discard':
      case 'no-discard':
        this.draft.discardEnabled = item === 'discard';
        return true;
      case 'direct-io-safe':
        this.draft.directIoSafe = true;
        return true;
      case 'trusted':
      case 'untrusted':
        this.draft.isTrusted = item === 'trusted';
        return true;
      default:
        return false;
    }
  }

  private keyValue(key: string, value: string): void {
    switch (key) {
      case 'format':
        this.format(value);
        break;
      case 'vdev':
        this.virtualDevice(value);
        break;
      case 'access':
        this.setAccess(value);
        break;
      case 'devtype':
        if (value !== 'cdrom' && value !== 'disk') this.fail('unknown value for type', value);
        this.draft.isCdrom = value === 'cdrom';
        break;
      case 'backendtype':
        this.draft.backendType = this.oneOf(BACKENDS, value, 'unknown value for backendtype');
        break;
      case 'backend':
        this.draft.backendDomain = value;
        break;
      case 'script':
        this.draft.script = value;
        break;
      case 'specification':
        this.draft.specification = this.oneOf(SPECIFICATIONS, value, 'unknown value for specification');
        break;
      default:
        this.fail('unknown parameter', `${key}=${value.slice(0, 1)}`);
    }
  }

  /** An empty place keeps what it would say by default; one that is taken is passed over. */
  private positional(item: string): void {
    if (this.draft.target === undefined) this.target(item);
    else if (this.draft.format === undefined && !this.hasPrefix) this.format(item);
    else if (this.draft.virtualDevice === undefined) this.virtualDevice(item);
    else if (this.access === undefined) this.setAccess(item);
    else this.fail('too many positional parameters', item);
  }

  private target(text: string): void {
    if (this.draft.target !== undefined) this.fail('target specified twice', text);
    let target = text;
    for (let match; (match = SCRIPT_PREFIX.exec(target) ?? PLAIN_PREFIX.exec(target));) {
      this.hasPrefix = true;
      if (match[1] !== undefined) this.draft.script ??= `block-${match[1]}`;
      target = target.slice(match[0].length);
    }
    this.draft.target = target;
  }

  private format(value: string): void {
    this.draft.format = value === '' ? 'raw' : this.oneOf(FORMATS, value, 'unknown value for format');
  }

  private virtualDevice(value: string): void {
    const [, name = value, kind] = /^(.*?)(?::(cdrom|disk))?$/s.exec(value) ?? [];
    if (kind !== undefined) this.draft.isCdrom = kind === 'cdrom';
    this.draft.virtualDevice = name;
  }

  private setAccess(value: string): void {
    this.access = ACCESS[value];
    if (this.access === undefined) this.fail('unknown value for access', value);
  }

  private finish(): DiskSpec {
    const { target = '', virtualDevice, isCdrom = false } = this.draft;
    let { format = 'raw' } = this.draft;
    if (!virtualDevice) {
      throw this.error(`no vdev specified in \`${this.text}'`, "name the guest's device: 'vdev=xvda'");
    }
    if (target === '' && isCdrom) format = 'empty';
    if (format === 'empty' && !isCdrom) this.fail('no target specified and not a cdrom', this.text);
    if (target === '' && format !== 'empty') this.fail('no target specified', this.text);
    const isWritable = isCdrom ? false : (this.access ?? true);
    return { ...this.draft, target, format, virtualDevice, isCdrom, isWritable };
  }

  private oneOf<Word extends string>(words: readonly Word[], value: string, problem: string): Word {
    return words.find((word) => word === value) ?? this.fail(problem, value, `it is one of ${words.join(', ')}`);
  }

  private fail(problem: string, near: string, hint?: string): never {
    throw this.error(`${problem}: near \`${near}' in \`${this.text}'`, hint);
  }

  private error(problem: string, hint?: string): XlConfigError {
    const message = `${this.file}: config parsing error in disk specification: ${problem}`;
    return new XlConfigError(message, { code: 'E_XLCFG_VALUE', key: 'disk', hint });
  }
}
