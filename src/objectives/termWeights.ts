import { termNames, type ObjectiveTerm } from './objectiveTerm.ts';
import { scheduledAt } from './scheduledNumber.ts';

/**
 * What each term of an objective counts in the sum, by the name of the term: a term's loss times its weight is its part of the total.
 *
 * @param progress the share of the run's steps that are done, 0…1
 * @param penalty weight of the balance penalty, where the network is a soft decision tree
 */
export function termWeightsAt(
  terms: readonly ObjectiveTerm[],
  progress: number,
  penalty?: number,
): Readonly<Record<string, number>> {
  const names = termNames(terms);
  const weights = Object.fromEntries(
    terms.map(({ weight }, index) => [names[index] ?? '', scheduledAt(weight, progress)]),
  );
  return penalty === undefined ? weights : { ...weights, balance: penalty };
}
