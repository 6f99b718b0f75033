import * as z from 'zod';
import type { AgentTool } from './tool.ts';

/** The JSON schema of what a tool takes, as the protocol and editors want it: what has a default is optional. */
export function inputSchema({ input }: AgentTool): { readonly type: 'object'; readonly [key: string]: unknown } {
  const schema = z.toJSONSchema(input, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // Language models' interfaces refuse what few know; it says nothing here.
      delete jsonSchema.propertyNames;
      if (typeof jsonSchema.additionalProperties === 'object') jsonSchema.additionalProperties = true;
    },
  });
  delete schema.$schema;
  return { ...schema, type: 'object' };
}
