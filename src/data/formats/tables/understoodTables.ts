import type { Targets } from '../../targets.ts';
import type { Table } from './column.ts';
import type { TablePlan } from './understandTable.ts';

/** The tables of the splits and what their columns are used as. */
export interface UnderstoodTables {
  readonly format: string;
  readonly plan: TablePlan;
  readonly training: TableSamples;
  readonly validation?: TableSamples;
  readonly test?: TableSamples;
}

export interface TableSamples {
  readonly table: Table;
  /** In their own unit. */
  readonly targets: Targets;
}
