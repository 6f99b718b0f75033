import { experimentJsonSchema } from '../experiment/jsonSchema.ts';
import type { Command } from './command.ts';
import { exitCode } from './terminal.ts';

/** `distillery schema` */
export const schemaCommand: Command = {
  name: 'schema',
  summary: 'Print the JSON schema of experiment files.',
  details: 'Editors complete and check *.distill.json files with it.',
  options: [],
  run: (_given, terminal) => {
    terminal.out.write(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
    return Promise.resolve(exitCode.success);
  },
};
