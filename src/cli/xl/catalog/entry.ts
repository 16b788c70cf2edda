/** What the C tool (4.17) says about a sub-command: scripts and people know it. */
export interface CatalogEntry {
  readonly name: string;
  /** Behind the name in the usage line. */
  readonly usage?: string;
  readonly summary: string;
  readonly options?: string;
  /** Takes the global option `-f`. */
  readonly isModifying?: boolean;
  /** Takes the global option `-N`. */
  readonly hasDryRun?: boolean;
}
