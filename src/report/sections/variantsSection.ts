import { writerOfDifferences } from '../wording/differenceTexts.ts';
import { formatBytes, formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { ModelReport, Report, Variant, VariantWeights } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { factorIntervalText, speedLabels } from '../wording/factorText.ts';
import { namedDevice } from '../reportTable.ts';
import { writerOfLatencies } from '../wording/latencyTexts.ts';
import { label, type LabelledText, type ReportText } from '../wording/reportText.ts';
import { networkLabels } from './networkLabels.ts';

/** The student as pruning left it, and in other number formats, beside the one that was trained. */
export function variantsSection(report: Report): ReportSection | undefined {
  if (report.variants.length === 0) return undefined;
  const { student, agreement, weightBytes } = report;
  const device = namedDevice(report);
  const write = writerOfDifferences(report);
  const writeLatency = writerOfLatencies(report);
  const latency = ({ latencyMs }: ModelReport): string => writeLatency(latencyMs.p50);
  const share = (value: number | null): string => (value === null ? '–' : formatPercent(value));
  const figures = (model: ModelReport, bytes: number | null, faster?: ReportText): readonly ReportText[] => [
    formatBytes(model.bytes),
    bytes === null ? '–' : formatBytes(bytes),
    faster === undefined ? latency(model) : label('{0}, {1}', latency(model), faster),
    model.memory ? formatBytes(model.memory.single) : '–',
    model.test.accuracy === null ? formatLoss(model.test.loss) : formatPercent(model.test.accuracy),
  ];
  const row = (variant: Variant): readonly ReportText[] => [
    networkLabels[variant.kind],
    ...figures(variant, variant.weightBytes, fasterThanStudent(variant)),
    write(variant.difference.value),
    share(variant.agreement),
    variant.file ?? label('not kept'),
  ];
  return {
    id: 'variants',
    title: titleOf(report.variants),
    isLong: false,
    sentences: [
      ...keptText(student),
      ...report.variants.flatMap(({ kind, refusal }) =>
        refusal === null ? [] : [label('{0}: {1}', networkLabels[kind], { found: refusal })],
      ),
      ...keptOnTexts(report.variants),
      ...weightsTexts(report.variants),
    ],
    table: {
      head: [
        '',
        label('File size'),
        label('Size of the weights'),
        device === undefined ? label('Latency, median') : label('Latency on {0}, median', device),
        label('Peak memory'),
        student.test.accuracy === null ? label('Mean squared error') : label('Test accuracy'),
        label('Against the student'),
        label('Agrees with teacher'),
        label('File'),
      ],
      rows: [
        [label('Trained (float32)'), ...figures(student, weightBytes), '', share(agreement), student.file],
        ...report.variants.map(row),
      ],
    },
  };
}

/** On which samples it was decided which forms are kept: the same for all of them. */
function keptOnTexts(variants: readonly Variant[]): readonly LabelledText[] {
  const keptOn = variants.find((variant) => variant.keptOn)?.keptOn;
  if (!keptOn) return [];
  const samples = formatInteger(keptOn.samples);
  switch (keptOn.split) {
    case 'validation':
      return [
        label(
          'Which of them are kept was decided on the validation split ({0} samples), so that it does not flatter the figures of the test split.',
          samples,
        ),
      ];
    case 'test':
      return [
        label(
          'Which of them are kept was decided on the test split ({0} samples), because the validation split is too small: the figures of those that are kept may be a little too good.',
          samples,
        ),
      ];
  }
}

/** How many times faster than the trained student, behind its latency. */
function fasterThanStudent({ speedUp }: Variant): ReportText | undefined {
  return speedUp === null ? undefined : factorIntervalText(speedUp.value, speedUp, speedLabels);
}

/** What is to be known of the weights of the forms that were kept: said once of those of which it is the same. */
function weightsTexts(variants: readonly Variant[]): readonly LabelledText[] {
  const names = new Map<string, { readonly weights: VariantWeights; readonly name: ReportText }>();
  for (const { kind, file, weights } of variants) {
    if (weights === null || file === null) continue;
    const key = `${weights.bits} ${weights.reason}`;
    const others = names.get(key)?.name;
    const name = networkLabels[kind];
    names.set(key, { weights, name: others === undefined ? name : label('{0}, {1}', others, name) });
  }
  return [...names.values()].map(({ weights, name }) => weightsText(weights, name));
}

/** How many bits weights in int8 take, why, and which processors the file suits. */
function weightsText({ bits, reason }: VariantWeights, name: ReportText): LabelledText {
  switch (reason) {
    case 'processor-overflows':
      return label(
        '{0}: weights of 7 bits, because products of 8-bit weights overflow on the processor that ran. The file suits every processor.',
        name,
      );
    case 'processor-exact':
      return label(
        "{0}: weights of 8 bits, which the processor that ran computes exactly. On x86 processors without VNNI the file may be less accurate; with the weight range 'reduced' it suits every processor.",
        name,
      );
    case 'asked':
      return bits === 7
        ? label('{0}: weights of 7 bits, as the experiment asks. The file suits every processor.', name)
        : label(
            '{0}: weights of 8 bits, as the experiment asks. On x86 processors without VNNI the file may be less accurate.',
            name,
          );
    case 'unsigned':
      return label('{0}: weights of 8 bits without a sign, which overflow on no processor.', name);
  }
}

function titleOf(variants: readonly Variant[]): LabelledText {
  const pruned = variants.filter(({ kind }) => kind === 'pruned').length;
  if (pruned === 0) return label('Quantised students');
  return pruned === variants.length ? label('What distilling gave back') : label('Other forms of the student');
}

/** Where the student began as its teacher with fewer channels: how many remained, and which. */
function keptText({ keptChannels, channelImportance }: Report['student']): readonly LabelledText[] {
  if (keptChannels === null) return [];
  const isTaylor = channelImportance === 'taylor';
  if (typeof keptChannels === 'number') {
    const share = formatPercent(keptChannels, 0);
    return [
      isTaylor
        ? label(
            'The student began as its teacher with {0} of the channels of every layer, those without which the loss would change most (structured pruning).',
            share,
          )
        : label(
            'The student began as its teacher with {0} of the channels of every layer, those of the largest L1 norms (structured pruning).',
            share,
          ),
    ];
  }
  const shares = keptChannels.map((share) => formatPercent(share, 0)).join(', ');
  return [
    isTaylor
      ? label(
          'The student began as its teacher with {0} of the channels of its layers, one after the other, those without which the loss would change most (structured pruning).',
          shares,
        )
      : label(
          'The student began as its teacher with {0} of the channels of its layers, one after the other, those of the largest L1 norms (structured pruning).',
          shares,
        ),
  ];
}
