import { readUserdata, USERDATA_FOLDER } from '../userdata';
import type { Domain } from './domain';

/** The configuration that the toolstack kept of a domain (xen-abi reference 13); undefined where there is none. */
export async function keptConfig({ id, uuid }: Domain): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const text = await readUserdata(id, uuid, USERDATA_FOLDER);
    // The C library ends the text with a NUL.
    return JSON.parse(text.replace(/\0+$/, '')) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
