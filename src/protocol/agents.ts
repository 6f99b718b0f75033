import type { Problem } from '../errors.ts';

/** A text that a person reads, by its English text with {0}, {1}… for values; the editor translates it. */
export interface AgentText {
  readonly label: string;
  readonly values: readonly string[];
}

/** What a person is asked before a tool writes anything. */
export interface Confirmation {
  readonly title: AgentText;
  /** What is written where, and about how long it takes, a sentence each. */
  readonly sentences: readonly AgentText[];
}

/**
 * What tools may do: everything; nothing that writes files, or starts and stops processes; or, in a workspace that nobody trusts, only
 * what reads text and structure, and runs no network and decodes no data of it.
 */
export type ToolAccess = 'all' | 'read-only' | 'untrusted';

/** What an editor asks of the process that does the tools, as JSON on its standard input. */
export interface ToolRequest {
  readonly kind: 'call' | 'confirm';
  /** Name of the tool. */
  readonly tool: string;
  /** As the language model gave it; the tool checks it. */
  readonly input: unknown;
  /** The folder that nothing leaves. */
  readonly folder: string;
  readonly access: ToolAccess;
  /** How long a run that is started goes on when no window is connected to it. */
  readonly orphanMinutes: number;
}

/** What that process prints. */
export type ToolAnswer =
  | {
      readonly kind: 'done';
      /** Short enough to be read whole. */
      readonly text: string;
      readonly data: Readonly<Record<string, unknown>>;
      /** Path of the file or folder that has everything; null where the answer is everything. */
      readonly whole: string | null;
    }
  | { readonly kind: 'refused'; readonly text: string; readonly problems: readonly Problem[] }
  | { readonly kind: 'confirmation'; readonly confirmation: Confirmation };
