import { label, type LabelledText } from '../wording/reportText.ts';
import type { SizedNetwork } from '../sizedNetworks.ts';

/** What networks of a run are called. */
export const networkLabels: Readonly<Record<SizedNetwork['kind'], LabelledText>> = {
  student: label('Student'),
  baseline: label('Baseline'),
  'static-int8': label('Static int8'),
  'dynamic-int8': label('Dynamic int8'),
  'aware-int8': label('Aware int8'),
  float16: label('Float16'),
  int4: label('Int4'),
  pruned: label('Pruned, before distilling'),
};
