/** Where the board's process writes what no client is told: why connections were closed, and errors that are bugs. */
export type Journal = (line: string) => void;
