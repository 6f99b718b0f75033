import { experimentJsonSchema } from '../../experiment/jsonSchema.ts';
import { oneOf } from '../checks.ts';
import type { Command } from '../command.ts';
import { commandOutputs, outputJsonSchema, outputNames } from '../outputs/commandOutputs.ts';
import { exitCode } from '../terminal.ts';

const EXPERIMENT = 'experiment';

/** `distillery schema [WHAT]` */
export const schemaCommand: Command = {
  name: 'schema',
  summary: 'Print the JSON schema of experiment files, or of what a command prints with --json.',
  details: `WHAT is '${EXPERIMENT}', the default, with which editors complete and check *.distill.json files, or one of: ${outputNames.join(', ')}.`,
  operand: {
    name: 'WHAT',
    isRequired: false,
    description: 'What the schema is of.',
    check: oneOf('something that has a schema', [EXPERIMENT, ...outputNames]),
  },
  options: [],
  run: ({ operand = EXPERIMENT }, terminal) => {
    const schema = isOutput(operand) ? outputJsonSchema(operand) : experimentJsonSchema();
    terminal.out.write(`${JSON.stringify(schema, null, 2)}\n`);
    return Promise.resolve(exitCode.success);
  },
};

function isOutput(name: string): name is keyof typeof commandOutputs {
  return Object.hasOwn(commandOutputs, name);
}
