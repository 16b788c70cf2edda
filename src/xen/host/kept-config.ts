import { readFile } from 'node:fs/promises';
import type { Domain } from './domain';

const FOLDER = '/var/lib/xen';

/** The configuration that the toolstack kept of a domain (xen-abi reference 13); undefined where there is none. */
export async function keptConfig({ id, uuid }: Domain): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const text = await readFile(`${FOLDER}/userdata-d.${id}.${uuid}.libxl-json`, 'utf8');
    // The C library ends the text with a NUL.
    return JSON.parse(text.replace(/\0+$/, '')) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
