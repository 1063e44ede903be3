/** Which screens a member of staff has, and which one the address names (`#insights`). */
import type { Me } from './types.ts';

export type Screen = 'desk' | 'work-orders' | 'knowledge' | 'insights' | 'admin';

const screens: readonly { readonly id: Screen; readonly name: string; readonly roles: readonly Me['role'][] }[] = [
  { id: 'desk', name: '接待', roles: ['agent', 'supervisor', 'admin'] },
  { id: 'work-orders', name: '工单', roles: ['agent', 'analyst', 'supervisor', 'admin'] },
  { id: 'knowledge', name: '知识', roles: ['editor', 'supervisor', 'admin'] },
  { id: 'insights', name: '数据', roles: ['analyst', 'supervisor', 'admin'] },
  { id: 'admin', name: '运行', roles: ['supervisor', 'admin'] },
];

export const screensOf = (role: Me['role']) => screens.filter((screen) => screen.roles.includes(role));

/** `#knowledge?question=…`: a screen may be opened with something to begin with. */
export function paramOf(hash: string, name: string): string | null {
  const cut = hash.indexOf('?');
  return cut === -1 ? null : new URLSearchParams(hash.slice(cut + 1)).get(name);
}

/** Where somebody begins, unless it is the first screen they have. */
const home: Partial<Record<Me['role'], Screen>> = { analyst: 'insights' };

/** The screen the address names, if this role has it; else where this role begins. */
export function screenOf(role: Me['role'], hash: string): Screen {
  const mine = screensOf(role);
  return mine.find((screen) => `#${screen.id}` === hash.split('?')[0])?.id ?? home[role] ?? mine[0]?.id ?? 'desk';
}
