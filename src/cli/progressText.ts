import type { EpochEvent, Network, Phase, StepEvent } from '../protocol/events.ts';
import { formatCount, formatDuration, formatLoss, formatProgress, formatQuality } from '../report/format.ts';

/** What a person is told about the training of a network, piece by piece. */
export interface TrainingPieces {
  readonly epoch: string;
  readonly loss: string;
  /** Every term of the loss; empty when there is only one. */
  readonly terms: string;
  /** Accuracy on the validation split; empty before the first epoch has ended. */
  readonly validation: string;
  readonly speed: string;
  readonly timeLeft: string;
}

/** What a step tells of a training, each as one piece of a line. */
export function trainingPieces(step: StepEvent, latest: EpochEvent | undefined): TrainingPieces {
  return {
    epoch: `epoch ${step.epoch}/${step.epochs}`,
    loss: totalLoss(step.losses),
    terms: lossTerms(step.losses),
    validation: latest ? `validation ${formatQuality(latest.validation)}` : '',
    speed: `${formatCount(Math.round(step.samplesPerSecond))} samples/s`,
    timeLeft: `${formatDuration(step.secondsLeft)} left`,
  };
}

/** The end of an epoch in one line, for logs. */
export function epochLine(event: EpochEvent, latest: StepEvent | undefined): string {
  const terms = lossTerms(event.losses);
  const loss = `${totalLoss(event.losses)}${terms === '' ? '' : ` (${terms})`}`;
  const accuracy = `validation ${formatQuality(event.validation)}${event.best ? ' (best)' : ''}`;
  const pace = latest
    ? [`${formatCount(Math.round(latest.samplesPerSecond))} samples/s`, `${formatDuration(latest.secondsLeft)} left`]
    : [];
  return `${networkName(event.network)} epoch ${event.epoch}/${event.epochs}: ${[loss, accuracy, ...pace].filter((piece) => piece !== '').join(', ')}`;
}

/** How far the training of a network is, in one line, for logs. */
export function stepLine(event: StepEvent, latest: EpochEvent | undefined): string {
  const { epoch, loss, validation, speed, timeLeft } = trainingPieces(event, latest);
  const share = formatProgress(event.step / event.steps);
  return `${networkName(event.network)} ${epoch}, ${share}: ${[loss, validation, speed, timeLeft].filter((piece) => piece !== '').join(', ')}`;
}

/** What a network is called at the beginning of a line. */
export function networkName(network: Network): string {
  switch (network) {
    case 'teacher':
      return 'Teacher';
    case 'student':
      return 'Student';
    case 'baseline':
      return 'Baseline';
  }
}

/** What a phase whose progress is counted works on. */
export function phaseName(phase: Phase): string {
  switch (phase) {
    case 'preflight':
      return 'Checks';
    case 'dataset':
      return 'Dataset';
    case 'train-teacher':
      return 'Teacher';
    case 'first-steps':
      return 'First steps';
    case 'teacher-outputs':
      return 'Teacher outputs';
    case 'trials':
      return 'Trials of objectives';
    case 'student':
      return 'Student';
    case 'baseline':
      return 'Baseline';
    case 'repeats':
      return 'Further seeds';
    case 'folds':
      return 'Folds';
    case 'evaluation':
      return 'Evaluation';
    case 'report':
      return 'Report';
  }
}

/** Empty when no loss was read back from the device since the last time. */
function totalLoss(losses: Readonly<Record<string, number>>): string {
  const total = losses['total'];
  return total === undefined ? '' : `loss ${formatLoss(total)}`;
}

function lossTerms(losses: Readonly<Record<string, number>>): string {
  const terms = Object.entries(losses).filter(([name]) => name !== 'total');
  return terms.length < 2 ? '' : terms.map(([name, loss]) => `${name} ${formatLoss(loss)}`).join(', ');
}
