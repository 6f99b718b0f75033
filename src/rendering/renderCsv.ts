import type { ModelReport, Report } from '../report/report.ts';
import { csvLines, type Cell } from './csvLines.ts';

/**
 * The figures of a report as comma-separated values (RFC 4180) for spreadsheets: a row for every figure, a column for every
 * network, unrounded. What a network does not have is empty.
 */
export function renderCsv(report: Report): string {
  const { teacher, student, baseline, variants, attention, trainingMemory } = report;
  const networks: readonly (readonly [string, ModelReport])[] = [
    ...(teacher ? [['teacher', teacher] as const] : []),
    ['student', student],
    ...(baseline ? [['baseline', baseline] as const] : []),
    ...variants.map((variant) => [variant.kind, variant] as const),
  ];
  const columns = networks.map(([, model]) => new Map(Object.entries(figuresOf(model, report.dataset.classes))));
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const attentionOf = (name: string): number | undefined =>
    name === 'student' || name === 'baseline' ? attention?.[name]?.value : undefined;
  return csvLines([
    ['figure', ...networks.map(([name]) => name)],
    ...names.map((name) => [name, ...columns.map((column) => column.get(name))]),
    ['attention_correlation', ...networks.map(([name]) => attentionOf(name))],
    ...speedUpRows(report),
    ['training_peak_memory_bytes', ...networks.map(([name]) => (name === 'student' ? trainingMemory : undefined))],
  ]);
}

/** How many times faster than the teacher the student is, and than the student its other forms, and how busy the machine was. */
function speedUpRows({ ratios, variants, teacher, baseline, device: { load } }: Report): readonly (readonly Cell[])[] {
  const between = teacher ? [undefined] : [];
  const behind = baseline ? [undefined] : [];
  const ofStudent = ratios && {
    value: ratios.latency,
    low: ratios.latencyInterval?.low,
    high: ratios.latencyInterval?.high,
  };
  const row = (name: string, figure: 'value' | 'low' | 'high'): readonly Cell[] => [
    name,
    ...between,
    ofStudent?.[figure],
    ...behind,
    ...variants.map(({ speedUp }) => speedUp?.[figure]),
  ];
  const once = (name: string, value: Cell): readonly Cell[] => [
    name,
    ...between,
    value,
    ...behind,
    ...variants.map(() => undefined),
  ];
  return [
    row('times_faster', 'value'),
    row('times_faster_low', 'low'),
    row('times_faster_high', 'high'),
    once('machine_busy', load === null ? undefined : Number(load.isBusy)),
    once('processors_taken_by_others', load?.others),
    once('time_waiting_for_processor', load?.waiting),
  ];
}

function figuresOf(model: ModelReport, classes: readonly string[]): Record<string, number | null | undefined> {
  const { test, decisions, targets, latencyMs, throughput, cpuSpeed, memory } = model;
  return {
    parameters: model.parameters,
    macs: model.macs,
    bytes: model.bytes,
    gzip_bytes: model.gzipBytes,
    latency_p50_ms: latencyMs.p50,
    latency_p95_ms: latencyMs.p95,
    latency_p99_ms: latencyMs.p99,
    samples_per_second: throughput?.single,
    samples_per_second_batch_32: throughput?.batched,
    ...(cpuSpeed && {
      cpu_latency_p50_ms: cpuSpeed.latencyMs.p50,
      cpu_latency_p95_ms: cpuSpeed.latencyMs.p95,
      cpu_latency_p99_ms: cpuSpeed.latencyMs.p99,
      cpu_samples_per_second: cpuSpeed.throughput?.single,
      cpu_samples_per_second_batch_32: cpuSpeed.throughput?.batched,
    }),
    peak_memory_bytes: memory?.single,
    peak_memory_bytes_batch_32: memory?.batched,
    test_samples: test.samples,
    errors: test.errors,
    accuracy: test.accuracy,
    loss: test.loss,
    ...(decisions && {
      top_5: decisions.topFive,
      balanced_accuracy: decisions.balancedAccuracy,
      precision_macro: decisions.macro.precision,
      recall_macro: decisions.macro.recall,
      f1_macro: decisions.macro.f1,
      f1_micro: decisions.micro.f1,
      roc_auc: decisions.areaUnderCurve,
      calibration_error: decisions.calibrationError,
      ...Object.fromEntries(
        decisions.classes.flatMap(({ precision, recall, f1, averagePrecision }, index) => {
          const name = classes[index] ?? String(index);
          return [
            [`precision of ${name}`, precision],
            [`recall of ${name}`, recall],
            [`f1 of ${name}`, f1],
            [`average_precision of ${name}`, averagePrecision],
          ];
        }),
      ),
    }),
    ...Object.fromEntries(
      targets.flatMap(({ name, meanAbsoluteError, rootMeanSquaredError, determination }) => [
        [`mae of ${name}`, meanAbsoluteError],
        [`rmse of ${name}`, rootMeanSquaredError],
        [`r2 of ${name}`, determination],
      ]),
    ),
  };
}
