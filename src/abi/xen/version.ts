/** What hypercall xen_version tells, by its sub-commands (xen-abi reference 3). */
import { text, u32, u64 } from '../field';
import { StructLayout } from '../layout';

export const XENVER_version = 0;
export const XENVER_extraversion = 1;
export const XENVER_compile_info = 2;
export const XENVER_capabilities = 3;
export const XENVER_changeset = 4;
export const XENVER_platform_parameters = 5;
export const XENVER_get_features = 6;
export const XENVER_pagesize = 7;
export const XENVER_commandline = 9;
export const XENVER_build_id = 10;

export const EXTRAVERSION_BYTES = 16;
export const CAPABILITIES_BYTES = 1024;
export const CHANGESET_BYTES = 64;
export const COMMANDLINE_BYTES = 1024;
/** A build id follows u32 length: more than any linker writes. */
export const BUILD_ID_MAX_BYTES = 1020;

export interface CompileInfo {
  readonly compiler: string;
  readonly compileBy: string;
  readonly compileDomain: string;
  readonly compileDate: string;
}

export const compileInfoLayout = new StructLayout<CompileInfo>('xen_compile_info', [
  text('compiler', 64),
  text('compileBy', 16),
  text('compileDomain', 32),
  text('compileDate', 32),
]);

export const platformParametersLayout = new StructLayout<{ virtStart: bigint }>('xen_platform_parameters', [
  u64('virtStart'),
]);

export const featureInfoLayout = new StructLayout<{ index: number; bits: number }>('xen_feature_info', [
  u32('index'),
  u32('bits'),
]);
