import { END_ACTIONS } from './domain-config';
import { badValue, XlConfigError } from './xl-config-error';
import type { DomainConfig, EndAction, EndActions, PassthroughMode } from './domain-config';
import type { Settings } from './settings';

/** Keys whose value is one of a few words, with the C tool's complaint about every other. */

export function readEndActions(settings: Settings): EndActions {
  return {
    poweroff: endAction(settings, 'on_poweroff', 'destroy'),
    reboot: endAction(settings, 'on_reboot', 'restart'),
    watchdog: endAction(settings, 'on_watchdog', 'destroy'),
    crash: endAction(settings, 'on_crash', 'destroy'),
    softReset: endAction(settings, 'on_soft_reset', 'soft-reset'),
  };
}

function endAction(settings: Settings, key: string, byDefault: EndAction): EndAction {
  const word = settings.string(key) ?? byDefault;
  const action = END_ACTIONS.find((candidate) => candidate === word);
  if (action) return action;
  const hint = `it is one of ${END_ACTIONS.join(', ')}`;
  throw badValue(`Unknown ${key} action "${word}" specified`, key, settings.lineOf(key), hint);
}

export function readType(settings: Settings): DomainConfig['type'] {
  const type = settings.string('type');
  if (type === 'pvh' || type === 'pv' || type === 'hvm') return type;
  if (type !== undefined) throw badValue(`Invalid domain type ${type}.`, 'type', settings.lineOf('type'));
  const builder = settings.string('builder');
  if (builder === undefined) return 'pvh';
  if (builder === 'hvm') return 'hvm';
  if (builder === 'generic') return 'pv';
  throw badValue(`Invalid domain type ${builder}.`, 'builder', settings.lineOf('builder'));
}

const PASSTHROUGH: readonly PassthroughMode[] = ['disabled', 'enabled', 'sync_pt', 'share_pt'];

export function readPassthrough(settings: Settings): PassthroughMode | undefined {
  const word = settings.string('passthrough');
  if (word === undefined) return undefined;
  const mode = PASSTHROUGH.find((candidate) => candidate === word);
  if (mode) return mode;
  const hint = `it is one of ${PASSTHROUGH.join(', ')}`;
  throw badValue(`ERROR: unknown passthrough option '${word}'`, 'passthrough', settings.lineOf('passthrough'), hint);
}

export function readGicVersion(settings: Settings): 'v2' | 'v3' | undefined {
  const word = settings.string('gic_version')?.toLowerCase();
  if (word === undefined || word === 'default') return undefined;
  if (word === 'v2' || word === 'v3') return word;
  throw unknownWord(settings, 'gic_version', 'it is v2, v3 or default');
}

/** Upstream's words, or NXP's boolean (xen-abi reference 18). */
export function readTee(settings: Settings): DomainConfig['tee'] {
  const word = settings.string('tee')?.toLowerCase();
  switch (word) {
    case undefined:
    case 'none':
    case 'optee':
      return word;
    case '0':
      return 'none';
    case '1':
      return 'trusty';
    default:
      throw unknownWord(settings, 'tee', "it is none or optee, on NXP's Xen 4.11 also 0 or 1");
  }
}

export function readVuart(settings: Settings): boolean {
  const word = settings.string('vuart');
  if (word === undefined || word === 'unknown') return false;
  if (word === 'sbsa_uart') return true;
  throw badValue(`ERROR: invalid value "${word}" for "vuart"`, 'vuart', settings.lineOf('vuart'), 'it is sbsa_uart');
}

export function readVrtc(settings: Settings): boolean {
  const word = settings.string('vrtc');
  if (word === undefined) return false;
  if (word === 'pl031') return true;
  throw badValue(`ERROR: invalid value "${word}" for "vrtc"`, 'vrtc', settings.lineOf('vrtc'), 'it is pl031');
}

function unknownWord(settings: Settings, key: string, hint: string): XlConfigError {
  return new XlConfigError(`Unknown ${key} "${settings.string(key) ?? ''}" specified`, {
    code: 'E_XLCFG_CHOICE',
    key,
    line: settings.lineOf(key),
    hint,
  });
}
