import type { Problem } from '../errors.ts';

/** What a host asks of the child process, one JSON object per line on its socket. */
export type TrainerRequest =
  | {
      readonly kind: 'run';
      /** Parsed contents of the experiment file; the child validates it. */
      readonly experiment: unknown;
      /** Folder that relative paths of the experiment start from. */
      readonly baseDirectory: string;
      /** Run folder to write. */
      readonly folder: string;
      /** Bytes that what teachers and extractors say of the samples may take; by default a share of what there is. */
      readonly memory?: number;
      /** Of `report.html`, as VS Code names languages; English by default. */
      readonly language?: string;
    }
  | {
      readonly kind: 'resume';
      /** Folder of the run that goes on. */
      readonly folder: string;
      /** As above. */
      readonly memory?: number;
      readonly language?: string;
    }
  /** Wait at the next step, and go on from there. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'cancel' };

/** A request with which a child process begins its work. */
export type RunRequest = Extract<TrainerRequest, { kind: 'run' | 'resume' }>;

/** How a run ended. Its results are in the run folder; a refused experiment leaves none, so its problems travel here. */
export type TrainerOutcome =
  | { readonly state: 'finished' | 'cancelled' }
  | { readonly state: 'failed'; readonly problems: readonly Problem[] };

/** What the child tells every connected host, one JSON object per line. Progress is read from the run folder instead. */
export type TrainerMessage = { readonly kind: 'ready' } | { readonly kind: 'ended'; readonly outcome: TrainerOutcome };
