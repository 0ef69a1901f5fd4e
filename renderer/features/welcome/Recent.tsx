// Projects opened before: name, clips, when. One that is no longer there can only be forgotten.
import { useQuery } from '@tanstack/react-query';
import { Button as AriaButton } from 'react-aria-components';
import { calls, client, errorDataOf, queryClient } from '../../lib/client.ts';
import { counted, when } from '../../lib/format.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { ErrorNotice, IconButton } from '../../ui/index.ts';
import { openProject } from '../project/index.ts';

export function Recent(props: { readonly isBusy: boolean; readonly busyHandle: string | null }) {
  const recent = useQuery({ ...calls.project.recent.queryOptions(), staleTime: 0 });
  const forget = async (handle: string) => {
    try {
      await client.project.forgetRecent({ handle });
      await queryClient.invalidateQueries({ queryKey: calls.project.recent.key() });
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  return (
    <section className="welcome-recent" aria-labelledby="welcome-recent">
      <h2 id="welcome-recent">Recent projects</h2>
      {recent.error && (
        <ErrorNotice error={errorDataOf(recent.error)} onRetry={() => void recent.refetch()} />
      )}
      {recent.data?.length === 0 && <p className="secondary">Projects that you open are listed here.</p>}
      <ul>
        {recent.data?.map(({ place, folder, clips, openedAt, isPresent }) => (
          <li key={place.handle} className={isPresent ? '' : 'is-missing'}>
            <AriaButton
              className="welcome-project"
              isDisabled={!isPresent || props.isBusy}
              onPress={() => void openProject(place)}
            >
              <span className="welcome-project-name ellipsis" dir="auto">
                {place.name}
              </span>
              <span className="secondary ellipsis" dir="auto" title={folder}>
                {isPresent ? folder : 'no longer there'}
              </span>
              <span className="secondary numeric">{counted(clips, 'clip')}</span>
              <span className="secondary numeric">
                {props.busyHandle === place.handle ? 'opening' : when(openedAt)}
              </span>
            </AriaButton>
            <IconButton
              icon="close"
              title={`Forget ${place.name}`}
              onPress={() => void forget(place.handle)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
