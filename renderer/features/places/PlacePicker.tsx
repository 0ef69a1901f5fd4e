// The browser's stand-in for the native dialogs: folders and files of the machine the engine runs on, within the
// roots it allows. The renderer holds handles, never paths.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button as AriaButton, GridList, GridListItem } from 'react-aria-components';
import type { Place } from '../../../shared/contract/common.ts';
import type { FileKind } from '../../../shared/contract/host.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { bytes } from '../../lib/format.ts';
import type { PickerRequest } from '../../lib/host.ts';
import { remember, remembered } from '../../lib/storage.ts';
import { Button, Dialog, ErrorNotice, Icon, type IconName, Spinner, TextField } from '../../ui/index.ts';

const icons: Readonly<Record<'folder' | FileKind, IconName>> = {
  folder: 'folder',
  project: 'project',
  table: 'table',
  audio: 'volume',
  array: 'grid',
  file: 'file',
};

const titles: Readonly<Record<FileKind, string>> = {
  project: 'project file',
  table: 'table',
  audio: 'recording',
  array: 'array (.npy)',
  file: 'file',
};

interface PlacePickerProps {
  readonly request: PickerRequest;
  readonly onAnswer: (place: Place | null) => void;
}

function isWanted(request: PickerRequest, kind: 'folder' | FileKind): boolean {
  return (
    request.choose === 'file' &&
    kind !== 'folder' &&
    (request.kinds.includes('file') || request.kinds.includes(kind))
  );
}

export function PlacePicker({ request, onAnswer }: PlacePickerProps) {
  const roots = useQuery(calls.places.roots.queryOptions());
  const [visited, setVisited] = useState<string | null>(() => remembered('lastFolder', null));
  const [wish, setWish] = useState<Place | null>(null);
  const [search, setSearch] = useState('');
  const handle = visited ?? roots.data?.[0]?.handle ?? null;
  const folder = useQuery({
    ...calls.places.list.queryOptions({ input: { handle: handle ?? '' } }),
    enabled: handle !== null,
    staleTime: 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const [newName, setNewName] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  const go = (next: string) => {
    setVisited(next);
    setWish(null);
    setSearch('');
    setNewName(null);
    setFailure(null);
  };
  const answer = (place: Place) => {
    remember('lastFolder', handle);
    onAnswer(place);
  };
  const makeFolder = async () => {
    if (!handle || !newName?.trim()) return;
    try {
      go((await client.places.makeFolder({ handle, name: newName.trim() })).handle);
    } catch (error) {
      setFailure(error);
    }
  };

  const wanted = search.trim().toLocaleLowerCase();
  const entries = (folder.data?.entries ?? []).filter(
    (entry) => wanted === '' || entry.place.name.toLocaleLowerCase().includes(wanted),
  );
  const isFolderChoice = request.choose === 'folder';
  const chosen = isFolderChoice ? (wish ?? folder.data?.place ?? null) : wish;
  const kinds = request.choose === 'file' ? request.kinds.map((kind) => titles[kind]).join(' or ') : 'folder';
  return (
    <Dialog
      title={`Choose a ${kinds}`}
      size="large"
      isOpen
      onClose={() => onAnswer(null)}
      footnote={
        chosen ? (
          <span className="ellipsis" dir="auto">
            {chosen.name}
          </span>
        ) : (
          `No ${kinds} chosen`
        )
      }
      actions={
        <>
          <Button onPress={() => onAnswer(null)}>Cancel</Button>
          <Button tone="primary" isDisabled={!chosen} onPress={() => chosen && answer(chosen)}>
            {isFolderChoice ? 'Choose this folder' : 'Choose'}
          </Button>
        </>
      }
    >
      <div className="places">
        <nav className="places-roots" aria-label="Places">
          {(roots.data ?? []).map((root) => (
            <AriaButton key={root.handle} className="places-root" onPress={() => go(root.handle)}>
              <Icon name="home" />
              <span className="ellipsis" dir="auto">
                {root.name}
              </span>
            </AriaButton>
          ))}
        </nav>
        <div className="places-folder">
          <div className="places-bar">
            <ol className="places-trail" aria-label="Folder">
              {(folder.data?.trail ?? []).map((step) => (
                <li key={step.handle}>
                  <AriaButton className="door" onPress={() => go(step.handle)}>
                    <bdi>{step.name}</bdi>
                  </AriaButton>
                </li>
              ))}
            </ol>
            <TextField
              label="Find in this folder"
              isLabelHidden
              icon="search"
              placeholder="Find in this folder"
              value={search}
              onChange={setSearch}
            />
          </div>
          {roots.error && (
            <ErrorNotice error={errorDataOf(roots.error)} onRetry={() => void roots.refetch()} />
          )}
          {folder.error && (
            <ErrorNotice
              error={errorDataOf(folder.error)}
              onRetry={() => go(roots.data?.[0]?.handle ?? '')}
            />
          )}
          {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
          {folder.isPending && !folder.error && <Spinner label="Reading the folder" />}
          {folder.data && (
            <GridList
              aria-label="Entries"
              className="places-list"
              selectionMode="single"
              selectionBehavior="replace"
              selectedKeys={wish ? [wish.handle] : []}
              onSelectionChange={(keys) => {
                const entry = entries.find(({ place }) => keys !== 'all' && keys.has(place.handle));
                const isPossible =
                  entry && (isFolderChoice ? entry.kind === 'folder' : isWanted(request, entry.kind));
                setWish(isPossible ? entry.place : null);
              }}
              onAction={(key) => {
                const entry = entries.find(({ place }) => place.handle === key);
                if (entry?.kind === 'folder') go(entry.place.handle);
                else if (entry && isWanted(request, entry.kind)) answer(entry.place);
              }}
              renderEmptyState={() => (
                <span className="secondary">
                  {wanted === '' ? 'This folder is empty.' : 'Nothing has this name.'}
                </span>
              )}
            >
              {entries.map((entry) => (
                <GridListItem
                  key={entry.place.handle}
                  id={entry.place.handle}
                  textValue={entry.place.name}
                  className={`places-entry${entry.kind === 'folder' || isWanted(request, entry.kind) ? '' : ' is-other'}`}
                >
                  <Icon name={icons[entry.kind]} />
                  <span className="ellipsis" dir="auto">
                    {entry.place.name}
                  </span>
                  <span className="secondary small">{entry.bytes === null ? '' : bytes(entry.bytes)}</span>
                </GridListItem>
              ))}
            </GridList>
          )}
          {folder.data?.truncated && (
            <p className="secondary small">Only the first entries are shown; type to find others by name.</p>
          )}
          {isFolderChoice &&
            (newName === null ? (
              <Button isSmall tone="quiet" icon="plus" onPress={() => setNewName('')}>
                New folder
              </Button>
            ) : (
              <div className="places-new">
                <TextField
                  label="Name of the new folder"
                  isLabelHidden
                  autoFocus
                  placeholder="Name of the new folder"
                  value={newName}
                  onChange={setNewName}
                  onSubmit={() => void makeFolder()}
                />
                <Button onPress={() => void makeFolder()}>Make it</Button>
              </div>
            ))}
        </div>
      </div>
    </Dialog>
  );
}
