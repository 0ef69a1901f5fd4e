// Exports the Speech Commands layout (FORMATS 1): a folder per label, noise aside, list files for the splits.
import { EarmarkError } from '../../../shared/errors.ts';
import { baseName, byCodeUnit, NOISE_FOLDER } from '../names.ts';
import { whichSet } from '../which-set.ts';
import { ClipSources, eachClip, FreeNames } from './audio-out.ts';
import type { Destination } from './destination.ts';
import type { ExportClip, ExportControl, ExportRequest } from './types.ts';

const listOfSplit: Readonly<Record<string, 'validation' | 'testing'>> = {
  validation: 'validation',
  test: 'testing',
};

/** @throws EarmarkError `export/label-name`, `export/audio`. */
export async function exportSpeechCommands(
  request: ExportRequest,
  destination: Destination,
  control: ExportControl,
): Promise<number> {
  const mode = request.audio;
  if (mode === 'none') {
    throw new EarmarkError(
      'export/audio',
      'The Speech Commands layout is folders of recordings. Choose copies or links, or export a table instead.',
    );
  }
  for (const label of request.labels ?? []) checkLabel(label);
  const sources = new ClipSources(destination);
  const names = new FreeNames();
  const labels = new LabelFolders(destination);
  const lists = { validation: [] as string[], testing: [] as string[] };
  const moved: ExportClip[] = [];
  const counts = { clips: 0, unlabelled: 0, notWav: 0, otherSplit: 0, unlikeHash: 0 };
  const renamed: string[] = [];
  let hasSplits = false;

  const place = async (clip: ExportClip): Promise<string | null> => {
    const folder = clip.kind === 'noise' ? NOISE_FOLDER : clip.label;
    if (folder === null) {
      counts.unlabelled++;
      return null;
    }
    const wanted = `${folder}/${fileName(clip.path)}`;
    const name = names.claim(wanted);
    if (clip.kind === 'speech') await labels.check(folder);
    await destination.file(await sources.of(clip), name, mode);
    if (name !== wanted) renamed.push(`${clip.path} is ${name}`);
    return name;
  };
  const record = async (name: string, clip: ExportClip): Promise<void> => {
    counts.clips++;
    if (clip.kind === 'noise') return;
    if (!/\.wav$/i.test(name)) counts.notWav++;
    if (clip.split === null) return;
    hasSplits = true;
    const list = listOfSplit[clip.split];
    if (list !== undefined) lists[list].push(name);
    else if (clip.split !== 'train') counts.otherSplit++;
    if (whichSet(name) !== (list ?? 'training')) counts.unlikeHash++;
  };

  // Clips that stay under their word come first, so that it is the moved ones that give way.
  const staying = async function* () {
    for await (const clip of request.clips) {
      if (isMoved(clip)) moved.push(clip);
      else yield clip;
    }
  };
  const done = await eachClip(staying(), control, place, record);
  await eachClip(moved, control, place, record, done);

  if (hasSplits) {
    for (const [list, paths] of Object.entries(lists)) {
      const text = await destination.text(`${list}_list.txt`);
      for (const path of paths.sort(byCodeUnit)) await text.write(`${path}\n`);
    }
  }
  destination.notes.push(...notesOf(counts, renamed));
  return counts.clips;
}

function isMoved(clip: ExportClip): boolean {
  return clip.kind === 'speech' && clip.label !== clip.originalLabel;
}

/** Line ends in a name would break the list files. */
function fileName(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return baseName(path).replaceAll(/[\x00-\x1f\x7f]/g, '_');
}

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** @throws EarmarkError `export/label-name` for a label that cannot name a folder on every system. */
export function checkLabel(label: string): void {
  const reason = whyNotFolder(label);
  if (reason === null) return;
  throw new EarmarkError(
    'export/label-name',
    `The label ${JSON.stringify(label)} cannot be the name of a folder: it ${reason}. Relabel these clips, or export a table instead.`,
    { label },
  );
}

function whyNotFolder(label: string): string | null {
  if (label === '') return 'is empty';
  if (/[/\\]/.test(label)) return 'has a slash';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\x00-\x1f\x7f]/.test(label)) return 'has a line end or another control character';
  if (label.startsWith('.')) return 'begins with a dot';
  if (/[. ]$/.test(label)) return 'ends with a dot or a blank';
  if (label === NOISE_FOLDER) return 'is the name of the noise folder';
  if (RESERVED.test(label)) return 'is a reserved name on Windows';
  if (process.platform === 'win32' && /[<>:"|?*]/.test(label)) return 'has a character that Windows forbids';
  return Buffer.byteLength(label) > 255 ? 'is longer than 255 bytes' : null;
}

/** Labels met so far; those that a disk would take for one folder are refused. */
class LabelFolders {
  readonly #destination: Destination;
  readonly #byLowerCase = new Map<string, string>();

  constructor(destination: Destination) {
    this.#destination = destination;
  }

  async check(label: string): Promise<void> {
    const key = label.toLowerCase();
    const known = this.#byLowerCase.get(key);
    if (known === label) return;
    checkLabel(label);
    if (known === undefined) this.#byLowerCase.set(key, label);
    else if (await this.#destination.ignoresCase()) {
      throw new EarmarkError(
        'export/label-name',
        `The labels "${known}" and "${label}" would be one folder on this disk. Make them one label, or export a table instead.`,
        { labels: [known, label] },
      );
    }
  }
}

function notesOf(
  counts: { unlabelled: number; notWav: number; otherSplit: number; unlikeHash: number },
  renamed: readonly string[],
): string[] {
  const notes: string[] = [];
  if (counts.unlabelled > 0) notes.push(`${counts.unlabelled} clips without a label were left out.`);
  if (renamed.length > 0) {
    notes.push(
      `${renamed.length} files have another name, because theirs was taken: ${renamed.slice(0, 3).join('; ')}.`,
    );
  }
  if (counts.notWav > 0)
    notes.push(`${counts.notWav} recordings are not WAV, which the original tools read only.`);
  if (counts.otherSplit > 0) {
    notes.push(
      `${counts.otherSplit} clips are in no list and so count as training, whatever their split is called.`,
    );
  }
  if (counts.unlikeHash > 0) {
    notes.push(
      `For ${counts.unlikeHash} files a tool that hashes names instead of reading the lists finds another split.`,
    );
  }
  return notes;
}
