// The frame around the views: rail, filter bar, view, inspector, strip; and what lies over them.
import { useEffect } from 'react';
import { I18nProvider } from 'react-aria-components';
import { DecisionDialogs, useDecisionCommands } from '../features/decisions/index.ts';
import { EmbeddingsHost } from '../features/embeddings/index.ts';
import { FilterBar } from '../features/filter/index.ts';
import { ImportHost } from '../features/import/index.ts';
import { Inspector } from '../features/inspector/index.ts';
import { JobStrip } from '../features/jobs/index.tsx';
import { ModelsHost } from '../features/models/index.ts';
import { PlacePickerHost } from '../features/places/index.tsx';
import { PlayerStrip } from '../features/player/index.ts';
import { ProjectHost } from '../features/project/index.ts';
import { RunsHost } from '../features/runs/index.ts';
import { errorDataOf } from '../lib/client.ts';
import { keysInWords, listenToKeys, runCommand } from '../lib/commands.ts';
import { connectEvents } from '../lib/events.ts';
import { keepFocus } from '../lib/focus.ts';
import { host } from '../lib/host.ts';
import { useProjectState } from '../lib/project.ts';
import { useLayout } from '../lib/state/layout.ts';
import { listenToAddress, useRoute } from '../lib/state/route.ts';
import type { ViewDefinition } from '../lib/view.ts';
import { ErrorNotice, IconToggle, Splitter } from '../ui/index.ts';
import { toggleInspector, useAppCommands, useIsInspectorOpen } from './app-commands.ts';
import { CheatSheet } from './CheatSheet.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Notices } from './Notices.tsx';
import { Palette } from './Palette.tsx';
import { Rail } from './Rail.tsx';
import { firstView, viewOf } from './views.ts';

function useListening(): void {
  useEffect(() => {
    const stops = [
      connectEvents(),
      listenToKeys(),
      listenToAddress(),
      keepFocus(),
      host.onMenuCommand((id) => {
        runCommand(id);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}

export function App() {
  useListening();
  useAppCommands();
  useDecisionCommands();
  const state = useProjectState();
  const project = state.data?.project ?? null;
  const wanted = viewOf(useRoute((route) => route.view));
  const isPossible = wanted && (project !== null || wanted.isWithoutProject);
  const view = isPossible ? wanted : firstView(project !== null);

  // The welcome is the studio's front door: it stands alone, also while the sample is being prepared.
  const hasRail = project !== null && view?.id !== 'welcome';
  const title = project ? `${project.name} – Earmark` : 'Earmark';
  useEffect(() => host.setTitle(title), [title]);

  return (
    <I18nProvider locale="en">
      <div className="frame">
        <div className="frame-banner">
          <ConnectionBanner />
        </div>
        {hasRail && <Rail view={view?.id ?? ''} />}
        <main className="main">
          {state.isError && !state.data ? (
            <div className="main-view">
              <ErrorNotice
                title="The studio's engine does not answer"
                error={errorDataOf(state.error)}
                onRetry={() => void state.refetch()}
              />
            </div>
          ) : (
            state.data && view && <Middle view={view} hasProject={project !== null} />
          )}
        </main>
        <footer className="strip">
          {hasRail && <PlayerStrip />}
          <JobStrip isWithoutJobsToo={hasRail} />
        </footer>
      </div>
      <Palette />
      <CheatSheet />
      <DecisionDialogs />
      <ProjectHost />
      <ImportHost />
      <RunsHost />
      <EmbeddingsHost />
      <ModelsHost />
      <PlacePickerHost />
      <Notices />
    </I18nProvider>
  );
}

function Middle({ view, hasProject }: { readonly view: ViewDefinition; readonly hasProject: boolean }) {
  const { inspectorWidth, change } = useLayout();
  const { Component, Tools } = view;
  const isOpen = useIsInspectorOpen();
  const canInspect = hasProject && view.hasInspector !== false && !view.isWithoutProject;
  const hasBar = hasProject && view.hasFilterBar !== false && !view.isWithoutProject;
  return (
    <>
      {hasBar && (
        <div className="main-bar">
          {Tools && <Tools />}
          <FilterBar />
          {canInspect && (
            <IconToggle
              icon="inspector"
              title={isOpen ? 'Hide the inspector' : 'Show the inspector'}
              keys={keysInWords('app.inspector')}
              isOn={isOpen}
              onChange={toggleInspector}
            />
          )}
        </div>
      )}
      <div className="main-view">
        <ErrorBoundary key={view.id} name={view.title}>
          <Component />
        </ErrorBoundary>
      </div>
      {canInspect && isOpen && (
        <>
          <Splitter
            label="Width of the inspector"
            panel="after"
            width={inspectorWidth}
            min={280}
            max={900}
            initial={344}
            onResize={(width) => change({ inspectorWidth: width })}
          />
          <aside className="main-inspector" style={{ inlineSize: inspectorWidth }} aria-label="Inspector">
            <ErrorBoundary name="The inspector">
              <Inspector />
            </ErrorBoundary>
          </aside>
        </>
      )}
    </>
  );
}
