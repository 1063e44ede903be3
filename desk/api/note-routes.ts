/** Notes that colleagues leave on a conversation; the citizen never sees them. */
import { z } from 'zod';
import { addNote, listNotes, type Note } from '../../bot/store/notes.ts';
import { noteSchema } from './answers.ts';
import { looksAt } from './looks.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema, writeNoteSchema } from './schemas.ts';
import { visibleConversation } from './visible.ts';

const params = z.object({ id: conversationIdSchema });
const unknown = { 404: ['unknown_conversation'] };
const noteView = ({ id, staff, text, createdAt }: Note) => ({ id, staff, text, createdAt: new Date(createdAt).toISOString() });

export function noteRoutes({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>): Route[] {
  const looks = looksAt({ database, now });
  const at = { path: '/conversations/{id}/notes', roles: agents, params, errors: unknown };
  return [
    route(
      { method: 'get', ...at, summary: 'Notes of colleagues, oldest first', response: z.array(noteSchema) },
      async ({ params: { id }, staff }) => {
        await visibleConversation(database.db, id);
        await looks(staff.name, 'notes', id);
        return (await listNotes(database.db, id)).map(noteView);
      },
    ),
    route(
      { method: 'post', ...at, summary: 'Leave a note for colleagues', body: writeNoteSchema, response: noteSchema },
      async ({ params: { id }, body: { text }, staff }) => {
        await visibleConversation(database.db, id);
        await looks(staff.name, 'add_note', id);
        return noteView(await addNote(database.db, { conversationId: id, staff: staff.name, text }, now()));
      },
    ),
  ];
}
