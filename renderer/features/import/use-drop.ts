// A folder or file dropped anywhere on the window. Only the desktop can tell where it lies; the browser is told so.
import { useEffect, useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import { errorDataOf } from '../../lib/client.ts';
import { host } from '../../lib/host.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';

/** True while files are dragged over the window. `onPlace` gets the first one dropped. */
export function useDrop(onPlace: (place: Place) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'link';
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file) void take(file);
    };
    const take = async (file: File) => {
      try {
        const place = await host.placeOfDroppedFile(file);
        if (place) onPlace(place);
        else
          notify({
            kind: 'done',
            text: 'A browser does not say where a dropped folder lies. Choose it instead.',
          });
      } catch (error) {
        notifyError(errorDataOf(error));
      }
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onPlace]);
  return isOver;
}
