import type { Pack } from 'tar-stream';

export interface TarEntry {
  /** `proc/iomem`. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** The bytes of a tar archive as `tar -C DIR -cf FILE .` makes it: folders before what is in them, names that start with `./`. */
export async function makeTar(entries: readonly TarEntry[], time: Date): Promise<Uint8Array> {
  const { pack: newPack } = await import('tar-stream');
  const pack: Pack = newPack();
  const chunks: Uint8Array[] = [];
  pack.on('data', (chunk) => chunks.push(chunk as Uint8Array));
  const done = new Promise<void>((resolve, reject) => {
    pack.on('end', resolve);
    pack.on('error', reject);
  });
  for (const folder of foldersOf(entries)) {
    pack.entry({ name: folder, type: 'directory', mode: 0o755, mtime: time });
  }
  for (const { path, content } of entries) {
    pack.entry({ name: `./${path}`, mode: 0o644, mtime: time, size: content.length }, Buffer.from(content));
  }
  pack.finalize();
  await done;
  return Buffer.concat(chunks);
}

function foldersOf(entries: readonly TarEntry[]): string[] {
  const folders = new Set(['./']);
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, index) => folders.add(`./${parts.slice(0, index + 1).join('/')}/`));
  }
  return [...folders].sort();
}
