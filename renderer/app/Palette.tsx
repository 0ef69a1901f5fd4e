// The command palette: every command by its words.
import { Command } from 'cmdk';
import { keyCaps, keysOf, type Command as StudioCommand, useAllCommands } from '../lib/commands.ts';
import { Dialog } from '../ui/index.ts';
import { useFrameDialog } from './app-commands.ts';
import { KeyCaps } from './KeyCaps.tsx';

function grouped(commands: readonly StudioCommand[]): [string, StudioCommand[]][] {
  const groups = new Map<string, StudioCommand[]>();
  for (const command of commands) {
    if (command.isHidden || command.isBuiltIn) continue;
    const group = groups.get(command.group);
    if (group) group.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups];
}

export function Palette() {
  const isOpen = useFrameDialog(({ open }) => open === 'palette');
  const commands = useAllCommands();
  const close = () => useFrameDialog.setState({ open: null });
  return (
    <Dialog title="Command palette" isTitleHidden isOpen={isOpen} onClose={close}>
      <Command className="palette" label="Commands" loop>
        <Command.Input autoFocus placeholder="Type a command" />
        <Command.List label="Commands">
          <Command.Empty>No command has these words.</Command.Empty>
          {grouped(commands).map(([group, members]) => (
            <Command.Group key={group} heading={group}>
              {members.map((command) => {
                const keys = keysOf(command)[0];
                return (
                  <Command.Item
                    key={command.id}
                    value={`${group} ${command.title} ${command.id}`}
                    disabled={!(command.when?.() ?? true)}
                    onSelect={() => {
                      close();
                      // After the dialog has given the focus back to where it was.
                      setTimeout(command.run, 0);
                    }}
                  >
                    <span>{command.title}</span>
                    {keys && <KeyCaps caps={keyCaps(keys)} />}
                  </Command.Item>
                );
              })}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
