import type { FieldPath } from './fieldPath.ts';

/** A condition: another parameter of the space has one of the values, given as JSON. */
export interface Condition {
  readonly name: string;
  readonly values: ReadonlySet<string>;
}

interface Named {
  /** The path as the file has it. */
  readonly name: string;
  readonly path: FieldPath;
  /** It is searched only where all of these hold. */
  readonly conditions: readonly Condition[];
}

/** A field that takes one of several values, of any kind. */
export interface ChoiceParameter extends Named {
  readonly kind: 'choice';
  readonly choices: readonly unknown[];
}

/** A field that takes a number of an interval. */
export interface NumberParameter extends Named {
  readonly kind: 'number';
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
  /** Distance of the values from each other; undefined where any number will do. */
  readonly step: number | undefined;
}

/** A field of the experiment that is searched. */
export type Parameter = ChoiceParameter | NumberParameter;

/** What is searched, each parameter after those that its conditions name. */
export type Space = readonly Parameter[];

/**
 * A point of a space, by parameter: the number itself, or the index of the choice. What is not searched under the point's other
 * values is missing.
 */
export type Point = Readonly<Record<string, number>>;

/** The value that a parameter's number stands for. */
export function valueOf(parameter: Parameter, number: number): unknown {
  return parameter.kind === 'choice' ? parameter.choices[number] : number;
}

/** Whether a parameter is searched, with the others as they are. */
export function isSearched({ conditions }: Parameter, space: Space, point: Point): boolean {
  return conditions.every(({ name, values }) => {
    const other = space.find((parameter) => parameter.name === name);
    const number = point[name];
    return other !== undefined && number !== undefined && values.has(JSON.stringify(valueOf(other, number)));
  });
}

/** Two points are the same where these are. */
export function keyOf(point: Point): string {
  return JSON.stringify(Object.entries(point).sort(([one], [other]) => (one < other ? -1 : 1)));
}
