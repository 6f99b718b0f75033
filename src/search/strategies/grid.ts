import { allPoints } from '../space/numbers.ts';
import type { Space } from '../space/parameter.ts';
import type { Strategy } from './strategy.ts';

/** Every point of a finite space, one after the other. */
export function gridStrategy(space: Space): Strategy {
  return (seen, { canBegin }) => {
    if (!canBegin) return undefined;
    let index = 0;
    for (const point of allPoints(space)) if (index++ === seen.length) return { kind: 'begin', point, epochs: null };
    return undefined;
  };
}
