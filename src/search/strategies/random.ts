import { drawPoint } from '../space/numbers.ts';
import type { Space } from '../space/parameter.ts';
import type { Strategy } from './strategy.ts';

/** Every trial at random, whatever the others found (Bergstra & Bengio, JMLR 2012). */
export function randomStrategy(space: Space): Strategy {
  return (_, { canBegin, random }) =>
    canBegin ? { kind: 'begin', point: drawPoint(space, random), epochs: null } : undefined;
}
