import { parseArgs, type ParseArgsConfig } from 'node:util';
import { BadInputError, type Problem } from '../errors.ts';
import { nearest } from '../experiment/suggest.ts';
import { helpOption, type Command, type GivenArguments, type OptionDefinition } from './command.ts';

type Token = NonNullable<ReturnType<typeof parseArgs<ParseArgsConfig & { tokens: true }>>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/**
 * Reads the arguments of a command.
 *
 * @param directory folder that relative paths start from
 * @throws BadInputError with every problem of the command line
 */
export function parseArguments(command: Command, args: readonly string[], directory: string): GivenArguments {
  const definitions = [...command.options, helpOption];
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      definitions.map(({ name, value }) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(name === 'help' ? { short: 'h' } : {}) } as const,
      ]),
    ),
  });
  const switches = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const definition = definitions.find(({ name }) => name === token.name);
    const problem = definition
      ? problemOfOption(definition, token, directory)
      : unknownOption(command, definitions, token);
    if (problem) problems.push(problem);
    else if (token.value === undefined) switches.add(token.name);
    else values.set(token.name, token.value);
  }
  if (switches.has(helpOption.name)) return { operand: operands[0], operands, switches, values };
  problems.push(...problemsOfOperands(command, operands, directory));
  if (problems.length > 0) throw new BadInputError(problems);
  return { operand: operands[0], operands, switches, values };
}

function problemOfOption(
  { name, value, check }: OptionDefinition,
  token: OptionToken,
  directory: string,
): Problem | undefined {
  const where = `--${name}`;
  if (value === undefined) {
    return token.value === undefined ? undefined : { where, message: `takes no value (found '${token.value}')` };
  }
  if (token.value === undefined || (/^-\D/.test(token.value) && !token.inlineValue)) {
    return { where, message: 'needs a value', hint: `Write ${where} ${value}.` };
  }
  if (token.value === '') return { where, message: 'must not be empty', hint: `Write ${where} ${value}.` };
  const problem = check?.(token.value, directory);
  return problem && { where, ...problem };
}

function unknownOption(command: Command, definitions: readonly OptionDefinition[], token: OptionToken): Problem {
  const names = definitions.map(({ name }) => name);
  const suggestion = nearest(token.name, names);
  const meant = suggestion === undefined ? '' : `; did you mean --${suggestion}?`;
  return {
    where: token.rawName,
    message: `is not an option of '${command.name}'${meant}`,
    hint: `Options: ${names.map((name) => `--${name}`).join(', ')}.`,
  };
}

function problemsOfOperands(command: Command, operands: readonly string[], directory: string): readonly Problem[] {
  const { operand, name } = command;
  const [given, ...surplus] = operands;
  // An empty word would stand for the folder that the command is called in.
  if (operand && operands.includes('')) {
    return [{ where: operand.name, message: 'must not be empty', hint: operand.description }];
  }
  if (!operand) return operands.map((where) => ({ where, message: `is too much: '${name}' takes only options` }));
  if (operand.isList === true) {
    return operands.length === 0
      ? [{ where: operand.name, message: `is missing: ${operand.description}` }]
      : operands.flatMap((where, index) => {
          const problem = (index === 0 && operand.first ? operand.first : operand.check)(where, directory);
          return problem ? [{ where, ...problem }] : [];
        });
  }
  const tooMany = surplus.map((where) => ({ where, message: `is too much: '${name}' takes one ${operand.name}` }));
  if (given === undefined) {
    return operand.isRequired ? [{ where: operand.name, message: `is missing: ${operand.description}` }] : [];
  }
  const problem = operand.check(given, directory);
  return problem ? [{ where: given, ...problem }, ...tooMany] : tooMany;
}
