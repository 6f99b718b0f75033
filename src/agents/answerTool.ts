import * as z from 'zod';
import type { ToolAnswer, ToolRequest } from '../protocol/agents.ts';
import { callTool, confirmCall } from './callTool.ts';
import type { Program } from './tool.ts';
import { Workspace } from './workspace.ts';

const requestSchema = z.object({
  kind: z.enum(['call', 'confirm']),
  tool: z.string(),
  input: z.unknown(),
  folder: z.string(),
  access: z.enum(['all', 'read-only', 'untrusted']),
  orphanMinutes: z.number(),
}) satisfies z.ZodType<ToolRequest>;

/**
 * Does one tool for an editor.
 *
 * @param question JSON of a `ToolRequest`
 * @param trainer the program that trains and searches
 */
export function answerTool(question: string, signal: AbortSignal, trainer: Program): Promise<ToolAnswer> {
  const { kind, folder, orphanMinutes, ...call } = requestSchema.parse(JSON.parse(question));
  const context = { workspace: new Workspace(folder), trainer, orphanMinutes, signal, onProgress: () => undefined };
  return kind === 'call' ? callTool(call, context) : confirmCall(call, context);
}
