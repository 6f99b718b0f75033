/** What the panel shows for one value of the experiment file. `name` is its key there; a path joins names with dots. */
export type FormField =
  | TextField
  | NumberField
  | NumbersField
  | TextsField
  | FlagField
  | ChoiceField
  | GroupField
  | VariantsField
  | ListField;

interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly default?: string;
  /** A file or folder that can be picked. */
  readonly picker?: 'model' | 'dataset';
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly default?: number;
}

/** A list of numbers, written with commas. */
export interface NumbersField extends FieldBase {
  readonly kind: 'numbers';
  readonly integer: boolean;
  readonly default?: readonly number[];
}

/** A list of texts, written with commas; without any there is no value. */
export interface TextsField extends FieldBase {
  readonly kind: 'texts';
}

export interface FlagField extends FieldBase {
  readonly kind: 'flag';
  readonly default: boolean;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** The values are numbers in the file. */
  readonly isNumeric?: boolean;
  readonly default?: string;
}

/** An object with fields of its own. */
export interface GroupField extends FieldBase {
  readonly kind: 'group';
  readonly fields: readonly FormField[];
}

/** One of several shapes; choosing another replaces the value by that variant's `initial`. */
export interface VariantsField extends FieldBase {
  readonly kind: 'variants';
  /** Key that tells the variants apart, such as `architecture`; absent where shapes or constants do. */
  readonly tag?: string;
  readonly variants: readonly Variant[];
  /** What a missing value means. */
  readonly default?: unknown;
}

/** A list whose items are one of several shapes. */
export interface ListField extends FieldBase {
  readonly kind: 'list';
  readonly item: VariantsField;
  readonly default: readonly unknown[];
}

export interface Variant {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly match: VariantMatch;
  readonly initial: unknown;
  /** A field without a name is the value itself. */
  readonly fields: readonly FormField[];
}

/** How a value is recognised as a variant: it is a number, it equals a constant, one of its keys does, or it has a key. */
export type VariantMatch =
  | { readonly kind: 'number' }
  | { readonly kind: 'constant'; readonly value: string | null }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string }
  | { readonly kind: 'key'; readonly key: string };

export interface FormSection {
  readonly id: string;
  readonly title: string;
  readonly help?: string;
  readonly fields: readonly FormField[];
}
