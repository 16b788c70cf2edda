import type { FolderEntry, PickerDialog } from './dialog';

/** Folder above, folders, then files; of configs only .cell files are offered. Hidden ones are not. */
export function pickerEntries({ entries, purpose }: PickerDialog): FolderEntry[] {
  const wanted = (entries ?? []).filter(
    ({ name, isFolder }) => !name.startsWith('.') && (isFolder || purpose.kind === 'load' || name.endsWith('.cell')),
  );
  const sorted = wanted.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
  return [{ name: '..', isFolder: true, sizeBytes: 0 }, ...sorted];
}
