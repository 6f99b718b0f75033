import type { Problem } from '../errors.ts';
import { painted, type Output } from './terminal.ts';

/** Lists all problems of something under its name: where each is, what it is, and below it what would be right. */
export function listProblems(subject: string, problems: readonly Problem[], output: Output): string {
  const heading = problems.length === 1 ? `${subject} has a problem:` : `${subject} has ${problems.length} problems:`;
  const width = Math.max(...problems.map((problem) => problem.where.length));
  // A long path gets a line of its own rather than squeezing every message into the right half.
  const indent = width <= output.columns / 3 ? width + 4 : 4;
  const lines = problems.flatMap(({ where, message, hint }) => {
    const gap = indent - where.length - 2 >= 2 ? ' '.repeat(indent - where.length - 2) : `\n${' '.repeat(indent)}`;
    const location = painted(output, 'bold', where);
    const remedy = hint === undefined ? [] : [`${' '.repeat(indent)}${painted(output, 'dim', hint)}`];
    return [`  ${location}${gap}${message}`, ...remedy];
  });
  return `${[painted(output, 'red', heading), ...lines].join('\n')}\n`;
}
