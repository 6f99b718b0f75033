import type * as z from 'zod';
import type { Confirmation } from '../protocol/agents.ts';
import type { Workspace } from './workspace.ts';

/** How a program of ours is started: arguments of Node.js. */
export type Program = readonly string[];

/** What a tool is called with beside its input. */
export interface ToolContext {
  /** The folder that nothing leaves. */
  readonly workspace: Workspace;
  /** The program that trains and searches; see `src/trainer/`. */
  readonly trainer: Program;
  /** How many minutes a run that is started goes on when no window is connected; `Infinity` where there is no window. */
  readonly orphanMinutes: number;
  readonly signal: AbortSignal;
  /** Takes a sentence on how it goes, while it goes. */
  readonly onProgress: (done: number, sentence: string) => void;
}

/** What a tool came to. */
export interface ToolResult {
  /** For the language model, short enough to be read whole. */
  readonly text: string;
  /** The same for programs. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Path of the file or folder that has everything; null where the text is everything. */
  readonly whole: string | null;
}

/** What a tool is made of. */
interface ToolDefinition<Input> {
  /** verb_noun. */
  readonly name: string;
  readonly title: string;
  /** What it does and when it is the right one, for the language model: 300 characters at most. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Whether it runs networks or decodes data, which is nothing for a workspace that nobody trusts. */
  readonly opens?: boolean;
  /** What a person is asked before it is done; a tool that only reads has none. */
  readonly confirm?: (input: Input, context: ToolContext) => Promise<Confirmation>;
  /** @throws DistilleryError what is wrong, with what would be right as its hint */
  readonly run: (input: Input, context: ToolContext) => Promise<ToolResult>;
}

/** A tool that language models may call, whatever they are connected by. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodType;
  /** What it does to a workspace: `writes` files, or starts and ends processes; `opens` data and networks; only `reads`. */
  readonly effect: 'reads' | 'opens' | 'writes';
  /** @throws ZodError when the input is not what the tool takes */
  readonly confirm: (input: unknown, context: ToolContext) => Promise<Confirmation | undefined>;
  /** @throws ZodError when the input is not what the tool takes */
  readonly run: (input: unknown, context: ToolContext) => Promise<ToolResult>;
}

/** A tool that checks its input before it is asked for anything. */
export function defineTool<Input>(definition: ToolDefinition<Input>): AgentTool {
  const { input: schema, confirm, run, opens = false, ...words } = definition;
  return {
    ...words,
    input: schema,
    effect: confirm ? 'writes' : opens ? 'opens' : 'reads',
    confirm: async (input, context) => confirm?.(schema.parse(input), context),
    run: async (input, context) => run(schema.parse(input), context),
  };
}
