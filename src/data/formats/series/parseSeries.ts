import type { Problem } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';

/** Time series of one file, as they are written. */
export interface SeriesFile {
  /** For each sample its channels; NaN is a missing value. */
  readonly samples: readonly (readonly Float32Array[])[];
  /** Classes, or numbers to predict. */
  readonly labels: readonly string[];
  /** Whether the labels are numbers to predict. */
  readonly hasNumbers: boolean;
}

/**
 * Reads a `.ts` file of the UEA archive: tags that begin with @, then for each line the channels, separated by colons, and the class, or
 * the number to predict (`@targetLabel true`, as in the archive of Tan et al., arXiv 2006.10996).
 *
 * @param problems is added what is wrong, with the lines
 */
export function parseTs(text: string, file: string, problems: Problem[]): SeriesFile {
  const samples: Float32Array[][] = [];
  const labels: string[] = [];
  let hasData = false;
  let hasClasses = true;
  let hasNumbers = false;
  const named = new Set<string>();
  let dimensions: number | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const where = `Line ${index + 1} of ${file}`;
    if (line === '' || line.startsWith('#')) continue;
    if (!hasData) {
      const [tag = '', first = ''] = line.toLowerCase().split(/\s+/);
      if (tag === '@data') hasData = true;
      else if (tag === '@classlabel') {
        hasClasses = first !== 'false';
        for (const name of line.split(/\s+/).slice(2)) named.add(plainClass(name));
      } else if (tag === '@targetlabel') hasNumbers = first !== 'false';
      else if (tag === '@timestamps' && first === 'true') {
        problems.push(
          pathProblem(`${where}: series with time stamps cannot be read.`, 'Write the values alone, at even times.'),
        );
        return { samples: [], labels: [], hasNumbers };
      } else if (tag === '@dimensions' && /^\d+$/.test(first)) dimensions = Number(first);
      continue;
    }
    if (!hasClasses && !hasNumbers) continue;
    const parts = line.split(':');
    const label = parts.pop()?.trim() ?? '';
    const channels = parts.map((part) => Float32Array.from(part.split(','), numberOf));
    if (parts.length === 0 || label === '') problems.push(pathProblem(`${where} has no class after its last colon.`));
    else if (parts.some((part) => part.trim() === ''))
      problems.push(pathProblem(`${where} has a channel without values.`));
    else if (!hasNumbers && named.size > 0 && !named.has(plainClass(label)))
      problems.push(
        pathProblem(
          `${where} has the class '${label}', which @classLabel does not name.`,
          'Mend the line, or name the class behind @classLabel true.',
        ),
      );
    else if (hasNumbers && !Number.isFinite(Number(label)))
      problems.push(pathProblem(`${where} has '${label}' after its last colon, which is no number.`));
    else if (dimensions !== undefined && channels.length !== dimensions)
      problems.push(pathProblem(`${where} has ${channels.length} channels instead of ${dimensions}.`));
    else {
      samples.push(channels);
      labels.push(label);
    }
  }
  if (!hasData) problems.push(pathProblem(`${file} has no line @data.`, 'Write the series after a line @data.'));
  else if (!hasClasses && !hasNumbers) {
    problems.push(
      pathProblem(
        `${file} has no classes (@classLabel false).`,
        'Write the class of every series after its last colon.',
      ),
    );
  }
  return { samples, labels, hasNumbers };
}

/** A class as it is compared: 1 and 1.0 are the same. */
function plainClass(name: string): string {
  return Number.isFinite(Number(name)) ? String(Number(name)) : name;
}

/** Reads a file of the UCR archive: the class, then the values of one channel, separated by tabs, commas or spaces. */
export function parseUcr(text: string, file: string, problems: Problem[]): SeriesFile {
  const samples: Float32Array[][] = [];
  const labels: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const [label = '', ...values] = line.split(/[\t,]|\s+/).filter((cell) => cell !== '');
    if (values.length < 2) problems.push(pathProblem(`Line ${index + 1} of ${file} has no series after its class.`));
    else {
      // The archive's older files write classes as 1.0000000e+00.
      labels.push(/^[-+\d.eE]+$/.test(label) ? String(Number(label)) : label);
      samples.push([Float32Array.from(values, numberOf)]);
    }
  }
  return { samples, labels, hasNumbers: false };
}

/** A number, or NaN for what is missing (`?`, `NaN`); any other text is NaN too, and is told with them. */
function numberOf(text: string): number {
  const value = text.trim();
  return value === '' ? NaN : Number(value);
}
