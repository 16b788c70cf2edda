/** Signals that end the program; before they do, the terminal is given back. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Keys as they are typed, one read a piece, with nothing done to them on the way. */
export interface Keyboard {
  /** `undefined`: nobody will type any more. */
  onKeys(listener: (keys: Uint8Array | undefined) => void): void;
  /** Gives the terminal back. Calling it twice does nothing. */
  close(): void;
}

/** What is used of a terminal. */
export type KeyboardInput = Pick<NodeJS.ReadStream, 'setRawMode' | 'on' | 'off' | 'pause' | 'resume'>;

/** The keyboard of this process's terminal, in raw mode until `close`, whatever ends the process. */
export function openProcessKeyboard(input: KeyboardInput = process.stdin): Keyboard {
  let listener: (keys: Uint8Array | undefined) => void = () => undefined;
  let isOpen = true;
  const onData = (keys: Buffer) => listener(keys);
  const onEnd = () => listener(undefined);
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    input.off('data', onData);
    input.off('end', onEnd);
    for (const signal of ENDING_SIGNALS) process.off(signal, onEnd);
    process.off('exit', close);
    input.setRawMode(false);
    input.pause();
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.on('end', onEnd);
  for (const signal of ENDING_SIGNALS) process.on(signal, onEnd);
  process.on('exit', close);
  return {
    onKeys: (newListener) => {
      listener = newListener;
      input.resume();
    },
    close,
  };
}
