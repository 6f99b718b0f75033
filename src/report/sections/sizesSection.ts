import { formatBytes, formatLoss, formatPercent } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';
import type { SizedNetwork } from '../sizedNetworks.ts';
import { networkLabels } from './networkLabels.ts';

/**
 * Size against quality of the run's networks and of those that other runs on the same data left behind, with the Pareto front.
 * @param networks `sizedNetworks` of the run
 */
export function sizesSection(report: Report, networks: readonly SizedNetwork[]): ReportSection | undefined {
  if (new Set(networks.map(({ bytes }) => bytes)).size < 2) return undefined;
  const measure = report.student.test.accuracy === null ? 'loss' : 'accuracy';
  const written = measure === 'accuracy' ? (share: number) => formatPercent(share) : formatLoss;
  const teacher = report.teacher?.test;
  return {
    id: 'sizes',
    title: measure === 'accuracy' ? label('Size against accuracy') : label('Size against error'),
    isLong: true,
    sentences: [
      label(
        'Large points are of this run, small ones of other runs of its experiment, hollow ones of other experiments on the same data.',
      ),
      label(
        'Circles are students, squares students without the teacher, triangles quantised students, diamonds pruned ones before distilling.',
      ),
      label('The line joins the networks that no other one beats in both size and quality.'),
    ],
    figure: { kind: 'sizes', networks, measure, teacher: teacher ? (teacher.accuracy ?? teacher.loss) : null },
    table: {
      head: [
        label('Network'),
        label('Experiment'),
        label('Run'),
        label('File size'),
        measure === 'accuracy' ? label('Test accuracy') : label('Mean squared error'),
        label('On the line'),
      ],
      rows: networks.map(({ kind, experiment, run, standing, bytes, quality, isOnFront }) => [
        networkLabels[kind],
        experiment,
        standing === 'run' ? label('this run') : run,
        formatBytes(bytes),
        written(quality),
        isOnFront ? label('yes') : label('no'),
      ]),
    },
  };
}
