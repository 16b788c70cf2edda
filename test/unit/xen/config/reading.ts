import { readDomainConfig, XlConfigError } from '../../../../src/xen/config';

export function read(text: string) {
  const warnings: string[] = [];
  return { config: readDomainConfig(text, 'd.cfg', (line) => warnings.push(line)), warnings };
}

/** What is refused about `text`. */
export function readError(text: string): XlConfigError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof XlConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
