/** Config revisions by release of the driver (jailhouse-abi reference 0). From v0.12 on the version no longer tells one. */
const REVISIONS: Readonly<Record<string, readonly number[]>> = {
  'v0.8': [8],
  'v0.9': [9],
  'v0.9.1': [9],
  'v0.10': [10],
  'v0.11': [10],
  'v0.12': [12, 13, 14],
  'v0.2': [13],
};

/**
 * The config revisions that a driver may take; one for most, undefined for a driver that is not known.
 *
 * @param version content of /sys/module/jailhouse/version: `v0.10`, from a git tree `v0.10 (12-g1234567)`
 */
export function revisionsOfDriver(version: string): readonly number[] | undefined {
  return REVISIONS[version.split(' ')[0] ?? ''];
}
