/** A board with a fake machine, and the calls that a client would make. */
import {
  encodeCellCreate,
  encodeCellId,
  encodeCellLoad,
  encodeConfig,
  encodeEnable,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_DESTROY,
  JAILHOUSE_CELL_LOAD,
  JAILHOUSE_CELL_START,
  JAILHOUSE_DISABLE,
  JAILHOUSE_ENABLE,
} from '../../../src/abi/jailhouse';
import { Board } from '../../../src/board/board';
import { fakeMachine } from '../../support/fake-machine';
import { addIvshmemV1 } from './fake-ivshmem';
import type { CellConfig, CellSelector, PreloadImage, SystemConfig } from '../../../src/abi/jailhouse';
import type { BoardOptions } from '../../../src/board/board';
import type { UserArgument } from '../../../src/board/syscalls';
import type { FakeMachine } from '../../support/fake-machine';

export type Session = ReturnType<typeof powerOn>;

export function powerOn(options: Partial<BoardOptions> = {}) {
  const { Machine, made } = fakeMachine();
  const kernelLines: string[] = [];
  const board = new Board({
    board: 'imx8mq-evk',
    Machine,
    onKernelLine: (line) => kernelLines.push(line.replace(/^\[.*?\] /, '')),
    ...options,
  });
  const machine = made[0] as FakeMachine;
  const { dialect } = board.release;
  const file = board.open('/dev/jailhouse', { access: 'read-write', nonBlocking: false });
  const text = (path: string) => new TextDecoder().decode(board.readFile(path));
  return {
    board,
    machine,
    file,
    kernelLines,
    text,
    /** A file of /sys/devices/jailhouse. */
    sysfs: (path: string) => text(`/sys/devices/jailhouse/${path}`),
    ioctl: (request: number, argument?: UserArgument, signal?: AbortSignal) => file.ioctl(request, argument, signal),
    enable: (system: SystemConfig) => {
      for (const { bdf } of system.rootCell.pciDevices) {
        addIvshmemV1(machine, system, bdf);
      }
      return file.ioctl(JAILHOUSE_ENABLE, encodeEnable(encodeConfig(system, dialect)));
    },
    disable: () => file.ioctl(JAILHOUSE_DISABLE, undefined),
    create: (config: CellConfig) => file.ioctl(JAILHOUSE_CELL_CREATE, encodeCellCreate(encodeConfig(config, dialect))),
    load: (cell: CellSelector, images: readonly PreloadImage[], signal?: AbortSignal) =>
      file.ioctl(JAILHOUSE_CELL_LOAD, encodeCellLoad(cell, images), signal),
    start: (cell: CellSelector, signal?: AbortSignal) => file.ioctl(JAILHOUSE_CELL_START, encodeCellId(cell), signal),
    destroy: (cell: CellSelector, signal?: AbortSignal) =>
      file.ioctl(JAILHOUSE_CELL_DESTROY, encodeCellId(cell), signal),
  };
}

/** What a call that fails with an errno rejects with. */
export const errno = (name: string) => expect.objectContaining({ errno: name }) as unknown;
