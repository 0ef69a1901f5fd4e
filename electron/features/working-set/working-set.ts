// The open project in memory, by columns: what filters, sorting, facets and confusions read. Built from the catalog's
// records, brought up to date in place after decisions, built again after an import. It knows no SQL and no files.
import { type FlagKind, flagKinds } from '../../../shared/domain/flag.ts';
import type { ClipRecord, FlagRecord } from '../../catalog/records.ts';
import {
  type BooleanColumn,
  type CodeColumn,
  type CodeColumnName,
  codeColumn,
  codeColumnNames,
  type FlagColumn,
  type NumberColumn,
  type NumberColumnName,
  numberColumn,
  numberColumnNames,
  type TextColumn,
} from './columns.ts';
import { Dictionary } from './dictionary.ts';
import { type ProbabilityMatrix, RunColumns, type RunInput } from './run-columns.ts';

if (flagKinds.length > 32)
  throw new Error('open flags are kept as 32 bits per clip; more kinds need wider masks');

export type { ProbabilityMatrix, RunInput };

export interface WorkingSetInput {
  readonly revision: number;
  readonly datasets: readonly { readonly id: number; readonly name: string }[];
  /** In any order. */
  readonly clips: Iterable<ClipRecord>;
  /** All flags; only open ones count. */
  readonly flags: Iterable<FlagRecord>;
  readonly runs: readonly RunInput[];
  readonly runInUse: string | null;
  /** Names of the columns that imported tables have beside the fields. */
  readonly columnNames: readonly string[];
  /** Reads such a column when a filter or a facet first needs it: clip ids with their values. */
  readonly loadColumn: (name: string) => Iterable<readonly [clipId: number, value: string]>;
  /** Reads a run's probabilities when a filter or a page first needs them. */
  readonly loadProbabilities: (run: string) => ProbabilityMatrix | null;
}

export class WorkingSet {
  /** The catalog's revision that this shows; set by whoever keeps it up to date. */
  revision: number;
  /** Clip ids by row, ascending. */
  readonly ids: Int32Array;
  readonly path: TextColumn;
  readonly sampleHash: TextColumn;
  readonly present: BooleanColumn;
  readonly flag: FlagColumn;
  readonly codes: Readonly<Record<CodeColumnName, CodeColumn>>;
  readonly numbers: Readonly<Record<NumberColumnName, NumberColumn>>;
  /** Shared by label, original label and the predictions of all runs. */
  readonly labels = new Dictionary();
  /** Shared by transcript, original transcript and hypotheses. */
  readonly transcripts = new Dictionary();
  readonly #datasetNames = new Map<number, string>();
  readonly #runs = new Map<string, RunColumns>();
  readonly columnNames: readonly string[];
  readonly #columns = new Map<string, CodeColumn>();
  readonly #loadColumn: WorkingSetInput['loadColumn'];
  readonly #loadProbabilities: (run: string) => ProbabilityMatrix | null;
  #runInUse: string | null;
  #version = 0;

  constructor(input: WorkingSetInput) {
    const clips = inOrder([...input.clips]);
    this.revision = input.revision;
    this.#runInUse = input.runInUse;
    this.#loadProbabilities = input.loadProbabilities;
    this.columnNames = input.columnNames;
    this.#loadColumn = input.loadColumn;
    for (const { id, name } of input.datasets) this.#datasetNames.set(id, name);
    this.ids = Int32Array.from(clips, (clip) => clip.id);
    this.path = { type: 'texts', texts: clips.map((clip) => clip.path), version: 0 };
    this.sampleHash = { type: 'texts', texts: clips.map((clip) => clip.measures.sampleHash), version: 0 };
    this.present = { type: 'booleans', values: new Int8Array(clips.length), version: 0 };
    this.flag = { type: 'flags', masks: new Uint32Array(clips.length), version: 0 };
    this.codes = byName(codeColumnNames, (name) => codeColumn(clips.length, this.#dictionaryFor(name)));
    this.numbers = byName(numberColumnNames, () => numberColumn(clips.length));
    clips.forEach((clip, row) => {
      this.#write(row, clip);
    });
    this.setFlags(input.flags);
    for (const run of input.runs) this.setRun(run);
    this.#version = 0;
  }

  /** Number of clips. */
  get size(): number {
    return this.ids.length;
  }

  /** Goes up with every change of anything: results computed for another version are stale. */
  get version(): number {
    return this.#version;
  }

  get runs(): ReadonlyMap<string, RunColumns> {
    return this.#runs;
  }

  get runInUse(): string | null {
    return this.#runInUse;
  }

  set runInUse(name: string | null) {
    this.#runInUse = name;
    this.#version++;
  }

  /** The run of a name, or the run in use for null; null when there is none. */
  run(name: string | null): RunColumns | null {
    const wanted = name ?? this.#runInUse;
    return wanted === null ? null : (this.#runs.get(wanted) ?? null);
  }

  /** Row of a clip id; -1 when the clip is not here. */
  rowOf(id: number): number {
    const { ids } = this;
    if (ids.length === 0) return -1;
    // Ids of one import have no gaps: the guess is nearly always right.
    const guess = id - ids[0]!;
    if (ids[guess] === id) return guess;
    let low = 0;
    let high = ids.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = ids[middle]!;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** A column of an imported table; null when no table has it. Only an import changes it, and then this set is made anew. */
  column(name: string): CodeColumn | null {
    const known = this.#columns.get(name);
    if (known !== undefined || !this.columnNames.includes(name)) return known ?? null;
    const column = codeColumn(this.size, new Dictionary());
    for (const [id, value] of this.#loadColumn(name)) {
      const row = this.rowOf(id);
      if (row >= 0) column.codes[row] = column.dictionary.add(value);
    }
    this.#columns.set(name, column);
    return column;
  }

  /** The current label of a row; null = none. */
  labelAt(row: number): string | null {
    return this.labels.valueOf(this.codes.label.codes[row] ?? -1);
  }

  /** The kinds of the open flags of a row. */
  openFlagsAt(row: number): FlagKind[] {
    const mask = this.flag.masks[row] ?? 0;
    return flagKinds.filter((_, bit) => ((mask >>> bit) & 1) === 1);
  }

  /**
   * Takes over a clip's present values after a decision.
   * @returns false when the clip is not here (the set must be built again).
   */
  applyClip(clip: ClipRecord): boolean {
    const row = this.rowOf(clip.id);
    if (row < 0) return false;
    this.#write(row, clip);
    this.#version++;
    return true;
  }

  /** Takes over all flags of one clip. */
  applyFlags(clipId: number, flags: Iterable<Pick<FlagRecord, 'kind' | 'status'>>): void {
    const row = this.rowOf(clipId);
    if (row < 0) return;
    let mask = 0;
    for (const flag of flags) if (flag.status === 'open') mask |= 1 << flagKinds.indexOf(flag.kind);
    this.flag.masks[row] = mask;
    this.flag.version++;
    this.#version++;
  }

  /** Takes over all flags of the project. */
  setFlags(flags: Iterable<Pick<FlagRecord, 'clipId' | 'kind' | 'status'>>): void {
    const { masks } = this.flag;
    masks.fill(0);
    const bits = new Map(flagKinds.map((kind, bit) => [kind, 1 << bit] as const));
    for (const { clipId, kind, status } of flags) {
      if (clipId === null || status !== 'open') continue;
      const row = this.rowOf(clipId);
      if (row >= 0) masks[row]! |= bits.get(kind) ?? 0;
    }
    this.flag.version++;
    this.#version++;
  }

  /** Adds a run, or takes over its predictions anew. */
  setRun(run: RunInput): void {
    const columns = new RunColumns(
      run,
      this.size,
      (id) => this.rowOf(id),
      this.labels,
      this.transcripts,
      this.#loadProbabilities,
    );
    this.#runs.set(run.name, columns);
    this.#version++;
  }

  removeRun(name: string): void {
    this.#runs.delete(name);
    if (this.#runInUse === name) this.#runInUse = null;
    this.#version++;
  }

  #dictionaryFor(name: CodeColumnName): Dictionary {
    if (name === 'label' || name === 'originalLabel') return this.labels;
    return name === 'transcript' || name === 'originalTranscript' ? this.transcripts : new Dictionary();
  }

  #write(row: number, clip: ClipRecord): void {
    const { measures } = clip;
    const code = (name: CodeColumnName, value: string | null) => {
      const column = this.codes[name];
      const next = column.dictionary.add(value);
      if (column.codes[row] === next) return;
      column.codes[row] = next;
      column.version++;
    };
    const number = (name: NumberColumnName, value: number | null, ifNull = Number.NaN) => {
      const column = this.numbers[name];
      const next = value ?? ifNull;
      if (Object.is(column.values[row], next)) return;
      column.values[row] = next;
      column.version++;
    };
    code('dataset', this.#datasetNames.get(clip.datasetId) ?? '');
    code('kind', clip.kind);
    code('label', clip.label);
    code('originalLabel', clip.originalLabel);
    code('transcript', clip.transcript);
    code('originalTranscript', clip.originalTranscript);
    code('split', clip.split);
    code('speaker', clip.speaker);
    code('gender', clip.gender);
    code('age', clip.age);
    code('accent', clip.accent);
    code('locale', clip.locale);
    code('container', measures.container);
    code('encoding', measures.encoding);
    code('review', clip.review);
    code('reviewReason', clip.reviewReason);
    code('note', clip.note);
    number('durationSec', measures.frames / measures.sampleRate);
    number('sampleRate', measures.sampleRate);
    number('channels', measures.channels);
    number('peakDbfs', measures.peakDbfs, Number.NEGATIVE_INFINITY);
    number('rmsDbfs', measures.rmsDbfs, Number.NEGATIVE_INFINITY);
    number('clippedSamples', measures.clippedSamples);
    number('clippedRuns', measures.clippedRuns);
    number('dcOffset', measures.dcOffset);
    number('leadingSilenceSec', measures.leadingSilenceSec);
    number('trailingSilenceSec', measures.trailingSilenceSec);
    number('startEdgeDb', measures.startEdgeDb);
    number('endEdgeDb', measures.endEdgeDb);
    number('fileBytes', clip.fileBytes);
    const isPresent = clip.isPresent ? 1 : 0;
    if (this.present.values[row] !== isPresent) {
      this.present.values[row] = isPresent;
      this.present.version++;
    }
  }
}

function byName<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): Readonly<Record<Name, Value>> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
}

/** Rows are found by id with binary search, so they stand in id order; the catalog gives them that way. */
function inOrder(clips: ClipRecord[]): ClipRecord[] {
  for (let i = 1; i < clips.length; i++) {
    if (clips[i - 1]!.id > clips[i]!.id) return clips.sort((a, b) => a.id - b.id);
  }
  return clips;
}
