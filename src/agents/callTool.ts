import * as z from 'zod';
import { DistilleryError, problemsOfError, type ErrorCode, type Problem } from '../errors.ts';
import { explainIssues } from '../experiment/explainIssues.ts';
import { listed, nearest } from '../experiment/suggest.ts';
import type { ToolAccess, ToolAnswer } from '../protocol/agents.ts';
import { inputSchema } from './inputSchema.ts';
import type { AgentTool, ToolContext } from './tool.ts';
import { agentTools } from './tools.ts';
import { problemLine } from './wording.ts';

/** Characters of an answer: about a page, which a language model reads whole. */
const MOST_CHARACTERS = 4000;

export interface Call {
  readonly tool: string;
  readonly input: unknown;
  readonly access: ToolAccess;
}

/** Calls a tool by its name. Whatever goes wrong is an answer: what, where, and what to do next. */
export async function callTool({ tool: name, input, access }: Call, context: ToolContext): Promise<ToolAnswer> {
  try {
    const { text, data, whole } = await findTool(name, access).run(input, context);
    return { kind: 'done', text: shortened(text, whole), data: whole === null ? data : { ...data, whole }, whole };
  } catch (error) {
    return refuse(name, error, input);
  }
}

/** What a person is to confirm before a tool is called; a refusal where it cannot be called like that. */
export async function confirmCall({ tool: name, input, access }: Call, context: ToolContext): Promise<ToolAnswer> {
  try {
    const confirmation = await findTool(name, access).confirm(input, context);
    if (confirmation) return { kind: 'confirmation', confirmation };
    return { kind: 'done', text: 'It only reads.', data: {}, whole: null };
  } catch (error) {
    return refuse(name, error, input);
  }
}

function findTool(name: string, access: ToolAccess): AgentTool {
  const tool = agentTools.find((candidate) => candidate.name === name);
  if (!tool) {
    const names = agentTools.map((each) => each.name);
    const suggestion = nearest(name, names);
    throw new DistilleryError('BAD_INPUT', `There is no tool '${name}'.`, {
      hint: `${suggestion === undefined ? '' : `Did you mean '${suggestion}'? `}Tools: ${listed(names)}.`,
    });
  }
  if (isAllowed(tool, access)) return tool;
  const allowed = agentTools.filter((each) => isAllowed(each, access)).map((each) => each.name);
  const [why, way] =
    access === 'untrusted'
      ? ['the workspace is not trusted, so that only text and structure are read', 'trust the workspace']
      : ['only reading is allowed here', 'start the server without --read-only'];
  const effect = tool.effect === 'writes' ? 'writes' : 'runs networks or decodes data';
  throw new DistilleryError('BAD_INPUT', `'${name}' ${effect}, and ${why}.`, {
    hint: `Ask the person to ${way}. These can be called: ${listed(allowed)}.`,
  });
}

/** Whether a tool may be called. */
export function isAllowed({ effect }: AgentTool, access: ToolAccess): boolean {
  switch (access) {
    case 'all':
      return true;
    case 'read-only':
      return effect !== 'writes';
    case 'untrusted':
      return effect === 'reads';
  }
}

function refuse(tool: string, error: unknown, input: unknown): ToolAnswer {
  const problems = problemsOf(tool, error, input);
  const code = error instanceof DistilleryError ? error.code : 'INTERNAL';
  const lines = problems.map((problem) => `- ${problemLine(problem)}`);
  const hasHint = problems.some(({ hint }) => hint !== undefined);
  const next = hasHint
    ? []
    : [`Next: ${error instanceof z.ZodError ? 'call it again with what it takes.' : nextAfter[code]}`];
  return { kind: 'refused', text: shortened([`${tool} was refused.`, ...lines, ...next].join('\n'), null), problems };
}

function problemsOf(tool: string, error: unknown, input: unknown): readonly Problem[] {
  const called = agentTools.find(({ name }) => name === tool);
  if (error instanceof z.ZodError && called) {
    const problems = explainIssues(error.issues, input, inputSchema(called));
    return problems.map(({ where, path, message, hint }) => ({
      where: path.length === 0 ? 'input' : where,
      message,
      ...(hint !== undefined && { hint }),
    }));
  }
  return problemsOfError(error, tool);
}

/** What to do about an error that does not say. */
const nextAfter: Readonly<Record<ErrorCode, string>> = {
  BAD_INPUT: 'change what is named and call it again.',
  FILE_NOT_FOUND: 'name a file that is there; list_runs names runs.',
  BAD_FILE: 'look at that file, or name another one.',
  UNSUPPORTED: 'take another model or other data; inspect_model and inspect_dataset tell what can be used.',
  DEVICE: 'set "device": "cpu" in the experiment and start it again.',
  CANCELLED: 'call it again if it is still wanted.',
  DIVERGED: 'start it again with a smaller learning rate or a larger batch.',
  TRAINING: 'follow_run tells what the log says; when that is mended, the run can be resumed.',
  INTERNAL: 'tell the person: this is an error of Distillery.',
};

function shortened(text: string, whole: string | null): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const cut = text.slice(0, MOST_CHARACTERS);
  const end = cut.lastIndexOf('\n');
  return `${cut.slice(0, end > 0 ? end : MOST_CHARACTERS)}\n… cut here.${whole === null ? '' : ` The whole is in ${whole}.`}`;
}
