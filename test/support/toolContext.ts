import type { ToolContext } from '../../src/agents/tool.ts';
import { trainerProgram } from '../../src/agents/trainerProgram.ts';
import { Workspace } from '../../src/agents/workspace.ts';

/** What tools are called with in a folder; the programs that they start run from their sources. */
export function toolContext(folder: string, changes: Partial<ToolContext> = {}): ToolContext {
  return {
    workspace: new Workspace(folder),
    trainer: trainerProgram(new URL('here.ts', import.meta.url).href),
    orphanMinutes: Infinity,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changes,
  };
}
