import { describe, expect, it, vi } from 'vitest';
import {
  allCommands,
  commandFor,
  type KeyPlace,
  keyName,
  keysOf,
  mayRun,
  registerCommands,
  remapCommand,
  runCommand,
} from './commands.ts';

const list: KeyPlace = { isTyping: false, isInList: true, isOnControl: false, isInOverlay: false };
const elsewhere: KeyPlace = { ...list, isInList: false };
const typing: KeyPlace = { ...list, isTyping: true };

function press(key: string, modifiers: Partial<KeyboardEvent> = {}) {
  return keyName({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...modifiers,
  });
}

describe('a key that is held down', () => {
  it('decides one clip only, but goes on moving the cursor', () => {
    const remove = registerCommands([
      { id: 'test.keep', title: 'Keep', group: 'Test', keys: ['Enter'], run: () => undefined },
      { id: 'test.down', title: 'Down', group: 'Test', keys: ['J'], isRepeating: true, run: () => undefined },
    ]);
    expect(commandFor('Enter', list, 0)).toMatchObject({ id: 'test.keep' });
    expect(commandFor('Enter', list, 500, true)).toBe('held');
    expect(commandFor('J', list, 500, true)).toMatchObject({ id: 'test.down' });
    remove();
  });
});

describe('names of keys', () => {
  it('names letters in upper case and Shift only where it makes no other character', () => {
    expect(press('r')).toBe('R');
    expect(press('R', { shiftKey: true })).toBe('Shift+R');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press(' ', { shiftKey: true })).toBe('Shift+Space');
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('Mod+Shift+Z');
  });

  it('takes the place of the key on a layout without Latin letters', () => {
    expect(press('ق', { code: 'KeyR' })).toBe('R');
    expect(press('۳', { code: 'Digit3' })).toBe('3');
  });
});

describe('where keys act', () => {
  it('lets single keys act in a list only', () => {
    expect(mayRun('R', list)).toBe(true);
    expect(mayRun('R', elsewhere)).toBe(false);
    expect(mayRun('R', typing)).toBe(false);
    expect(mayRun('R', { ...list, isInOverlay: true })).toBe(false);
  });

  it('lets shortcuts with Ctrl act everywhere, but leaves a text field its own undo', () => {
    expect(mayRun('Mod+Z', elsewhere)).toBe(true);
    expect(mayRun('Mod+Z', typing)).toBe(false);
    expect(mayRun('Mod+K', typing)).toBe(true);
  });

  it('leaves Ctrl+Enter to a text of several lines, which it saves', () => {
    expect(mayRun('Mod+Enter', { ...typing, isTextArea: true })).toBe(false);
    expect(mayRun('Mod+Enter', typing)).toBe(true);
  });

  it('leaves Space and Enter to a button that has the focus', () => {
    expect(mayRun('Space', { ...list, isOnControl: true })).toBe(false);
    expect(mayRun('R', { ...list, isOnControl: true })).toBe(true);
  });
});

describe('the registry', () => {
  it('runs the command registered last when two have the same keys, and the first again after that one left', () => {
    const app = { id: 'test.a', title: 'A', group: 'T', keys: ['A'], run: () => {} };
    const view = { id: 'test.b', title: 'B', group: 'T', keys: ['A'], run: () => {} };
    const leaveApp = registerCommands([app]);
    const leaveView = registerCommands([view]);
    expect(commandFor('A', list, 0)).toBe(view);
    leaveView();
    expect(commandFor('A', list, 0)).toBe(app);
    leaveApp();
    expect(commandFor('A', list, 0)).toBeNull();
  });

  it('skips a command that is not possible now, for keys and for the menu', () => {
    const run = vi.fn();
    const leave = registerCommands([
      { id: 'test.c', title: 'C', group: 'T', keys: ['C'], when: () => false, run },
    ]);
    expect(commandFor('C', list, 0)).toBeNull();
    expect(runCommand('test.c')).toBe(false);
    expect(run).not.toHaveBeenCalled();
    leave();
  });

  it('understands keys pressed one after the other, within a moment', () => {
    const go = { id: 'test.go', title: 'Go', group: 'T', keys: ['G C'], run: () => {} };
    const leave = registerCommands([go]);
    expect(commandFor('G', list, 1000)).toBe('waiting');
    expect(commandFor('C', list, 1500)).toBe(go);
    expect(commandFor('G', list, 2000)).toBe('waiting');
    expect(commandFor('C', list, 9000)).toBeNull();
    leave();
  });

  it('runs a remapped command by its new keys only', () => {
    const command = { id: 'test.d', title: 'D', group: 'T', keys: ['D'], run: () => {} };
    const leave = registerCommands([command]);
    remapCommand('test.d', ['Shift+D']);
    expect(keysOf(command)).toEqual(['Shift+D']);
    expect(commandFor('D', list, 0)).toBeNull();
    expect(commandFor('Shift+D', list, 0)).toBe(command);
    remapCommand('test.d', null);
    expect(commandFor('D', list, 0)).toBe(command);
    leave();
    expect(allCommands()).toEqual([]);
  });
});
