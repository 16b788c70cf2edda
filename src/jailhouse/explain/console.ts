import type { ConsoleRefusal } from './refusal';

export function explainConsole({ errno }: ConsoleRefusal): string | undefined {
  switch (errno) {
    case 'EPERM':
      return 'the system config has no virtual console (flag SYS_VIRTUAL_DEBUG_CONSOLE); the hypervisor only writes to its UART';
    case 'EAGAIN':
      return 'the hypervisor has not run since its driver was loaded; enable it first: jailhouse enable SYSCONFIG';
    default:
      return undefined;
  }
}
