/** How a searched field is distributed, in Optuna's terms. Choices that are neither numbers, words nor null are written as JSON. */
export type OptunaDistribution =
  | { readonly kind: 'choice'; readonly choices: readonly unknown[] }
  | {
      readonly kind: 'whole';
      readonly low: number;
      readonly high: number;
      readonly step: number;
      readonly isLog: boolean;
    }
  | {
      readonly kind: 'number';
      readonly low: number;
      readonly high: number;
      readonly step: number | null;
      readonly isLog: boolean;
    };

/** What happened in a study, in the order in which it did. */
export type OptunaEvent =
  | { readonly kind: 'study'; readonly name: string; readonly directions: readonly ('minimize' | 'maximize')[] }
  | { readonly kind: 'study-note'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'trial'; readonly at: string }
  | {
      readonly kind: 'parameter';
      readonly trial: number;
      readonly name: string;
      /** The number itself, or the index of the choice. */
      readonly value: number;
      readonly distribution: OptunaDistribution;
    }
  | { readonly kind: 'epoch'; readonly trial: number; readonly epoch: number; readonly value: number }
  | { readonly kind: 'note'; readonly trial: number; readonly name: string; readonly value: unknown }
  | {
      readonly kind: 'end';
      readonly trial: number;
      readonly state: 'complete' | 'pruned' | 'failed';
      /** A value for each direction; null where there are none. */
      readonly values: readonly number[] | null;
      readonly at: string;
    };

/** Numbers that Optuna's journal has for what happened (`JournalOperation`), states (`TrialState`) and directions. */
const OPERATION = { study: 0, studyNote: 2, trial: 4, parameter: 5, end: 6, epoch: 7, note: 8 } as const;
const STATE = { complete: 1, pruned: 2, failed: 3 } as const;
const DIRECTION = { minimize: 1, maximize: 2 } as const;
/** Who wrote it: any name that is not that of a worker of Optuna's. */
const WORKER = { worker_id: 'distillery' };

/**
 * A study as a file of Optuna's `JournalStorage` (`JournalFileBackend`): a line of JSON for everything that happened. The text of more
 * events begins with that of fewer, so that a dashboard can follow the file.
 */
export function optunaJournal(events: readonly OptunaEvent[]): string {
  return events.map((event) => `${JSON.stringify(lineOf(event))}\n`).join('');
}

function lineOf(event: OptunaEvent): object {
  switch (event.kind) {
    case 'study': {
      const directions = event.directions.map((direction) => DIRECTION[direction]);
      return { op_code: OPERATION.study, ...WORKER, study_name: event.name, directions };
    }
    case 'study-note':
      return { op_code: OPERATION.studyNote, ...WORKER, study_id: 0, user_attr: { [event.name]: event.value } };
    case 'trial':
      return { op_code: OPERATION.trial, ...WORKER, study_id: 0, datetime_start: timeOf(event.at) };
    case 'parameter':
      return {
        op_code: OPERATION.parameter,
        ...WORKER,
        trial_id: event.trial,
        param_name: event.name,
        param_value_internal: event.value,
        distribution: JSON.stringify(distributionOf(event.distribution)),
      };
    case 'epoch':
      return {
        op_code: OPERATION.epoch,
        ...WORKER,
        trial_id: event.trial,
        step: event.epoch,
        intermediate_value: event.value,
      };
    case 'note':
      return { op_code: OPERATION.note, ...WORKER, trial_id: event.trial, user_attr: { [event.name]: event.value } };
    case 'end':
      return {
        op_code: OPERATION.end,
        ...WORKER,
        trial_id: event.trial,
        state: STATE[event.state],
        values: event.values,
        datetime_complete: timeOf(event.at),
      };
  }
}

function distributionOf(distribution: OptunaDistribution): object {
  switch (distribution.kind) {
    case 'choice':
      return { name: 'CategoricalDistribution', attributes: { choices: distribution.choices.map(plain) } };
    case 'whole': {
      const { low, high, step, isLog } = distribution;
      return { name: 'IntDistribution', attributes: { log: isLog, step, low, high } };
    }
    case 'number': {
      const { low, high, step, isLog } = distribution;
      return { name: 'FloatDistribution', attributes: { step, low, high, log: isLog } };
    }
  }
}

/** Optuna's choices are null, numbers, words and truth values. */
function plain(choice: unknown): unknown {
  return typeof choice === 'object' && choice !== null ? JSON.stringify(choice) : choice;
}

/** Python before 3.11 reads no Z at the end. */
function timeOf(at: string): string {
  return at.replace('Z', '+00:00');
}
