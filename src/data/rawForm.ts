import type { DataForm } from './dataForm.ts';
import type { ColumnCode, Preparation } from './preparation.ts';
import { DATA_FORM_KEY } from './storedDataForm.ts';

type NumberColumn = Extract<ColumnCode, { kind: 'number' }>;

/** The metadata of a network that takes the data as they are. @param form what a network for samples is made for */
export function rawFormMetadata(form: DataForm): Record<string, string> {
  return { [DATA_FORM_KEY]: JSON.stringify({ ...form, preparation: rawPreparation(form.preparation) }) };
}

/** What is left to do for whoever uses the network. */
function rawPreparation(preparation: Preparation): Preparation {
  switch (preparation.kind) {
    case 'pixels':
      return { kind: 'arrays', normalization: null };
    case 'arrays': {
      const { spectrogram, parts } = preparation;
      return { kind: 'arrays', normalization: null, ...(spectrogram && { spectrogram }), ...(parts && { parts }) };
    }
    case 'table': {
      const columns = ownNumbers(preparation.columns).map((column) => ({ ...column, mean: 0, std: 1 }));
      return { kind: 'table', columns, targets: [] };
    }
    case 'text':
      return preparation;
  }
}

/** The columns that are numbers. */
export function numbersOf(columns: readonly ColumnCode[]): readonly NumberColumn[] {
  return columns.filter((column) => column.kind === 'number');
}

/** The columns that are numbers themselves, without what is found from them. */
export function ownNumbers(columns: readonly ColumnCode[]): readonly NumberColumn[] {
  return numbersOf(columns).filter(({ part }) => part === undefined);
}
