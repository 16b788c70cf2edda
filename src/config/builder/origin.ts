import { fileURLToPath } from 'node:url';

/** A line of a TypeScript source. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

const origins = new WeakMap<object, Origin>();
/** Frames of the functions that configs are written with. */
const OWN_FRAME = /[\\/]src[\\/]config[\\/]builder[\\/]/;
/** Only sources count: where a bundle runs without its source map, nothing is known. */
const FRAME = /\(?((?:file:\/\/)?\/[^():]+\.ts):(\d+):\d+\)?$/;

let isRecording = false;

/** Notes from now on which line each part of a config is written in: it costs a stack trace for each. */
export function recordOrigins(): void {
  isRecording = true;
}

/** The same value, noted as written where the caller of the builder stands. */
export function written<T extends object>(value: T): T {
  if (isRecording) {
    const origin = callerOfBuilder();
    if (origin) {
      origins.set(value, origin);
    }
  }
  return value;
}

/** A value that another one became. */
export function writtenLike<T extends object>(source: object, value: T): T {
  const origin = origins.get(source);
  if (origin) {
    origins.set(value, origin);
  }
  return value;
}

export function originOf(value: object): Origin | undefined {
  return origins.get(value);
}

function callerOfBuilder(): Origin | undefined {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find((one) => FRAME.test(one) && !OWN_FRAME.test(one));
  const [, file, line] = FRAME.exec(frame ?? '') ?? [];
  return file === undefined
    ? undefined
    : { file: file.startsWith('file://') ? fileURLToPath(file) : file, line: Number(line) };
}
