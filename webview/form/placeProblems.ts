import type { Problem } from '../../src/errors.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';
import { closestPath } from './paths.ts';

/**
 * What is said at each place of the form: every problem at the field that it is about, or at the closest place around it. Of a field
 * with several values the one that is meant is named. All in the person's language, for what is read out is said as it is here.
 *
 * @param known the paths of the places that there are
 */
export function placeProblems(problems: readonly Problem[], known: ReadonlySet<string>): ReadonlyMap<string, string> {
  const placed = new Map<string, string>();
  for (const { where, message: wording } of problems) {
    const path = closestPath(where, known);
    if (path === undefined) continue;
    const message = found(wording);
    const index = /^\[(\d+)\]$/.exec(where.slice(path.length))?.[1];
    const said = index === undefined ? message : t('value {0}: {1}', Number(index) + 1, message);
    const before = placed.get(path);
    placed.set(path, before === undefined ? said : `${before}\n${said}`);
  }
  return placed;
}
