/**
 * The files of a run's folder, by path in the workspace.
 *
 * @param contents what is written as JSON, by the name of its file
 * @param texts what is written as it is
 */
export function filesOfRun(
  id: string,
  contents: Readonly<Record<string, unknown>>,
  texts: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const written = Object.entries(contents).map(([name, content]) => [name, JSON.stringify(content)] as const);
  return Object.fromEntries(
    [...written, ...Object.entries(texts)].map(([name, text]) => [`.distillery/runs/${id}/${name}`, text]),
  );
}
