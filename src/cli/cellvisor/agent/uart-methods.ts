/** How the UARTs of an emulated board are read from another machine: the agent's methods beyond a kernel's (docs/remote.md). */

/** Result: names; none where no emulated board answers. */
export const UARTS_LIST = 'uarts.list';
/** Parameters: UartRead. Result: UartPart, once there is something at `from`. ECONNRESET when the board went away meanwhile. */
export const UARTS_READ = 'uarts.read';

export interface UartRead {
  readonly uart: string;
  /** First wanted byte; 0 begins anew, with the board that is there then. */
  readonly from: number;
}

export interface UartPart {
  /** In base64. */
  readonly bytes: string;
  /** Where the next part begins. */
  readonly end: number;
}
