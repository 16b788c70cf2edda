/** Operation codes. System calls come from kernel clients, 0x100 and above steer the board itself. */
export const Operation = {
  hello: 1,
  cancel: 2,

  open: 0x10,
  close: 0x11,
  ioctl: 0x12,
  read: 0x13,
  readFile: 0x14,
  readDirectory: 0x15,
  stat: 0x16,
  mapMemory: 0x17,
  mapRegisters: 0x18,
  readRegister: 0x19,
  writeRegister: 0x1a,
  poll: 0x1b,
  setNonBlocking: 0x1c,
  readFiles: 0x1d,

  boardStatus: 0x100,
  boardStop: 0x101,
  boardReset: 0x102,
  log: 0x110,
  uartInput: 0x111,
  virtualLimit: 0x120,
  virtualRest: 0x121,

  debugAttach: 0x130,
  debugDetach: 0x131,
  debugHold: 0x132,
  debugResume: 0x133,
  debugWait: 0x134,
  debugPoints: 0x135,
  debugReadRegisters: 0x136,
  debugWriteRegisters: 0x137,
  debugReadMemory: 0x138,
  debugWriteMemory: 0x139,
} as const;

export type OperationName = keyof typeof Operation;
