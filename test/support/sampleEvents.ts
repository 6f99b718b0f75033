import type { EpochEvent, Network, RunEvent } from '../../src/protocol/events.ts';

function epoch(network: Network, number: number, accuracy: number): EpochEvent {
  return {
    kind: 'epoch',
    network,
    epoch: number,
    epochs: 3,
    step: number * 10,
    losses: { total: 1 / number, kd: 2 / number, labels: 3 / number },
    validation: { accuracy, loss: 1 - accuracy },
    best: true,
  };
}

/** Events of a run of three epochs with a baseline, as `metrics.jsonl` has them; not those of a real run. */
export const sampleEvents: readonly RunEvent[] = [
  { kind: 'started', id: 'a-run', name: 'a run', folder: 'a-run', startedAt: '2026-01-02T03:04:05.000Z' },
  { kind: 'device', device: 'cpu', requested: 'auto', message: 'Trains on the CPU.' },
  { kind: 'teacher', validation: { accuracy: 0.99, loss: 0.03 } },
  epoch('student', 1, 0.9),
  epoch('student', 2, 0.95),
  epoch('student', 3, 0.97),
  epoch('baseline', 1, 0.85),
  epoch('baseline', 2, 0.91),
  epoch('baseline', 3, 0.93),
];
