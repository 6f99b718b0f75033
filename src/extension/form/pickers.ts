import type { Picker } from '../../protocol/form.ts';

/** Fields of the experiment file that name a file or a folder, and what can be picked for them; `[]` stands for any element. */
export const PICKERS: Readonly<Record<string, Picker>> = {
  'teacher.model': 'model',
  'teacher.ensemble[].model': 'model',
  'teacher.extractor': 'model',
  'student.model': 'model',
  'student.extractor': 'model',
  'dataset.path': 'dataset',
  'dataset.tokenizer': 'tokenizer',
};
