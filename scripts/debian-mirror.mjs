import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** For what is made of Debian's packages. */
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cellvisor');

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The line of a sources.list for another release of Debian, on the mirror that this machine uses.
 * @param {string} suite such as `trixie`
 * @throws {Error} where apt knows no mirror of Debian
 */
export function sourceLine(suite) {
  const format = ['--format', '$(ORIGIN) $(SUITE) $(REPO_URI)', 'Created-By: Packages'];
  const lines = execFileSync('apt-get', ['indextargets', ...format], { encoding: 'utf8' }).split('\n');
  // Updates and security are archives of their own.
  const mirror = lines.map((line) => /^Debian [a-z]+ (\S+)$/.exec(line)?.[1]).find((uri) => uri !== undefined);
  if (mirror === undefined) throw new Error('apt has no mirror of Debian in its lists');
  return `deb [signed-by=${KEYRING}] ${mirror} ${suite} main`;
}
