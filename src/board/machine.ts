/** The native machine as the models see it. Types only: unit tests of the models bring machines of their own. */
export type {
  CellStart,
  DebugCause,
  DebugResumption,
  DebugWatchpoint,
  ExitReason,
  Machine,
  MachineCell,
  MachineConstructor,
  MachineEvent,
  MachineHypervisorOptions,
  MachineOptions,
  MachinePciDevice,
  MachineRegion,
  MachineTraits,
  UartDescription,
} from '../native/machine';
