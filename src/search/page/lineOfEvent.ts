import type { SearchEvent } from '../runSearch.ts';
import { writeFigure, writeValue } from './searchTable.ts';

/** One line for everything that happens in a search, so that it suits a log file, too. */
export function lineOfEvent(event: SearchEvent): string {
  switch (event.kind) {
    case 'note':
      return event.message;
    case 'begun': {
      const { trial, isFirst, epochs } = event.job;
      const until = epochs === null ? '' : ` to epoch ${epochs}`;
      return `Trial ${trial} ${isFirst ? 'begins' : 'goes on'}${until}.`;
    }
    case 'ended': {
      const { result, job } = event;
      const trial = result.trials.find(({ number }) => number === job.trial);
      if (!trial) return '';
      const figures = result.aims.map(({ name }) => `${name} ${writeFigure(name, trial[name])}`).join(', ');
      const values = Object.entries(trial.values)
        .map(([name, value]) => `${name} ${writeValue(value)}`)
        .join(', ');
      const said = trial.state === 'finished' || trial.state === 'paused' ? `: ${figures}` : '';
      const why = trial.state === 'refused' || trial.state === 'failed' ? ` ${trial.reason ?? ''}` : '';
      return `Trial ${trial.number} ${trial.state}${said} (${values}).${why}`;
    }
  }
}
