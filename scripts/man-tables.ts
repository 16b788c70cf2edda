import { RELEASES } from '../src/board/releases';
import { BOARDS } from '../src/boards';

/** Tables of the manual pages, as rows of cells. */
export const tables: Readonly<Record<string, readonly (readonly string[])[]>> = {
  boards: BOARDS.map(({ name, model, cpus, uarts }) => [
    name,
    `${cpus.length} CPUs`,
    uarts.map((uart) => uart.name).join(', '),
    model,
  ]),
  releases: RELEASES.map(({ name, version, dialect, linux }) => [
    name,
    version,
    dialect,
    `Linux ${linux.kernelVersion}`,
  ]),
};
