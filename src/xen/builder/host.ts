import type { Kernel } from '../../kernel/kernel';
import type { Hypervisor } from '../hypervisor/hypervisor';
import type { Xenstore } from '../xenstore/xenstore';

/** What a domain is built with. */
export interface BuildHost {
  readonly kernel: Pick<Kernel, 'readFile' | 'stat'>;
  readonly hypervisor: Hypervisor;
  readonly store: Xenstore;
  /** Where toolstacks keep what they know about domains: `USERDATA_FOLDER`. */
  readonly userdataFolder: string;
  /** Told what a person should know, a line at a time. */
  readonly notice: (line: string) => void;
}
