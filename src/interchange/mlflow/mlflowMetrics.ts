import type { RunEvent } from '../../protocol/events.ts';
import type { Report } from '../../report/report.ts';

/** One value of a metric. */
export interface Metric {
  /** Such as `student/validation/accuracy`. */
  readonly name: string;
  readonly value: number;
  readonly step: number;
}

/** Losses and quality of every epoch, by network. */
export function curveMetrics(events: readonly RunEvent[]): readonly Metric[] {
  return events.flatMap((event) => {
    if (event.kind !== 'epoch') return [];
    const { network, step, losses, validation } = event;
    const named = {
      ...Object.fromEntries(Object.entries(losses).map(([name, value]) => [`loss/${name}`, value])),
      'validation/accuracy': validation.accuracy,
      'validation/loss': validation.loss,
    };
    return Object.entries(named).flatMap(([name, value]) => metric(`${network}/${name}`, value, step));
  });
}

/** The figures of the report, by network. */
export function reportMetrics(report: Report): readonly Metric[] {
  const { teacher, student, baseline, variants, agreement, gain } = report;
  const networks = [
    ['teacher', teacher],
    ['student', student],
    ['baseline', baseline],
    ...variants.map((variant) => [variant.kind, variant] as const),
  ] as const;
  return [
    ...networks.flatMap(([network, model]) => {
      if (!model) return [];
      const figures = {
        'test/accuracy': model.test.accuracy,
        'test/loss': model.test.loss,
        parameters: model.parameters,
        macs: model.macs,
        bytes: model.bytes,
        latency_p50_ms: model.latencyMs.p50,
        peak_memory_bytes: model.memory?.single,
      };
      return Object.entries(figures).flatMap(([name, value]) => metric(`${network}/${name}`, value, 0));
    }),
    ...metric('agreement', agreement, 0),
    ...metric('gain', gain, 0),
    ...metric('seconds', report.seconds.total, 0),
  ];
}

/** None where there is no such figure. */
function metric(name: string, value: number | null | undefined, step: number): readonly Metric[] {
  return value == null || !Number.isFinite(value) ? [] : [{ name, value, step }];
}
