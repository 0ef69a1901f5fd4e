// What stands between the person and the dataset: a folder that is not where it was, a project in a risky place.
import { useMutation } from '@tanstack/react-query';
import { client, errorDataOf } from '../../lib/client.ts';
import { readAgain } from '../../lib/events.ts';
import { counted } from '../../lib/format.ts';
import { host } from '../../lib/host.ts';
import { useProject } from '../../lib/project.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { Button, Icon } from '../../ui/index.ts';

function useRelink() {
  return useMutation({
    mutationFn: async (dataset: string) => {
      const place = await host.chooseFolder();
      if (!place) return null;
      return await client.imports.relink({ dataset, place });
    },
    onSuccess: (reply) => {
      if (!reply) return;
      void readAgain();
      const rest = reply.missing > 0 ? `; ${counted(reply.missing, 'file')} still missing` : '';
      notify({ kind: 'done', text: `${counted(reply.found, 'file')} found${rest}` });
    },
    onError: (error) => notifyError(errorDataOf(error)),
  });
}

export function Warnings() {
  const project = useProject();
  const relink = useRelink();
  if (!project) return null;
  const lost = project.datasets.filter(({ isRootPresent }) => !isRootPresent);
  if (lost.length === 0 && project.warnings.length === 0 && !project.isReadOnly) return null;
  return (
    <ul className="overview-warnings" aria-label="Warnings">
      {lost.map(({ name, clips }) => (
        <li key={name}>
          <Icon name="warning" />
          <span>
            The folder of <bdi>{name}</bdi> is not where it was. Its {counted(clips, 'clip')} cannot be heard;
            labels and decisions are all here.
          </span>
          <Button
            isSmall
            icon="folder"
            isDisabled={relink.isPending || project.isReadOnly}
            onPress={() => relink.mutate(name)}
          >
            Find the folder…
          </Button>
        </li>
      ))}
      {project.isReadOnly && (
        <li>
          <Icon name="warning" />
          <span>The project is read-only: look and listen, but no decision can be saved.</span>
        </li>
      )}
      {project.warnings.map(({ code, message }) => (
        <li key={code + message}>
          <Icon name="warning" />
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}
