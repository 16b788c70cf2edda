import { KernelError } from '../../errors';
import { write } from '../../fdt';
import { LIVE_TREE, readLiveTree } from '../device-tree';
import { FILES_OF_ARM64, filesOfX86 } from './files';
import type { Kernel } from '../../kernel/kernel';
import type { TarEntry } from './tar';

/** The running tree as one file, which `jailhouse config create -r` reads. */
const TREE = 'device-tree.dtb';

/**
 * What `jailhouse config create` needs to know of this machine.
 *
 * @throws KernelError `cp: cannot stat 'PATH'` for a required file that is not there
 */
export async function collectFiles(kernel: Kernel): Promise<TarEntry[]> {
  const hasTree = (await namesIn(kernel, LIVE_TREE)).length > 0;
  const cpuinfo = (await read(kernel, '/proc/cpuinfo')) ?? new Uint8Array();
  const groups = hasTree ? FILES_OF_ARM64 : filesOfX86(new TextDecoder().decode(cpuinfo));
  const entries: TarEntry[] = [];
  for (const { patterns, isRequired } of groups) {
    for (const pattern of patterns) {
      const found = await collect(kernel, pattern);
      if (isRequired && found.length === 0) {
        throw new KernelError(`cp: cannot stat '${pattern}'`, 'ENOENT');
      }
      entries.push(...found);
    }
  }
  return hasTree ? [...entries, { path: TREE, content: write(await readLiveTree(kernel)) }] : entries;
}

async function collect(kernel: Kernel, pattern: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const path of await matching(kernel, pattern)) {
    const content = await read(kernel, path);
    if (content) entries.push({ path: path.slice(1), content });
  }
  return entries;
}

/** Paths that fit a pattern, as a shell finds them. */
async function matching(kernel: Kernel, pattern: string): Promise<string[]> {
  let paths = [''];
  for (const part of pattern.split('/').slice(1)) {
    if (!part.includes('*')) {
      paths = paths.map((path) => `${path}/${part}`);
      continue;
    }
    const fits = new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    const found = await Promise.all(
      paths.map(async (path) =>
        (await namesIn(kernel, path))
          .filter((name) => fits.test(name) && !name.startsWith('.'))
          .map((name) => `${path}/${name}`),
      ),
    );
    paths = found.flat();
  }
  return paths;
}

async function namesIn(kernel: Kernel, path: string): Promise<string[]> {
  return (await kernel.readDirectory(path).catch(absent))?.sort() ?? [];
}

async function read(kernel: Kernel, path: string): Promise<Uint8Array | undefined> {
  return kernel.readFile(path).catch(absent);
}

function absent(error: unknown): undefined {
  if (!(error instanceof KernelError)) throw error;
}
