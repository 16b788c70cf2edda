import type { CatalogEntry } from './entry';

/** Commands about the host, schedulers and names, in the order of the C tool's list. */
export const host: readonly CatalogEntry[] = [
  {
    name: 'info',
    usage: '-n, --numa         List host NUMA topology information',
    summary: 'Get information about Xen host',
  },
  {
    name: 'sharing',
    usage: '[Domain]',
    summary: 'Get information about page sharing',
  },
  {
    name: 'sched-credit',
    usage: '[-d <Domain> [-w[=WEIGHT]|-c[=CAP]]] [-s [-t TSLICE] [-r RATELIMIT]] [-p CPUPOOL]',
    summary: 'Get/set credit scheduler parameters',
    options: `-d DOMAIN, --domain=DOMAIN        Domain to modify
-w WEIGHT, --weight=WEIGHT        Weight (int)
-c CAP, --cap=CAP                 Cap (int)
-s         --schedparam           Query / modify scheduler parameters
-t TSLICE, --tslice_ms=TSLICE     Set the timeslice, in milliseconds
-r RLIMIT, --ratelimit_us=RLIMIT  Set the scheduling rate limit, in microseconds
-m DLY, --migration_delay_us=DLY  Set the migration delay, in microseconds
-p CPUPOOL, --cpupool=CPUPOOL     Restrict output to CPUPOOL
`,
    isModifying: true,
  },
  {
    name: 'sched-credit2',
    usage: '[-d <Domain> [-w[=WEIGHT]]] [-p CPUPOOL]',
    summary: 'Get/set credit2 scheduler parameters',
    options: `-d DOMAIN, --domain=DOMAIN     Domain to modify
-w WEIGHT, --weight=WEIGHT     Weight (int)
-c CAP,    --cap=CAP           Cap (int)
-s         --schedparam        Query / modify scheduler parameters
-r RLIMIT, --ratelimit_us=RLIMIT Set the scheduling rate limit, in microseconds
-p CPUPOOL, --cpupool=CPUPOOL  Restrict output to CPUPOOL
`,
    isModifying: true,
  },
  {
    name: 'sched-rtds',
    usage: '[-d <Domain> [-v[=VCPUID/all]] [-p[=PERIOD]] [-b[=BUDGET]] [-e[=Extratime]]]',
    summary: 'Get/set rtds scheduler parameters',
    options: `-d DOMAIN, --domain=DOMAIN     Domain to modify
-v VCPUID/all, --vcpuid=VCPUID/all    VCPU to modify or output;
               Using '-v all' to modify/output all vcpus
-p PERIOD, --period=PERIOD     Period (us)
-b BUDGET, --budget=BUDGET     Budget (us)
-e Extratime, --extratime=Extratime Extratime (1=yes, 0=no)

`,
    isModifying: true,
  },
  {
    name: 'domid',
    usage: '<DomainName>',
    summary: 'Convert a domain name to domain id',
  },
  {
    name: 'domname',
    usage: '<DomainId>',
    summary: 'Convert a domain id to domain name',
  },
  {
    name: 'rename',
    usage: '<Domain> <NewDomainName>',
    summary: 'Rename a domain',
    isModifying: true,
  },
  {
    name: 'trigger',
    usage: '<Domain> <nmi|reset|init|power|sleep|s3resume> [<VCPU>]',
    summary: 'Send a trigger to a domain',
    isModifying: true,
  },
  {
    name: 'sysrq',
    usage: '<Domain> <letter>',
    summary: 'Send a sysrq to a domain',
    isModifying: true,
  },
  {
    name: 'debug-keys',
    usage: '<Keys>',
    summary: 'Send debug keys to Xen',
    isModifying: true,
  },
  {
    name: 'set-parameters',
    usage: '<Params>',
    summary: 'Set hypervisor parameters',
    isModifying: true,
  },
  {
    name: 'dmesg',
    usage: '[-c]',
    summary: 'Read and/or clear dmesg buffer',
    options: `  -c                        Clear dmesg buffer as well as printing it
`,
  },
  {
    name: 'top',
    summary: 'Monitor a host and the domains in real time',
    options: `-d SECONDS, --delay=SECONDS    Time between samples (default: 3)
-i NUMBER, --iterations=NUMBER End after so many samples
-b, --batch                    Print a table a sample, as without a terminal
-n, --networks                 Show each network interface
-x, --vbds                     Show each disk
-v, --vcpus                    Show the CPU time of each VCPU
-r, --repeat-header            Repeat the header before each domain
-f, --full-name                Do not cut names
-z, --dom0-first               Domain 0 first, whatever the order
`,
  },
];
