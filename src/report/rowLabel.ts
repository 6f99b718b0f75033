import { formatInteger } from './format.ts';
import type { Report } from './report.ts';
import { decisionsOf, namedDevice, type ReportRowId } from './reportTable.ts';

/** Texts in a person's language, by their English, with {0}, {1} filled in. */
type Translate = (message: string, ...values: readonly (string | number)[]) => string;

/** What a row of the report's table is called in a person's language. */
export function rowLabel(id: ReportRowId, report: Report, t: Translate): string {
  const { student } = report;
  const device = namedDevice(report);
  switch (id) {
    case 'parameters':
      return t('Parameters');
    case 'macs':
      return t('MACs per sample');
    case 'bytes':
      return t('File size');
    case 'gzip':
      return t('File size, gzip');
    case 'latency-p50':
      return device === undefined ? t('Latency, median') : t('Latency on {0}, median', device);
    case 'latency-p95':
      return device === undefined ? t('Latency, 95 %') : t('Latency on {0}, 95 %', device);
    case 'latency-p99':
      return device === undefined ? t('Latency, 99 %') : t('Latency on {0}, 99 %', device);
    case 'throughput':
      return device === undefined ? t('Samples/s') : t('Samples/s on {0}', device);
    case 'throughput-batched':
      return device === undefined ? t('Samples/s, batch 32') : t('Samples/s on {0}, batch 32', device);
    case 'latency-p50-cpu':
      return t('Latency on {0}, median', 'cpu');
    case 'throughput-cpu':
      return t('Samples/s on {0}', 'cpu');
    case 'throughput-batched-cpu':
      return t('Samples/s on {0}, batch 32', 'cpu');
    case 'memory':
      return t('Peak memory');
    case 'memory-batched':
      return t('Peak memory, batch 32');
    case 'accuracy':
      return t('Test accuracy');
    case 'errors':
      return t('Errors of {0}', formatInteger(decisionsOf(report)));
    case 'loss':
      return student.test.deviation ? t('Mean squared error') : t('Test cross-entropy');
    case 'rmse':
      return t('Root mean squared error');
    case 'mae':
      return t('Mean absolute error');
    case 'determination':
      return 'R²';
    case 'agreement':
      return t('Agrees with teacher');
  }
}
