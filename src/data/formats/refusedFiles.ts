import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { pathProblem } from '../findings/problems.ts';
import type { Location } from '../source.ts';

/** Files that people keep data in and that are not read, why, and the way to one that is. */
const REFUSED: readonly (readonly [RegExp, string, string])[] = [
  [
    /\.(?:pkl|pickle|joblib|dill)$/i,
    'is a pickle, which runs whatever program its author put into it',
    "In Python, if you trust it: pandas.read_pickle(path).to_parquet('data.parquet'), or numpy.savez('data.npz', x=…, y=…).",
  ],
  [
    /^(?:data_batch_\d+|test_batch|batches\.meta)$/i,
    'is a pickle of CIFAR-10 for Python, which runs whatever program its author put into it',
    'Download the binary version (cifar-10-binary.tar.gz), or images in folders.',
  ],
  [
    /\.(?:pt|pth|ckpt)$/i,
    'is a PyTorch file, which may run a program of its author',
    "In Python, if you trust it: numpy.savez('data.npz', x=x.numpy(), y=y.numpy()).",
  ],
  [
    /\.tf_?rec(?:ords?)?(?:-\d+-of-\d+)?$/i,
    'is called like a file of TFRecords and does not begin as one',
    'Copy or download it again; one that is packed is called .tfrecord.gz.',
  ],
  [/\.xls$/i, 'is a workbook of Excel 97–2003', 'Save it as .xlsx, .ods or .csv.'],
  [/\.xlsb$/i, 'is a binary workbook of Excel', 'Save it as .xlsx, .ods or .csv.'],
  [
    /\.(?:rds|rdata|rda)$/i,
    'is a file of R',
    "In R: arrow::write_parquet(data, 'data.parquet') or write.csv(data, 'data.csv').",
  ],
  [/\.dta$/i, 'is a file of Stata', "In Python: pandas.read_stata(path).to_parquet('data.parquet')."],
  [/\.(?:sav|por)$/i, 'is a file of SPSS', "In Python: pandas.read_spss(path).to_parquet('data.parquet')."],
  [/\.(?:sas7bdat|xpt)$/i, 'is a file of SAS', "In Python: pandas.read_sas(path).to_parquet('data.parquet')."],
  [/\.(?:duckdb|ddb)$/i, 'is a database of DuckDB', "In DuckDB: COPY name TO 'data.parquet'."],
  [/\.(?:mdb|accdb)$/i, 'is a database of Access', 'Export the table as .xlsx or .csv.'],
  [
    /\.orc$/i,
    'is an ORC file',
    "In Python: pyarrow.parquet.write_table(pyarrow.orc.read_table(path), 'data.parquet').",
  ],
  [/\.avro$/i, 'is an Avro file', 'Convert it to Parquet or JSON lines.'],
  [
    /\.ya?ml$/i,
    'is a YAML file',
    "In Python: pandas.DataFrame(yaml.safe_load(open(path))).to_csv('data.csv', index=False).",
  ],
  [/\.numbers$/i, 'is a workbook of Numbers', 'Export it as .xlsx or .csv.'],
  [
    /\.(?:fasta|fa|fastq|fq|sdf|mol2?|pdb)$/i,
    'is a file of sequences or molecules',
    'Make a table with a column of texts and one of labels (.csv).',
  ],
  [
    /\.sql$/i,
    'is a dump of a database',
    'Load it into SQLite: sqlite3 data.db < dump.sql; or export the table as .csv.',
  ],
  [
    /\.(?:safetensors|gguf|keras|tflite|mlmodel|pb)$/i,
    'holds a network and no data',
    'Name the data that it was trained on, or other data of the kind.',
  ],
  [/\.(?:xml|html?|pdf|docx?)$/i, 'is a document and no table', 'Save its table as .csv or .xlsx.'],
];

/** Pickles of CIFAR-100 and the like have no ending. */
const MAY_BE_PICKLE = /^(?:train|test|meta|[^.]*(?:batch|data)[^.]*)$/i;
/** How a pickle of protocol 2 and later begins. */
const PICKLE = 0x80;
const LATEST_PROTOCOL = 5;

/** @throws BadInputError when the files that a location has are data of a kind that is not read */
export async function refuseOtherFiles({ folder, file, files }: Location): Promise<void> {
  for (const name of (file === undefined ? files : [file]).filter((each) => MAY_BE_PICKLE.test(each))) {
    if (REFUSED.some(([ending]) => ending.test(name)) || !(await isPickle(join(folder, name)))) continue;
    throw new BadInputError([
      pathProblem(
        `${name} is a pickle, which runs whatever program its author put into it; it is not read.`,
        'Of CIFAR, download the binary version (cifar-100-binary.tar.gz); else save the arrays as .npz or images in folders.',
      ),
    ]);
  }
  const found = (file === undefined ? files : [file]).flatMap((name) => {
    const [, what, wayOut] = REFUSED.find(([ending]) => ending.test(name)) ?? [];
    return what !== undefined && wayOut !== undefined ? [pathProblem(`${name} ${what}; it is not read.`, wayOut)] : [];
  });
  const [first] = found;
  if (first) throw new BadInputError([first]);
}

async function isPickle(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const [start = 0, protocol = 0] = buffer;
    return bytesRead === 2 && start === PICKLE && protocol >= 2 && protocol <= LATEST_PROTOCOL;
  } finally {
    await file.close();
  }
}
