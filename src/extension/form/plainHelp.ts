import type { Translate } from '../translate.ts';

/**
 * What is said beneath the few fields that everybody sees, for people who never look at the file; the others have the schema's words. Keys
 * are as in `formLabels`.
 */
export function plainHelp(t: Translate): Readonly<Record<string, string>> {
  return {
    'teacher:model': t('A trained network that the student learns from.'),
    'teacher.model': '',
    'teacher:null': t('Nothing is imitated: the student learns from the labels of the data.'),
    'dataset.path': t('Images in a folder for every class, a table, arrays, texts, or an archive of these.'),
    'dataset.task': t('Usually what the labels say: classes, or numbers.'),
    objective: t(
      'What the student imitates. Several ways are tried in short trainings, and the one that does best on the validation split is taken.',
    ),
    'training.epochs': t(
      'How often the student goes through the data. Decided from the data, it ends when the student gets no better.',
    ),
    'training.maxMinutes': t('The training ends after so many minutes, with the best student so far. Empty: no limit.'),
    device: t('The fastest that works here, unless one is chosen.'),
  };
}
