// Exports a NeMo manifest (FORMATS 8): one JSON object per line, no blank lines, UTF-8. Paths are relative to the
// manifest when the audio is taken along, else absolute, both of which NeMo reads.
import { ClipSources } from './audio-out.ts';
import type { Destination } from './destination.ts';
import { rounded, tableName, withAudio } from './table.ts';
import type { ExportClip, ExportControl, ExportRequest } from './types.ts';

/** Clips without a transcript have their label as text; noise is left out. */
export async function exportNemo(
  request: ExportRequest,
  destination: Destination,
  control: ExportControl,
): Promise<number> {
  const text = await destination.text(tableName(destination, 'manifest.jsonl'));
  const sources = new ClipSources(destination);
  let noise = 0;
  let silent = 0;
  const spoken = async function* () {
    for await (const clip of request.clips) {
      if (clip.kind === 'noise') noise++;
      else yield clip;
    }
  };
  const clips = await withAudio({ ...request, clips: spoken() }, destination, control, async (path, clip) => {
    if (clip.transcript === null && clip.label === null) silent++;
    const file = request.audio === 'none' ? await absolute(clip, sources) : path;
    await text.write(`${JSON.stringify(entryOf(file, clip))}\n`);
  });
  if (noise > 0) destination.notes.push(`${noise} noise recordings were left out.`);
  if (silent > 0)
    destination.notes.push(`${silent} clips have neither transcript nor label; their text is empty.`);
  return clips;
}

/** A clip whose file is gone keeps its row, with the path it has in its dataset. */
async function absolute(clip: ExportClip, sources: ClipSources): Promise<string> {
  return sources.of(clip).catch(() => clip.path);
}

function entryOf(file: string, clip: ExportClip): object {
  return {
    audio_filepath: file,
    duration: rounded(clip.durationSec),
    text: clip.transcript ?? clip.label ?? '',
    ...(clip.label === null ? {} : { label: clip.label }),
    ...(clip.speaker === null ? {} : { speaker: clip.speaker }),
    ...(clip.split === null ? {} : { split: clip.split }),
    ...(clip.locale === null ? {} : { lang: clip.locale }),
  };
}
