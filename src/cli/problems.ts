import type { LocatedProblem } from './locateProblems.ts';
import { painted, type Output } from './terminal.ts';

/** Lists all problems of something under its name: where each is, what it is, and below it what would be right. */
export function listProblems(subject: string, problems: readonly LocatedProblem[], output: Output): string {
  const heading = problems.length === 1 ? `${subject} has a problem:` : `${subject} has ${problems.length} problems:`;
  const width = Math.max(...problems.map((problem) => problem.where.length));
  // A long path gets a line of its own rather than squeezing every message into the right half.
  const indent = width <= output.columns / 3 ? width + 4 : 4;
  const lines = problems.flatMap(({ where, message, hint, ...place }) => {
    const gap = indent - where.length - 2 >= 2 ? ' '.repeat(indent - where.length - 2) : `\n${' '.repeat(indent)}`;
    const location = painted(output, 'bold', where);
    const remedy = hint === undefined ? [] : [`${' '.repeat(indent)}${painted(output, 'dim', hint)}`];
    return [`  ${location}${gap}${message}${placeOf(place, output)}`, ...remedy];
  });
  return `${[painted(output, 'red', heading), ...lines].join('\n')}\n`;
}

/** Where editors and the terminal of VS Code jump to when it is clicked. */
function placeOf({ file, line, column }: Omit<LocatedProblem, 'where' | 'message'>, output: Output): string {
  if (file === undefined || line === undefined || column === undefined) return '';
  return painted(output, 'dim', ` (${file}:${line}:${column})`);
}
