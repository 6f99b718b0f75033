import { BadInputError } from '../../errors.ts';
import type { SearchOptions } from '../../experiment/schema/search.ts';
import { countOf, countPoints } from '../space/numbers.ts';
import type { Space } from '../space/parameter.ts';
import { gridStrategy } from './grid.ts';
import { halvingStrategy, REDUCTION, rungsOf } from './halving.ts';
import { nsga2Strategy, populationOf } from './nsga2.ts';
import { randomStrategy } from './random.ts';
import type { Strategy } from './strategy.ts';
import { tpeStrategy } from './tpe.ts';

type Name = Exclude<SearchOptions['strategy'], 'auto'>;

export interface ChosenStrategy {
  readonly name: Name;
  /** What it does here, and why it was chosen where nobody named it. */
  readonly message: string;
  readonly propose: Strategy;
}

export interface StrategyCircumstances {
  /** Number of aims. */
  readonly aims: number;
  /** Epochs of a whole training; undefined where they are searched. */
  readonly epochs: number | undefined;
}

/**
 * The strategy that a search asks for, or the one that suits it.
 * @throws BadInputError when it does not suit the space or the aims
 */
export function chooseStrategy(
  { strategy, trials }: Pick<SearchOptions, 'strategy' | 'trials'>,
  space: Space,
  { aims, epochs }: StrategyCircumstances,
): ChosenStrategy {
  const name = strategy === 'auto' ? suitable(space, trials, aims) : strategy;
  if (aims > 1 && (name === 'tpe' || name === 'halving')) {
    throw refusal(`'${name}' has one aim, and there are ${aims}.`, "Use 'nsga2', 'random' or 'grid', or name one aim.");
  }
  const why =
    strategy === 'auto' ? ' It was chosen for this space and these aims; `search.strategy` names another one.' : '';
  switch (name) {
    case 'random':
      return { name, message: `Draws every trial at random.${why}`, propose: randomStrategy(space) };
    case 'tpe':
      return {
        name,
        message: `Draws 10 trials at random, then by what good ones have in common (TPE).${why}`,
        propose: tpeStrategy(space),
      };
    case 'nsga2': {
      const population = populationOf(trials);
      const message = `Crosses the best trials (NSGA-II), in generations of ${population}; the first is drawn at random.${why}`;
      return { name, message, propose: nsga2Strategy(space, population) };
    }
    case 'grid': {
      const endless = space.find((parameter) => !Number.isFinite(countOf(parameter)));
      if (endless) {
        throw refusal(
          `'grid' tries every value, and '${endless.name}' has no end of them.`,
          'Give it a list of values or a range with a step, or use another strategy.',
        );
      }
      const count = countPoints(space, trials);
      const left = count > trials ? ` There are more than ${trials}, so that it ends before the last.` : '';
      return { name, message: `Tries every combination.${left}${why}`, propose: gridStrategy(space) };
    }
    case 'halving': {
      if (epochs === undefined) {
        throw refusal(
          "'halving' compares trials after so many epochs, which are searched here.",
          "Take 'training.epochs' out of the space, or use another strategy.",
        );
      }
      const rungs = rungsOf(epochs);
      const after = rungs.slice(0, -1).join(', ');
      const message =
        rungs.length === 1
          ? 'Draws every trial at random; with so few epochs none is stopped before its end.'
          : `Draws trials at random and trains the best in ${REDUCTION} on after ${after} epochs (asynchronous successive halving).`;
      return { name, message, propose: halvingStrategy(space, epochs) };
    }
  }
}

function suitable(space: Space, trials: number, aims: number): Name {
  if (countPoints(space, trials) <= trials) return 'grid';
  return aims > 1 ? 'nsga2' : 'tpe';
}

function refusal(message: string, hint: string): BadInputError {
  return new BadInputError([{ where: 'search.strategy', message, hint }]);
}
