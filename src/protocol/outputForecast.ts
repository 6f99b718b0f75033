import type { Problem } from '../errors.ts';

/** What the outputs of an experiment's teachers will take. */
export interface OutputSizes {
  /** Bytes on the disk, and those of them that an earlier run has left; 0 where nothing is kept. */
  readonly stored: number;
  readonly there: number;
  /** Bytes of what is trained with, and where that is; null where the teachers are asked at every step. */
  readonly held: { readonly where: 'in-memory' | 'on-disk'; readonly bytes: number } | null;
}

/** What the child process answers when it is asked for the sizes: null where the losses have problems, or a teacher is trained first. */
export type OutputsAnswer =
  | { readonly kind: 'foreseen'; readonly sizes: OutputSizes | null }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };
