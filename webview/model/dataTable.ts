import { textField } from '../components/textField.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { t } from '../l10n.ts';

/** Every row is as high, so that only those in sight are made. In agreement with model.css. */
const ROW_HEIGHT = 28;
/** Rows beyond both ends that are made all the same. */
const MARGIN = 15;

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** What rows are sorted by; the text when left out. */
  readonly order?: (row: Row) => number;
}

export interface DataTableOptions<Row> {
  readonly testId: string;
  /** Accessible name. */
  readonly label: string;
  readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  readonly rows: readonly Row[];
  /** Called with the row whose first cell is chosen. */
  readonly onChoose?: (row: Row) => void;
}

interface Sorting<Row> {
  readonly column: Column<Row>;
  readonly isDescending: boolean;
}

export interface DataTable<Row> {
  readonly element: HTMLElement;
  /** Marks a row, and that alone, whenever it is in sight. */
  readonly mark: (row: Row | undefined) => void;
}

/** A table that can be searched and sorted, and is quick with a hundred thousand rows. */
export function dataTable<Row>(options: DataTableOptions<Row>): DataTable<Row> {
  const { testId, label, columns, rows } = options;
  const texts = new Map(rows.map((row) => [row, searchedText(row, columns)]));
  let shown: readonly Row[] = rows;
  let sorting: Sorting<Row> | undefined;
  let query = '';
  let marked: Row | undefined;
  /** Rows that are made, by what they show. */
  let made = new Map<Row, HTMLElement>();

  const count = element('span', { class: 'model-count', role: 'status' });
  const body = element('tbody');
  const heads = columns.map((column) => {
    const button = element('button', { class: 'link', type: 'button' }, column.title);
    button.addEventListener('click', () => {
      const isDescending = sorting?.column === column ? !sorting.isDescending : column.order !== undefined;
      sorting = { column, isDescending };
      update();
    });
    return element('th', { scope: 'col', class: alignment(column) }, button);
  });
  const table = element('table', { 'aria-label': label }, element('thead', {}, element('tr', {}, ...heads)), body);
  const scroll = element('div', { class: 'model-table', tabindex: 0, role: 'region', 'aria-label': label }, table);

  const search = textField({
    testId: `${testId}.search`,
    label: t('Search'),
    placeholder: t('Search'),
    onChange: (text) => {
      query = text.trim().toLowerCase();
      update();
    },
  });

  const tellMarked = (drawn: HTMLElement, row: Row): void => {
    setAttributes(drawn, { 'aria-current': row === marked && 'true' });
  };
  const rowElement = (row: Row, place: number): HTMLElement => {
    const drawn = made.get(row) ?? element('tr', {}, ...cellsOf(row, options));
    setAttributes(drawn, { 'aria-rowindex': place + 2 });
    tellMarked(drawn, row);
    return drawn;
  };
  let range: { readonly first: number; readonly last: number; readonly of: readonly Row[] } | undefined;
  const draw = (): void => {
    const first = Math.max(0, Math.floor(scroll.scrollTop / ROW_HEIGHT) - MARGIN);
    const visible = Math.ceil((scroll.clientHeight || 600) / ROW_HEIGHT) + 2 * MARGIN;
    const last = Math.min(shown.length, first + visible);
    if (range?.first === first && range.last === last && range.of === shown) return;
    range = { first, last, of: shown };
    const focused = document.activeElement;
    made = new Map(shown.slice(first, last).map((row, index) => [row, rowElement(row, first + index)]));
    body.replaceChildren(
      ...spacer(first, columns.length),
      ...made.values(),
      ...spacer(shown.length - last, columns.length),
    );
    // What is moved within a document loses the focus, as when one steps from row to row and the table scrolls along.
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true });
  };
  const update = (): void => {
    shown = sorted(
      rows.filter((row) => texts.get(row)?.includes(query) ?? false),
      sorting,
    );
    columns.forEach((column, index) => {
      const head = heads[index];
      const direction = sorting?.isDescending === true ? 'descending' : 'ascending';
      if (head) setAttributes(head, { 'aria-sort': sorting?.column === column ? direction : undefined });
    });
    setAttributes(table, { 'aria-rowcount': shown.length + 1 });
    setText(
      count,
      shown.length === rows.length ? t('Rows: {0}', rows.length) : t('Rows: {0} of {1}', shown.length, rows.length),
    );
    scroll.scrollTop = 0;
    draw();
  };
  scroll.addEventListener('scroll', draw);
  // Of scrolling it is told with the next picture; whoever holds a key is at the last row that is made before that.
  body.addEventListener('focusin', draw);
  new ResizeObserver(draw).observe(scroll);
  update();
  return {
    element: element(
      'div',
      { class: 'model-data', 'data-testid': testId },
      element('div', { class: 'model-search' }, search.element, count),
      scroll,
    ),
    mark: (row) => {
      marked = row;
      for (const [each, drawn] of made) tellMarked(drawn, each);
    },
  };
}

/** The cells of a row, the first of which is its heading and, where something can be chosen, does that. */
function cellsOf<Row>(row: Row, { columns, onChoose }: DataTableOptions<Row>): readonly HTMLElement[] {
  return columns.map((column, place) => {
    const content = column.text(row);
    if (place > 0) return element('td', { title: content, class: alignment(column) }, content);
    if (!onChoose) return element('th', { scope: 'row', title: content }, content);
    const button = element('button', { class: 'link', type: 'button' }, content);
    button.addEventListener('click', () => {
      onChoose(row);
    });
    return element('th', { scope: 'row', title: content }, button);
  });
}

/** What stands for rows out of sight, as high as they are. */
function spacer(rows: number, columns: number): readonly HTMLElement[] {
  if (rows <= 0) return [];
  const cell = element('td', { colspan: columns });
  cell.style.height = `${rows * ROW_HEIGHT}px`;
  return [element('tr', { class: 'model-spacer', 'aria-hidden': 'true' }, cell)];
}

function searchedText<Row>(row: Row, columns: readonly Column<Row>[]): string {
  return columns
    .map(({ text }) => text(row))
    .join('\n')
    .toLowerCase();
}

/** Numbers stand below each other. */
function alignment<Row>(column: Column<Row> | undefined): string | undefined {
  return column?.order === undefined ? undefined : 'number';
}

function sorted<Row>(rows: readonly Row[], sorting: Sorting<Row> | undefined): readonly Row[] {
  if (!sorting) return rows;
  const { text, order } = sorting.column;
  const sign = sorting.isDescending ? -1 : 1;
  return [...rows].sort((a, b) => sign * (order ? order(a) - order(b) : text(a).localeCompare(text(b))));
}
