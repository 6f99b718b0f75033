import { readFile } from 'node:fs/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { GetPromptResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { packagedFile } from '../../platform/packageFiles.ts';

/** How to distil well, for agents: the same that editors show as a skill. */
const SKILL = 'media/skills/distil-a-model/SKILL.md';

/** Offers prompts for what people mostly want. */
export function registerPrompts(server: McpServer): void {
  server.registerPrompt(
    'distil_model',
    {
      title: 'Distil a model',
      description: 'From a model and a folder of data to a small student and a comparison.',
      argsSchema: {
        model: z.string().describe('Path of the teacher, an .onnx file.'),
        data: z.string().describe('Folder or file of the data.'),
        goal: z.string().optional().describe('How small, fast or accurate the student must be.'),
      },
    },
    async ({ model, data, goal }) =>
      asPrompt(
        `Distil the teacher '${model}' into a small student with the data in '${data}'.${goal === undefined ? '' : ` The goal: ${goal}.`} ` +
          'Go through the steps below and tell me what you find at each.',
        await skill(),
      ),
  );
  server.registerPrompt(
    'improve_student',
    {
      title: 'Improve a student',
      description: 'Reads the report of a run and tries what it advises.',
      argsSchema: { run: z.string().describe('Id of the run.') },
    },
    async ({ run }) =>
      asPrompt(
        `Read the report of the run '${run}', look at the samples on which student and teacher differ most, and try the one change that ` +
          'promises most. Compare the two runs and tell me whether the difference is beyond chance.',
        await skill(),
      ),
  );
}

/** Without its front matter, which is for editors. */
async function skill(): Promise<string> {
  const text = await readFile(packagedFile(SKILL), 'utf8');
  return text.replace(/^---\n[\s\S]*?\n---\n/, '').trim();
}

function asPrompt(wish: string, steps: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text: `${wish}\n\n${steps}` } }] };
}
