import { cString, decodeText } from '../../abi/text';
import * as abi from '../../abi/xen/version';
import type { CompileInfo } from '../../abi/xen/version';
import type { Privcmd } from './privcmd';

export interface XenVersion {
  readonly major: number;
  readonly minor: number;
}

/** What the hypervisor says about itself. The same in all releases: it is asked before anything else. */
export class Version {
  constructor(private readonly privcmd: Privcmd) {}

  async number(): Promise<XenVersion> {
    const word = await this.privcmd.call('xen_version', [abi.XENVER_version, 0], 'xen_version');
    return { major: word >>> 16, minor: word & 0xffff };
  }

  /** What follows the number: `.7`, `.1-pre`. */
  async extra(): Promise<string> {
    return this.text(abi.XENVER_extraversion, abi.EXTRAVERSION_BYTES, 'extraversion');
  }

  async compileInfo(): Promise<CompileInfo> {
    const bytes = new Uint8Array(abi.compileInfoLayout.sizeBytes);
    await this.privcmd.call('xen_version', [abi.XENVER_compile_info, { bytes }], 'xen_version compile_info');
    return abi.compileInfoLayout.decode(bytes);
  }

  /** Such as `xen-3.0-aarch64 xen-3.0-armv7l `, with the space at the end. */
  async capabilities(): Promise<string> {
    return this.text(abi.XENVER_capabilities, abi.CAPABILITIES_BYTES, 'capabilities');
  }

  async changeset(): Promise<string> {
    return this.text(abi.XENVER_changeset, abi.CHANGESET_BYTES, 'changeset');
  }

  async commandLine(): Promise<string> {
    return this.text(abi.XENVER_commandline, abi.COMMANDLINE_BYTES, 'commandline');
  }

  async virtStart(): Promise<bigint> {
    const bytes = new Uint8Array(abi.platformParametersLayout.sizeBytes);
    await this.privcmd.call(
      'xen_version',
      [abi.XENVER_platform_parameters, { bytes }],
      'xen_version platform_parameters',
    );
    return abi.platformParametersLayout.decode(bytes).virtStart;
  }

  async pageBytes(): Promise<number> {
    return this.privcmd.call('xen_version', [abi.XENVER_pagesize, 0], 'xen_version pagesize');
  }

  /** In hexadecimal. @throws KernelError ENODATA when Xen was linked without one */
  async buildId(): Promise<string> {
    const bytes = new Uint8Array(4 + abi.BUILD_ID_MAX_BYTES);
    new DataView(bytes.buffer).setUint32(0, abi.BUILD_ID_MAX_BYTES, true);
    const lengthBytes = await this.privcmd.call(
      'xen_version',
      [abi.XENVER_build_id, { bytes }],
      'xen_version build_id',
    );
    return Buffer.from(bytes.subarray(4, 4 + lengthBytes)).toString('hex');
  }

  private async text(command: number, sizeBytes: number, what: string): Promise<string> {
    const bytes = new Uint8Array(sizeBytes);
    await this.privcmd.call('xen_version', [command, { bytes }], `xen_version ${what}`);
    return decodeText(cString(bytes));
  }
}
