import type { RunEvent } from './events.ts';

/** What the host asks of the child process. */
export type TrainerRequest =
  | {
      readonly kind: 'run';
      /** Parsed contents of the experiment file; the child validates it. */
      readonly experiment: unknown;
      /** Folder that relative paths of the experiment start from. */
      readonly baseDirectory: string;
      /** Run folder to write, created by the child. */
      readonly folder: string;
    }
  | { readonly kind: 'cancel' };

/** What the child tells the host. The last event of a run is `finished`, `cancelled` or `failed`. */
export type TrainerMessage = { readonly kind: 'ready' } | { readonly kind: 'event'; readonly event: RunEvent };
