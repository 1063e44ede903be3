/** Which kinds of staff may do what; a route names one of these lists. */
import type { StaffRole } from '../../bot/store/staff.ts';

export const anyone: readonly StaffRole[] = ['agent', 'editor', 'analyst', 'admin'];
/** Talk with citizens. */
export const agents: readonly StaffRole[] = ['agent', 'admin'];
/** See ratings. */
export const raters: readonly StaffRole[] = ['agent', 'analyst', 'admin'];
