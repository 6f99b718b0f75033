import '../jitlessSchemas.ts';
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import { problemsSchema } from '../../launching/runFileSchemas.ts';
import type { ToolAnswer, ToolRequest } from '../../protocol/agents.ts';

const agentText = z.object({ label: z.string(), values: z.array(z.string()) });

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('done'),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    whole: z.string().nullable(),
  }),
  z.object({ kind: z.literal('refused'), text: z.string(), problems: problemsSchema }),
  z.object({
    kind: z.literal('confirmation'),
    confirmation: z.object({ title: agentText, sentences: z.array(agentText) }),
  }),
]) satisfies z.ZodType<ToolAnswer>;

/**
 * Has a process of its own do a tool: what it opens never touches the extension host.
 *
 * @param program path of the bundled child process
 * @param signal ends the process; a run that it started goes on
 * @throws DistilleryError `CANCELLED` when the signal aborts, `INTERNAL` when the process gives no answer
 */
export async function askTool(program: string, request: ToolRequest, signal: AbortSignal): Promise<ToolAnswer> {
  const child = spawn(process.execPath, [program, '--tool'], {
    cwd: dirname(program),
    windowsHide: true,
    signal,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
  });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.stdin.once('error', reject);
  });
  child.stdin.end(JSON.stringify(request));
  try {
    const [said, complaint] = await Promise.race([Promise.all([text(child.stdout), text(child.stderr)]), failed]);
    const parsed = answerSchema.safeParse(jsonOrNothing(said));
    if (parsed.success) return parsed.data;
    throw new DistilleryError('INTERNAL', `'${request.tool}' gave no answer.`, {
      ...(complaint.trim() !== '' && { hint: complaint.trim() }),
    });
  } catch (error) {
    if (signal.aborted) throw new DistilleryError('CANCELLED', `'${request.tool}' was cancelled.`, { cause: error });
    throw error;
  }
}

function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
