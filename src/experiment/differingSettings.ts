/** A setting that is not the same in all runs; null in a run whose file does not name it. */
export interface DifferingSetting {
  /** Where it stands in the experiment file, such as `training.epochs`. */
  readonly path: string;
  /** As JSON, in the order of the runs. */
  readonly values: readonly (string | null)[];
}

/**
 * The settings in which experiments differ, by their path. What they are called is no setting. Of a part that some experiments lack as a whole,
 * such as `quantization`, only that is told which decides something: what the others do not have in common, and what is switched on.
 */
export function differingSettings(experiments: readonly object[]): readonly DifferingSetting[] {
  const flat = experiments.map((experiment) => new Map(settingsOf(experiment, '')));
  const paths = [...new Set(flat.flatMap((settings) => [...settings.keys()]))].filter((path) => path !== 'name');
  return paths
    .map((path) => ({ path, values: flat.map((settings) => settings.get(path) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1)
    .filter((setting) => !isOfLackingPart(setting, flat) || decidesSomething(setting))
    .sort((one, other) => one.path.localeCompare(other.path));
}

/** Whether some experiments lack the part that a setting belongs to. */
function isOfLackingPart({ path }: DifferingSetting, flat: readonly ReadonlyMap<string, string>[]): boolean {
  const part = path.slice(0, path.lastIndexOf('.') + 1);
  // An item of a list is told as a whole.
  if (part === '' || part.endsWith('].')) return false;
  return flat.some((settings) => [...settings.keys()].every((other) => !other.startsWith(part)));
}

function decidesSomething({ values }: DifferingSetting): boolean {
  const given = new Set(values.filter((value) => value !== null));
  return given.size > 1 || given.has('true');
}

/** Fields with their values; lists of plain values are one value, so that `[64, 32]` is not two settings. */
function settingsOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
    return value.flatMap((item: unknown, index) => settingsOf(item, `${path}[${index}]`));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, item]) => settingsOf(item, path === '' ? key : `${path}.${key}`));
  }
  return [[path, JSON.stringify(value)]];
}
