/**
 * What fields are called where there is little room: the end of each path, as long as it has to be for no two to be called the same, such as
 * `learningRate` for `training.learningRate`.
 */
export function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path, shortName(path, paths)]));
}

function shortName(path: string, paths: readonly string[]): string {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++) {
    const end = parts.slice(-length).join('.');
    if (paths.every((other) => other === path || !`.${other}`.endsWith(`.${end}`))) return end;
  }
  return path;
}
