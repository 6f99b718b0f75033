/**
 * `running`: a process of this machine is at it; `elsewhere`: one of another machine; `stopped`: a person stopped it;
 * `interrupted`: its process is gone without a word.
 */
export type SearchState = 'running' | 'elsewhere' | 'finished' | 'stopped' | 'interrupted';

/** What the thread that draws searches is asked, and what it is given once, when it starts. */
export interface SearchQuestion {
  readonly folder: string;
}
export interface SearchThreadData {
  /** Texts by their English. */
  readonly translations: Readonly<Record<string, string>>;
}

/** A search as its folder has it, drawn. */
export interface SearchDrawing {
  readonly name: string;
  /** What is looked for and how its trials ended, and why it ended where that is not that they are all done; in the person's language. */
  readonly goes: string;
  readonly ended: string;
  /** Trials by how they ended. */
  readonly counts: Readonly<Record<'finished' | 'paused' | 'refused' | 'failed', number>>;
  /** Trials that there are to be, at most; 0 where that is not known. */
  readonly mostTrials: number;
  /** Numbers of trials that began and have not ended. */
  readonly open: readonly number[];
  /** Seconds that it took until its latest trial ended, all its parts together. */
  readonly seconds: number;
  /** Milliseconds since 1970 from which on further time counts while it goes on. */
  readonly countedAt: number;
  /** Number and figures of the best trial; null while none has finished. */
  readonly best: { readonly trial: number; readonly figures: string } | null;
  /** The folders of trials, by their number, from that of the search on. */
  readonly folders: Readonly<Record<string, string>>;
  /** Markup of drawings and tables; what leads to a trial has the address `#trial-` with its number. */
  readonly body: string;
}

/** `none`: nothing is known of it yet. */
export type SearchAnswer =
  | { readonly kind: 'drawing'; readonly drawing: SearchDrawing }
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly message: string };

/** What the host tells the page of a search. */
export type SearchHostMessage =
  | { readonly kind: 'init'; readonly translations: Readonly<Record<string, string>>; readonly folder: string }
  | {
      readonly kind: 'search';
      readonly state: SearchState;
      readonly isStopping: boolean;
      readonly mayResume: boolean;
      readonly name: string;
      readonly answer: SearchAnswer;
      /** The end of what its process told; empty unless it was interrupted. */
      readonly log: string;
    };

/** What the page of a search asks its host for. */
export type SearchPageMessage =
  | { readonly kind: 'ready' | 'stop' | 'resume' | 'reveal' }
  | { readonly kind: 'openTrial'; readonly trial: number };
