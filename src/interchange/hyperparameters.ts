/** The value of a hyperparameter, as dashboards take it. */
export type HyperparameterValue = number | string | boolean;

/**
 * The fields of an experiment as a flat list for dashboards: names are paths such as `training.learningRate` or `objective.0.loss`;
 * lists of numbers and words are one text, and what is null is the text `null`.
 */
export function hyperparametersOf(experiment: object): ReadonlyMap<string, HyperparameterValue> {
  const found = new Map<string, HyperparameterValue>();
  const collect = (path: string, value: unknown): void => {
    if (value === undefined) return;
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') found.set(path, value);
    else if (typeof value !== 'object' || value === null) found.set(path, 'null');
    else if (Array.isArray(value) && value.every((element) => typeof element !== 'object')) {
      found.set(path, value.join(' '));
    } else {
      for (const [name, field] of Object.entries(value)) collect(path === '' ? name : `${path}.${name}`, field);
    }
  };
  collect('', experiment);
  found.delete('$schema');
  return found;
}
