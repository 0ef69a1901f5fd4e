// Commands of datasets from anywhere: import, import again, find a moved folder; and dropping on the window.
import { useCallback, useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { host, isDesktop } from '../../lib/host.ts';
import { useProject } from '../../lib/project.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { isModelFile, takeModel } from '../models/index.ts';
import { openProject } from '../project/index.ts';
import { DatasetsDialog } from './DatasetsDialog.tsx';
import { openImport, useImportPlace } from './import-flow.ts';
import { useDrop } from './use-drop.ts';

async function importAgain(dataset: string): Promise<void> {
  try {
    await client.imports.update({ dataset });
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

async function relink(dataset: string): Promise<void> {
  try {
    const place = await host.chooseFolder();
    if (!place) return;
    const { found, missing, changed } = await client.imports.relink({ dataset, place });
    const rest = [
      missing > 0 ? `${count(missing)} not there` : null,
      changed > 0 ? `${count(changed)} of another size` : null,
    ].filter((part) => part !== null);
    notify({
      kind: 'done',
      lead: 'found',
      text: `${counted(found, 'recording')} in ${place.name}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}`,
      ...(missing + changed > 0
        ? { action: { title: 'Import again', run: () => void importAgain(dataset) } }
        : {}),
    });
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

export function ImportHost() {
  const project = useProject();
  const [isListOpen, setIsListOpen] = useState(false);
  const [only, second] = project?.datasets ?? [];
  const canChange = () => project !== null && !project.isReadOnly && only !== undefined;
  const oneOrList = (task: (dataset: string) => Promise<void>) => {
    if (only && !second) void task(only.name);
    else setIsListOpen(true);
  };
  const importAgainOrFind = async (name: string): Promise<void> => {
    if (project?.datasets.find((dataset) => dataset.name === name)?.isRootPresent === false) {
      notify({
        kind: 'error',
        text: `The folder of ${name} is not where it was. Nothing was changed.`,
        action: { title: 'Find its folder…', run: () => void relink(name) },
      });
      return;
    }
    await importAgain(name);
  };
  const group = 'Dataset';
  useCommands([
    {
      id: 'dataset.import',
      title: 'Import a dataset…',
      group,
      keys: ['Mod+Shift+O'],
      when: () => !project?.isReadOnly,
      run: () => {
        useImportPlace.setState({ place: null });
        goTo('import');
      },
    },
    {
      id: 'dataset.update',
      title: 'Import again: new, changed and missing recordings',
      group,
      when: canChange,
      run: () => oneOrList(importAgainOrFind),
    },
    {
      id: 'dataset.relink',
      title: 'Find a moved dataset folder…',
      group,
      when: canChange,
      run: () => oneOrList(relink),
    },
    {
      id: 'dataset.list',
      title: 'Datasets of this project…',
      group,
      when: () => project !== null,
      run: () => setIsListOpen(true),
    },
  ]);
  const take = useCallback((place: Place) => {
    if (place.name.toLowerCase().endsWith('.earmark')) void openProject(place);
    else if (isModelFile(place.name)) takeModel(place);
    else openImport(place);
  }, []);
  const isOver = useDrop(take);
  return (
    <>
      {isOver && (
        <div className="drop-target">
          <p>
            {isDesktop
              ? 'Drop a dataset folder, a table of clips, a project or a model'
              : 'A browser does not say where a dropped folder lies'}
          </p>
        </div>
      )}
      {project && isListOpen && (
        <DatasetsDialog
          project={project}
          onImportAgain={importAgain}
          onRelink={relink}
          onClose={() => setIsListOpen(false)}
        />
      )}
    </>
  );
}
