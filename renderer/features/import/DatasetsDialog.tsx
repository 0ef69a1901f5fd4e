// The project's datasets, each with "import again" and "find its folder".
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { type DatasetFormat, datasetFormatTitles } from '../../../shared/domain/dataset.ts';
import { runCommand } from '../../lib/commands.ts';
import { counted } from '../../lib/format.ts';
import { Button, Dialog } from '../../ui/index.ts';

export function DatasetsDialog(props: {
  readonly project: ProjectInfo;
  readonly onImportAgain: (dataset: string) => Promise<void>;
  readonly onRelink: (dataset: string) => Promise<void>;
  readonly onClose: () => void;
}) {
  const { project, onClose } = props;
  return (
    <Dialog
      title="Datasets"
      isOpen
      onClose={onClose}
      footnote="Importing again keeps every decision."
      actions={
        <Button
          icon="import"
          isDisabled={project.isReadOnly}
          onPress={() => {
            onClose();
            runCommand('dataset.import');
          }}
        >
          Import another…
        </Button>
      }
    >
      {project.datasets.length === 0 && <p className="secondary">This project has no dataset yet.</p>}
      <ul className="datasets">
        {project.datasets.map((dataset) => (
          <li key={dataset.name}>
            <span className="datasets-name">
              <bdi className="ellipsis">{dataset.name}</bdi>
              <span className="secondary small">
                {datasetFormatTitles[dataset.format as DatasetFormat] ?? dataset.format},{' '}
                {counted(dataset.clips, 'clip')}
                {!dataset.isRootPresent && <span className="wrong">, its folder is not there</span>}
              </span>
            </span>
            <Button
              isSmall
              isDisabled={project.isReadOnly || !dataset.isRootPresent}
              onPress={() => {
                onClose();
                void props.onImportAgain(dataset.name);
              }}
            >
              Import again
            </Button>
            <Button isSmall isDisabled={project.isReadOnly} onPress={() => void props.onRelink(dataset.name)}>
              Find its folder…
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
