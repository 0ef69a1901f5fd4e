// ONE registry of commands. The palette, the shortcuts, the cheat sheet and the native menu all read it.
// Single keys act only while a list, map or review has the focus, never while typing or composing (WCAG 2.1.4).
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { remember, remembered } from './storage.ts';

export interface Command {
  /** `area.verb`, stable: menu items and remapped keys name it. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and the cheat sheet. */
  readonly group: string;
  /** Defaults, such as `Mod+K`, `Shift+Space`, `R`, `G C` (one after the other). Mod = Ctrl, on a Mac Cmd. */
  readonly keys?: readonly string[];
  /** False: not now (greyed out of the palette, keys do nothing). */
  readonly when?: () => boolean;
  readonly run: () => void;
  /** Single keys act wherever nothing is typed, not only in lists: going to another view, help. They can be remapped. */
  readonly isEverywhere?: boolean;
  /** A key held down runs it again and again: moving the cursor. All else runs once per press. */
  readonly isRepeating?: boolean;
  /** Not listed in the palette (it needs no words, such as moving the cursor). */
  readonly isHidden?: boolean;
  /** Shown in the cheat sheet only: the widget itself handles the keys. */
  readonly isBuiltIn?: boolean;
}

/** Put on the element of a list, a map or a review: `<div {...listScope}>`. */
export const listScope = { 'data-keys': 'list' } as const;

const isMac = /mac/i.test(globalThis.navigator?.platform ?? '');

// --- the registry ------------------------------------------------------------------------------------------------

interface Registration {
  readonly commands: readonly Command[];
  readonly rank: number;
}

/** Higher ranks come first: what came on the screen last wins over the app's commands with the same keys. */
let registrations: readonly Registration[] = [];
let lastRank = 0;
let remapped: Readonly<Record<string, readonly string[]>> = remembered('keys', {});
const listeners = new Set<() => void>();
let snapshot: readonly Command[] = [];

function changed(): void {
  const seen = new Set<string>();
  snapshot = registrations
    .flatMap(({ commands }) => commands)
    .filter((command) => !seen.has(command.id) && seen.add(command.id));
  for (const listener of listeners) listener();
}

/** A place in the order of precedence, before those given out earlier. */
function nextRank(): number {
  return ++lastRank;
}

/** Adds commands; returns the function that takes them out again. Without a rank they come first. */
export function registerCommands(commands: readonly Command[], rank = nextRank()): () => void {
  const mine: Registration = { commands, rank };
  registrations = [mine, ...registrations].sort((a, b) => b.rank - a.rank);
  changed();
  return () => {
    registrations = registrations.filter((other) => other !== mine);
    changed();
  };
}

export function allCommands(): readonly Command[] {
  return snapshot;
}

function subscribeCommands(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The keys that run a command now: remapped ones, else its defaults. */
export function keysOf(command: Pick<Command, 'id' | 'keys'>): readonly string[] {
  return remapped[command.id] ?? command.keys ?? [];
}

/** Gives a command other keys and remembers them; null = its defaults again. */
export function remapCommand(id: string, keys: readonly string[] | null): void {
  const { [id]: _, ...others } = remapped;
  remapped = keys === null ? others : { ...others, [id]: keys };
  remember('keys', remapped);
  changed();
}

export function isRemapped(id: string): boolean {
  return id in remapped;
}

/** Runs a command by its id (menu, palette). False = unknown or not possible now. */
export function runCommand(id: string): boolean {
  const command = snapshot.find((known) => known.id === id);
  if (!command || command.isBuiltIn || !(command.when?.() ?? true)) return false;
  command.run();
  return true;
}

// --- keys --------------------------------------------------------------------------------------------------------

const codeNames: Readonly<Record<string, string>> = { ' ': 'Space', Esc: 'Escape', '+': 'Plus' };

/**
 * A key press in the words of `Command.keys`. Letters are upper case; Shift is named only where it makes no other
 * character (`Shift+Space`, `Shift+L`, but `?`). On layouts without Latin letters the key's place counts.
 */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  let key = codeNames[event.key] ?? event.key;
  const isNonLatin = [...key].length === 1 && (key.codePointAt(0) ?? 0) > 0x7f;
  if (isNonLatin || event.altKey) {
    const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code);
    if (place) key = place[1] ?? place[2] ?? key;
  }
  const isLetter = /^[a-z]$/i.test(key);
  if (isLetter) key = key.toUpperCase();
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  const namesShift = event.shiftKey && (isLetter || key.length > 1);
  return `${isMod ? 'Mod+' : ''}${isMac && event.ctrlKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${namesShift ? 'Shift+' : ''}${key}`;
}

/** True for keys that need no focus on a list: with Mod or Alt, and the function keys. */
function worksEverywhere(keys: string): boolean {
  return /^(?:Mod|Ctrl|Alt)\+/.test(keys) || /^(?:Shift\+)?F\d+$/.test(keys);
}

const typingTypes = new Set(['text', 'search', 'number', 'url', 'email', 'password', 'tel', 'date', 'time']);

export interface KeyPlace {
  /** Text is being typed here. */
  readonly isTyping: boolean;
  /** The text has several lines: Ctrl+Enter is its own, to send it. */
  readonly isTextArea?: boolean;
  /** The focus is inside a list, a map or a review. */
  readonly isInList: boolean;
  /** The focus is on a control that Space and Enter press. */
  readonly isOnControl: boolean;
  /** A dialog, menu or the like is open around the focus: the view's keys rest. */
  readonly isInOverlay: boolean;
}

/** Where a key press lands, for `mayRun`. */
function keyPlaceOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof Element)) {
    return { isTyping: false, isInList: false, isOnControl: false, isInOverlay: false };
  }
  const isTyping =
    (target instanceof HTMLInputElement && typingTypes.has(target.type)) ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable);
  return {
    isTyping,
    isTextArea: target instanceof HTMLTextAreaElement,
    isInList: target.closest('[data-keys=list]') !== null,
    isOnControl:
      target.closest(
        'button,a[href],select,input,[role=button],[role=option],[role=slider],[role=tab],[role=radio]',
      ) !== null,
    isInOverlay: target.closest('[role=dialog],[role=menu],[role=listbox],[role=alertdialog]') !== null,
  };
}

/** Text keys that a field needs for itself, also with Mod. */
const editingKeys = new Set(['Mod+A', 'Mod+C', 'Mod+V', 'Mod+X', 'Mod+Z', 'Mod+Shift+Z', 'Mod+Y']);

/** Whether `keys` may run a command at this place. */
export function mayRun(keys: string, place: KeyPlace): boolean {
  if (place.isTyping && editingKeys.has(keys)) return false;
  if (place.isTextArea && keys === 'Mod+Enter') return false;
  if (worksEverywhere(keys)) return !place.isInOverlay || keys === 'Mod+K';
  if (place.isTyping || place.isInOverlay || !place.isInList) return false;
  return !(place.isOnControl && (keys === 'Space' || keys === 'Enter'));
}

const SEQUENCE_MS = 1200;
let begun = '';
let begunAt = 0;

/**
 * The command that a press of `keys` runs, `waiting` when it begins a sequence such as `G C`, `held` when the key was
 * not let go since it ran one, or null. `now` in milliseconds; `isHeld` for the presses a held key makes by itself.
 */
export function commandFor(
  keys: string,
  place: KeyPlace,
  now: number,
  isHeld = false,
): Command | 'waiting' | 'held' | null {
  const found = commandOfPress(keys, place, now);
  return isHeld && found !== null && found !== 'waiting' && !found.isRepeating ? 'held' : found;
}

function commandOfPress(keys: string, place: KeyPlace, now: number): Command | 'waiting' | null {
  const isInScope = mayRun(keys, place);
  if (!isInScope && (place.isTyping || place.isInOverlay)) return null;
  const sequence = begun !== '' && now - begunAt <= SEQUENCE_MS ? `${begun} ${keys}` : null;
  begun = '';
  const possible = snapshot.filter(
    (command) => (isInScope || command.isEverywhere) && !command.isBuiltIn && (command.when?.() ?? true),
  );
  const find = (wanted: string) => possible.find((command) => keysOf(command).includes(wanted));
  const bySequence = sequence === null ? undefined : find(sequence);
  if (bySequence) return bySequence;
  if (possible.some((command) => keysOf(command).some((known) => known.startsWith(`${keys} `)))) {
    begun = keys;
    begunAt = now;
    return 'waiting';
  }
  return find(keys) ?? null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented || event.keyCode === 229) return;
  if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
  const command = commandFor(keyName(event), keyPlaceOf(event.target), performance.now(), event.repeat);
  if (command === null) return;
  event.preventDefault();
  event.stopPropagation();
  if (typeof command !== 'string') command.run();
}

/** Listens to the window's keys. Returns the function that stops it. */
export function listenToKeys(): () => void {
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}

// --- words -------------------------------------------------------------------------------------------------------

const pcWords: Readonly<Record<string, string>> = { Mod: 'Ctrl' };
const macWords: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' };
const keyWords: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Plus: '+',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Delete: 'Del',
};

/** `Mod+Shift+Z` -> [['Ctrl', 'Shift', 'Z']]: presses one after the other, each a list of key caps. */
export function keyCaps(keys: string): string[][] {
  return keys
    .split(' ')
    .map((press) =>
      press.split('+').map((part) => (isMac ? macWords[part] : pcWords[part]) ?? keyWords[part] ?? part),
    );
}

/** For tooltips: `Ctrl Shift Z`, `G then C`; empty when the command has no keys. */
export function keysInWords(commandId: string): string {
  const command = snapshot.find((known) => known.id === commandId);
  const keys = command && keysOf(command)[0];
  return keys
    ? keyCaps(keys)
        .map((caps) => caps.join(isMac ? '' : ' '))
        .join(' then ')
    : '';
}

// --- React -------------------------------------------------------------------------------------------------------

/** All commands now, for the palette and the cheat sheet. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribeCommands, allCommands);
}

/** Registers a component's commands while it is on the screen. The newest closures run. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  // Kept while mounted: commands that are registered anew, because their titles changed, do not overtake a view's.
  const [rank] = useState(nextRank);
  const shape = commands
    .map((command) => `${command.id}\t${command.title}\t${command.keys?.join(',')}`)
    .join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: registered anew only when ids, titles or keys change
  useEffect(
    () =>
      registerCommands(
        latest.current.map((command) => {
          const now = () => latest.current.find((other) => other.id === command.id) ?? command;
          return { ...command, run: () => now().run(), when: () => now().when?.() ?? true };
        }),
        rank,
      ),
    [shape],
  );
}
