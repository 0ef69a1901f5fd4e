// Takes the recordings of clips into an export: contained sources, free names, several files at a time, rows in order.
import { cancelledError, EarmarkError } from '../../../shared/errors.ts';
import { Containment } from '../containment.ts';
import { stemOf } from '../names.ts';
import type { Destination } from './destination.ts';
import type { ExportClip, ExportControl } from './types.ts';

const FILES_AT_ONCE = 16;

/** Sources of clips, each checked to lie inside its dataset's folder. */
export class ClipSources {
  readonly #containments = new Map<string, Promise<Containment>>();
  readonly #destination: Destination;

  constructor(destination: Destination) {
    this.#destination = destination;
  }

  /** Absolute path of a clip's file. @throws EarmarkError `export/no-file`, `path/...`. */
  async of(clip: ExportClip): Promise<string> {
    if (clip.root === null) {
      throw new EarmarkError('export/no-file', `${clip.path}: it is not known where its recording lies.`);
    }
    this.#destination.refuseSource(clip.root);
    let containment = this.#containments.get(clip.root);
    if (containment === undefined) {
      containment = Containment.open(clip.root);
      this.#containments.set(clip.root, containment);
    }
    const inside = await containment;
    return inside.absolute(await inside.locateOne(clip.path, { file: `The dataset ${clip.dataset}` }));
  }
}

/**
 * Runs `take` for every clip, a few at a time, then `write` in the clips' order. `take` returns null for a clip that is
 * left out; errors about one clip's file are reported and the others go on. What `take` does before it first waits is
 * done in order too.
 */
export async function eachClip<Taken>(
  clips: Iterable<ExportClip> | AsyncIterable<ExportClip>,
  control: ExportControl,
  take: (clip: ExportClip) => Promise<Taken | null>,
  write: (taken: Taken, clip: ExportClip) => Promise<void>,
  doneBefore = 0,
): Promise<number> {
  let group: ExportClip[] = [];
  let done = doneBefore;
  const flush = async (): Promise<void> => {
    if (control.signal.aborted) throw cancelledError();
    const results = await Promise.allSettled(group.map(take));
    for (const [index, result] of results.entries()) {
      const clip = group[index];
      if (clip === undefined) continue;
      if (result.status === 'fulfilled') {
        if (result.value !== null) await write(result.value, clip);
      } else {
        const error: unknown = result.reason;
        if (!isAboutOneClip(error)) throw error;
        control.failure({ file: clip.path, code: error.code, message: error.message });
      }
    }
    done += group.length;
    group = [];
    control.progress(done);
  };
  for await (const clip of clips) {
    group.push(clip);
    if (group.length === FILES_AT_ONCE) await flush();
  }
  if (group.length > 0) await flush();
  return done;
}

/** Errors that leave one clip out; any other ends the export. */
function isAboutOneClip(error: unknown): error is EarmarkError {
  if (!(error instanceof EarmarkError)) return false;
  return error.code.startsWith('path/') || ['export/no-file', 'export/unreadable'].includes(error.code);
}

/** File names within an export; two that differ in case alone count as one, for disks that ignore case. */
export class FreeNames {
  readonly #taken = new Set<string>();

  /** `name`, or the first free variant of it. */
  claim(name: string): string {
    let free = name;
    for (let n = 2; this.#taken.has(free.toLowerCase()); n++) free = variantOf(name, n);
    this.#taken.add(free.toLowerCase());
    return free;
  }
}

/**
 * Another name for the same take. After `_nohash_` comes a number that readers parse, so that number changes: the part
 * before, by which speakers are hashed into splits, stays.
 */
function variantOf(name: string, n: number): string {
  const numbered = /^(.*_nohash_)(\d+)(\.[^./]*)$/s.exec(name);
  if (numbered !== null) return `${numbered[1]}${Number(numbered[2]) + n - 1}${numbered[3]}`;
  const slash = name.lastIndexOf('/') + 1;
  const file = name.slice(slash);
  const stem = stemOf(file);
  return `${name.slice(0, slash)}${stem}-${n}${file.slice(stem.length)}`;
}
